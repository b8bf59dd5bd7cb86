import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createApp } from '#api/app.ts';
import { catalogueOf } from '#pipeline/catalogue.ts';
import { deskOf } from '#pipeline/desk.ts';
import { createToken } from '#store/access/tokens.ts';
import { alias, server } from '#store/tables/servers.ts';
import { recordVisit } from '#store/visit/enumerations.ts';
import { HOSTILE_NAMES } from '../recommend/sample.ts';
import { onEveryDatabase } from '../support/stores.ts';
import { fuzz } from './fuzzing.ts';
import { HOSTILE_SLUGS } from './sample.ts';

const NOW = new Date('2026-11-21T00:00:00Z');
/** On each of two databases. */
const RUNS = 10_000;

onEveryDatabase('the whole API', (fresh) => {
  test('ten thousand requests are answered as its document says, and nothing leaks', async () => {
    await using store = await fresh();
    const { db } = store;
    const seen = { firstSeen: NOW, lastSeen: NOW, enumerateDue: NOW, remotes: [] };
    const context = { args: [], envNames: [], sandbox: 's', profile: 'p' };
    for (const [at, slug] of [...HOSTILE_SLUGS, 'example/files'].entries()) {
      const id = slug === 'example/files' ? 'srv_main' : `srv_h${at}`;
      await db.insert(server).values({ id, slug, name: slug, packages: [{ purl: `pkg:npm/p${at}` }], ...seen });
      await db
        .insert(alias)
        .values({ address: `purl:pkg:npm/p${at}`, kind: 'purl', key: `pkg:npm/p${at}`, serverId: id, since: NOW });
      const tools = HOSTILE_NAMES.map((name) => ({ name, description: `about ${name}` }));
      const enumeration = {
        outcome: 'listed' as const,
        wants: [],
        tools,
        rejections: [],
        attempts: [],
        context,
        ms: 1,
      };
      await recordVisit(db, { serverId: id, at: NOW, sandbox: 's', enumeration, staticTools: [], due: NOW });
    }
    const { text } = await createToken(db, { name: 'fuzz', scopes: ['scan', 'dispute'], scansPerDay: 200 }, NOW);
    const failures: string[] = [];
    const app = createApp(catalogueOf(db), {
      desk: deskOf({ db, now: () => NOW, blocked: new Map() }),
      cacheBytes: 2e6,
      onFailure: (error, path) => failures.push(`${path}: ${error.stack}`),
    });
    const counts = await fuzz(app, { runs: RUNS, tokens: [text], failures });
    process.stdout.write(`${JSON.stringify(Object.fromEntries(counts))}\n`);
    expect(counts.get(200)).toBeGreaterThan(RUNS / 10);
    expect(existsSync('/tmp/plimsoll-fuzzed')).toBe(false);
  });
});
