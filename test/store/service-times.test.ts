import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Store } from '#store/engine/open.ts';
import { recordVisit } from '#store/visit/enumerations.ts';
import { serviceTimes } from '#store/visit/service-times.ts';
import { onEveryDatabase } from '../support/stores.ts';

const day = (number: number) => new Date(Date.UTC(2026, 10, number));

onEveryDatabase('what visits took', (fresh) => {
  let store: Store;
  beforeAll(async () => {
    store = await fresh();
  });
  afterAll(() => store[Symbol.asyncDispose]());

  async function visit(serverId: string, at: Date, version: string, starts: readonly number[], ms: number) {
    const purl = `pkg:npm/${serverId}`;
    const context = { args: [], envNames: [], sandbox: 's', profile: 'p' };
    await recordVisit(store.db, {
      ...{ serverId, sandbox: 's', at, due: at, asked: [`${purl} ${version}`], staticTools: [] },
      artefact: { purl, name: serverId, version, integrity: `sha512-${version}` },
      enumeration: {
        ...{ outcome: 'listed', wants: [], rejections: [], ms, tools: [{ name: 'a' }, { name: 'b' }] },
        attempts: starts.map((one) => ({ rung: 'S0', context, outcome: 'listed', ms: one })),
      },
    });
  }

  test('is the average of all, installs told apart by versions that are met for the first time', async () => {
    expect(await serviceTimes(store.db, day(1))).toBeUndefined();
    await visit('a', day(1), '1', [100, 300], 1400);
    await visit('a', day(8), '1', [100], 110);
    await visit('a', day(10), '2', [200], 700);
    await visit('b', day(10), '1', [], 50);
    expect(await serviceTimes(store.db, day(1))).toEqual({
      ...{ visits: 4, starts: 1, ms: 565, startsMs: 175, tools: 2 },
      // 1,000 ms, 500 ms and 50 ms.
      ...{ installs: 3, installMs: 1550 / 3 },
      ...{ compared: 2, changed: 1, daysBetween: 9 },
    });
    expect(await serviceTimes(store.db, day(9))).toMatchObject({ visits: 2, compared: 1, changed: 1, daysBetween: 2 });
    expect(await serviceTimes(store.db, day(11))).toBeUndefined();
  });
});
