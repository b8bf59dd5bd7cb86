import { PGlite } from '@electric-sql/pglite';
import { describe, expect, test } from 'vitest';
import { migrate, migrations, stepsGone } from '#store/engine/migrations.ts';
import { bareStore, type Store } from '#store/engine/open.ts';
import { lost, values } from '../support/kept.ts';
import { fillTables } from '../support/rows.ts';
import { emptyPostgres, postgresAnswers } from '../support/stores.ts';

const known = migrations();
const ENGINES: Readonly<Record<string, () => Promise<Store>>> = {
  'the embedded database': async () => bareStore(await PGlite.create()),
  ...(postgresAnswers && { PostgreSQL: emptyPostgres }),
};

describe.each(Object.entries(ENGINES))('on %s', (_, empty) => {
  test.each(known.map(({ name }, at) => [name, at + 1] as const))(
    'a catalogue of %s goes to the newest',
    async (_, at) => {
      await using store = await empty();
      await migrate(store.db, known, at);
      await fillTables(store.db);
      const before = await values(store);
      await migrate(store.db, known);
      expect(await stepsGone(store.db, known)).toBe(known.length);
      expect(lost(before, await values(store))).toEqual([]);
    },
  );
});
