import { asc } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findServer } from '#store/catalogue/catalogue.ts';
import type { Store } from '#store/engine/open.ts';
import * as serverTables from '#store/tables/servers.ts';
import { enumeration } from '#store/tables/visits.ts';
import { recordVisit } from '#store/visit/enumerations.ts';
import { onEveryDatabase } from '../support/stores.ts';

const NOW = new Date('2026-11-01T00:00:00Z');
const SERVERS = 12;
const TOOLS = 40;

onEveryDatabase('visits that are stored at the same time', (fresh) => {
  let store: Store;
  beforeAll(async () => {
    store = await fresh();
    await store.db.insert(serverTables.server).values(
      Array.from({ length: SERVERS }, (_, at) => ({
        ...{ id: `npm:${at}`, slug: `s/${at}`, name: `s${at}`, packages: [], remotes: [] },
        ...{ firstSeen: NOW, lastSeen: NOW, enumerateDue: NOW },
      })),
    );
  });
  afterAll(() => store[Symbol.asyncDispose]());

  test('bring the same definitions in any order, and appear in the order of their numbers', async () => {
    const { db } = store;
    let underWay = true;
    const seen: number[][] = [];
    const watching = (async () => {
      while (underWay)
        seen.push(
          (await db.select({ id: enumeration.id }).from(enumeration).orderBy(asc(enumeration.id))).map(({ id }) => id),
        );
    })();
    const stored = Promise.all(
      Array.from({ length: SERVERS }, (_, server) => {
        const tools = Array.from({ length: TOOLS }, (_, at) => ({ name: `t${(at * 7 + server * 11) % TOOLS}` }));
        return recordVisit(db, {
          ...{ serverId: `npm:${server}`, at: NOW, sandbox: 'bubblewrap', staticTools: [], due: NOW },
          enumeration: { outcome: 'listed', wants: [], tools, rejections: [], attempts: [], ms: 1 },
        });
      }),
    ).finally(() => {
      underWay = false;
    });
    expect(await stored).toEqual(Array(SERVERS).fill(TOOLS));
    await watching;
    // Whoever has seen a number has seen all before it: the feed of changes goes on from the last.
    for (const ids of seen) expect(ids).toEqual(Array.from(ids, (_, at) => at + 1));
    expect(seen.at(-1)).not.toHaveLength(0);
    for (let at = 0; at < SERVERS; at++) expect((await findServer(db, `s/${at}`))!.server.tools).toHaveLength(TOOLS);
  });
});
