// Begins to bring a catalogue into a database and never goes on: `bring-slowly.ts DATABASE`, with settings in the environment.
import { readSettings } from '#config.ts';
import { openEnd } from '#pipeline/database/end.ts';
import { migrations } from '#store/engine/migrations.ts';
import { bring } from '#store/keeping/bring.ts';

await using end = await openEnd(process.argv[2], readSettings(process.env), 'write');
const table = { name: 'fact', columns: ['key', 'value'].map((name) => ({ name, type: 'text' })) };
await bring(
  {
    steps: migrations().length,
    tables: [table],
    sequences: [],
    size: 2,
    async *pages() {
      yield { table, rows: [['half', 'way']] };
      process.stdout.write('half way\n');
      setInterval(() => {}, 1000);
      await new Promise(() => {});
    },
    totals: () => Promise.reject(new Error('not reached')),
  },
  end.store,
  { what: 'a slow copy' },
);
