import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSettings } from '#config.ts';
import { loadRules } from '#pipeline/corrected.ts';
import { liveBench } from '#pipeline/judge.ts';
import { classifyServer } from '#pipeline/verdicts.ts';
import { findServer } from '#store/catalogue/catalogue.ts';
import type { Store } from '#store/engine/open.ts';
import { server } from '#store/tables/servers.ts';
import { recordVisit } from '#store/visit/enumerations.ts';
import { serversToClassify } from '#store/visit/servers.ts';
import { serveLlm } from '../support/llm.ts';
import { onEveryDatabase } from '../support/stores.ts';

const T0 = new Date('2026-11-21T00:00:00Z');
/** More than two questions hold: twenty-five each. */
const TOOLS = Array.from({ length: 60 }, (_, n) => ({ name: `tool_${n}`, description: `Returns the ${n}th thing.` }));

onEveryDatabase('what the judge answered', (fresh) => {
  let store: Store;
  beforeAll(async () => {
    store = await fresh();
    const row = { id: 'npm:many', slug: 'many', name: 'many', packages: [], remotes: [] };
    await store.db.insert(server).values({ ...row, firstSeen: T0, lastSeen: T0, enumerateDue: T0 });
    const context = { args: [], envNames: [], sandbox: 's', profile: 'p' };
    const enumeration = {
      outcome: 'listed' as const,
      wants: [],
      tools: TOOLS,
      rejections: [],
      attempts: [],
      context,
      ms: 1,
    };
    await recordVisit(store.db, {
      ...{ serverId: 'npm:many', at: T0, sandbox: 's', enumeration, staticTools: [], due: T0 },
    } as never);
  });
  afterAll(() => store[Symbol.asyncDispose]());

  test('is kept before the next is asked: a worker that dies in the third question leaves that one to be asked again', async () => {
    const dies = new AbortController();
    await using llm = await serveLlm({
      reply(_, nth) {
        if (nth === 3) dies.abort(new Error('killed'));
        return {};
      },
    });
    const settings = readSettings({ PLIMSOLL_LLM_URL: llm.url, PLIMSOLL_LLM_KEY: 'k', PLIMSOLL_LLM_MODEL: 'm' });
    const assessor = await loadRules();
    const classify = (stop: AbortSignal) => {
      const { judge } = liveBench(settings, true, { retries: 0 });
      return classifyServer(store.db, { assessor, judge }, 'npm:many', T0, stop);
    };
    const judged = async () =>
      (await findServer(store.db, 'npm:many'))!.server.tools.filter(({ assessment }) => assessment?.model === 'm')
        .length;

    await expect(classify(dies.signal)).rejects.toThrow('killed');
    expect(llm.asked.map(({ tools }) => tools.length)).toEqual([25, 25, 10]);
    expect(await judged()).toBe(50);
    expect(await serversToClassify(store.db, T0, 9)).toEqual(['npm:many']);

    const came = await classify(new AbortController().signal);
    expect(came).toMatchObject({ assessed: 10, heard: 10, postponed: false, faults: [] });
    expect(llm.asked.slice(3).map(({ tools }) => tools.length)).toEqual([10]);
    expect([await judged(), await serversToClassify(store.db, T0, 9)]).toEqual([60, []]);
  });
});
