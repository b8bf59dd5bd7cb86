import { getTableName, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { definitionFingerprint, siblingsHash } from '#core/definition.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import type { Risk } from '#domain/verdict.ts';
import { catalogueOf } from '#pipeline/catalogue.ts';
import { historyOf } from '#store/catalogue/history.ts';
import { wholeServersById } from '#store/catalogue/whole.ts';
import type { Store } from '#store/engine/open.ts';
import { prune } from '#store/keeping/prune.ts';
import { CHANGES_KEPT, RULES, VERDICTS_KEPT, VISITS_KEPT } from '#store/keeping/rules.ts';
import { finishRun, startRun } from '#store/night/runs.ts';
import { alarm } from '#store/tables/alarms.ts';
import { scanRequest } from '#store/tables/requests.ts';
import { judgeSpending } from '#store/tables/runs.ts';
import { server, sighting } from '#store/tables/servers.ts';
import { assessment } from '#store/tables/tools.ts';
import { artefact, launch, storedTree } from '#store/tables/visits.ts';
import { recordAssessments } from '#store/verdict/assessments.ts';
import { recordVisit } from '#store/visit/enumerations.ts';
import { onEveryDatabase } from '../support/stores.ts';

const NOW = new Date('2026-11-21T00:00:00Z');
const ago = (days: number) => new Date(NOW.getTime() - days * 86_400_000);
const stop = new AbortController().signal;
const IDS = ['busy', 'calm', 'dead'];
/** One of which a verdict turns more often than is kept. */
const MOODY = 'moody';
/** Changes of the busy server: more than are kept. */
const CHANGES = CHANGES_KEPT + 20;

onEveryDatabase('pruning', (fresh) => {
  let store: Store;

  async function visit(id: string, days: number, names: readonly string[], risk?: Risk): Promise<void> {
    const { db } = store;
    const at = ago(days);
    const tools = names.map((name): ToolDefinition => ({ name, description: `${id} ${name}` }));
    const context = { args: [], envNames: [], sandbox: 's', profile: 'p' };
    const outcome = names.length > 0 ? ('listed' as const) : ('failed' as const);
    const attempts = [{ rung: 'S0' as const, context, outcome: 'listed' as const, stderr: 'x'.repeat(500), ms: 1 }];
    const enumeration = { outcome, wants: [], tools, rejections: [], attempts, context, ms: 1 };
    const version = `1.0.${CHANGES - days}`;
    const package_ = { purl: `pkg:npm/${id}@${version}`, name: id, version, integrity: `sha512-${days}` };
    const launched = {
      resolver: 'npm',
      artefact: package_,
      runtime: 'node' as const,
      tree: '/',
      entry: version,
      args: [],
      inputs: [],
    };
    await recordVisit(db, {
      serverId: id,
      at,
      sandbox: 's',
      artefact: package_,
      launch: launched,
      enumeration,
      staticTools: [],
      due: at,
    });
    if (!risk) return;
    await recordAssessments(
      db,
      id,
      tools.map((tool) => ({
        ...{ fingerprint: definitionFingerprint(tool), siblings: siblingsHash(names), prompt: '', model: '' },
        ...{ rules: `r${days}`, assessedAt: at },
        verdict: { category: 'Read', access: 'read', risk, confidence: 0.9, evidence: [], facets: {} },
      })),
      at,
    );
  }

  const rows = async () => {
    const found: Record<string, number> = {};
    for (const table of new Set(RULES.map((rule) => rule.table)))
      found[getTableName(table)] = await store.db.$count(table);
    return found;
  };

  /** All that is asked of a catalogue about how things are, and what its pages tell of the past. */
  async function answers(): Promise<unknown> {
    const { db } = store;
    const catalogue = catalogueOf(db);
    const until = await catalogue.newestRevision();
    const feed: unknown[] = [];
    for await (const line of catalogue.revised({ after: 0, until })) feed.push(line);
    return {
      servers: await wholeServersById(db, IDS),
      found: await Promise.all(IDS.map((id) => catalogue.find(id))),
      tools: await catalogue.tools({ limit: 100 }),
      search: await catalogue.tools({ text: 'read', limit: 100 }),
      history: [...(await historyOf(db, IDS, CHANGES_KEPT))],
      feed,
      stamp: await catalogue.stamp(),
      listings: await db.select().from(sighting).where(sql`superseded_at is null`),
    };
  }

  beforeAll(async () => {
    store = await fresh();
    const { db } = store;
    const times = { firstSeen: ago(900), lastSeen: ago(900), enumerateDue: NOW };
    await db.insert(server).values(
      [...IDS, MOODY].map((id) => ({
        id,
        slug: id,
        name: id,
        packages: [{ purl: `pkg:npm/${id}` }],
        remotes: [],
        ...times,
      })),
    );
    // One tool comes and goes all the time, and one verdict turns; the calm one says the same for years; one is dead.
    for (let at = 0; at < CHANGES; at++) {
      await visit('busy', 800 - at, ['stays', `tool${at}`], at % 10 === 9 ? 'low' : undefined);
      if (at % 5 === 0)
        await visit('calm', 800 - at, ['read', 'write'], Math.floor(at / 25) % 2 === 0 ? 'low' : 'high');
      if (at % 5 === 0) await visit(MOODY, 800 - at, ['turns'], at % 10 === 0 ? 'low' : 'high');
      if (at % 5 === 0) await visit('dead', 800 - at, at === 0 ? ['was'] : [], at === 0 ? 'low' : undefined);
    }
    const paid = definitionFingerprint({ name: 'read', description: 'calm read' });
    // What a judge was paid for, of which the rules said the same since.
    const [one] = await db.select().from(assessment).where(sql`fingerprint = ${paid}`).limit(1);
    await db.insert(assessment).values({ ...one!, model: 'gpt', prompt: 'p', assessedAt: ago(850) });
    const said = {
      source: 's',
      serverId: 'calm',
      data: { source: 's', listing: 'l', name: 'calm', packages: [], remotes: [] } as never,
      firstSeen: ago(800),
    };
    for (let at = 0; at < 20; at++)
      await db
        .insert(sighting)
        .values({ ...said, listing: 'l', hash: `${at}`, ...(at < 19 && { supersededAt: ago(700 - at) }) });
    for (let at = 0; at < 60; at++) {
      const run = await startRun(db, 'nightly', {}, ago(500 - at));
      await finishRun(db, run, {}, ago(500 - at));
      await db.insert(judgeSpending).values({ runId: run, requests: 1, tokens: 1, dollars: 1 });
    }
    await db
      .insert(scanRequest)
      .values({ tokenId: 1, address: 'purl:pkg:npm/x', askedAt: ago(400), takenAt: ago(399) });
    await db.insert(scanRequest).values({ tokenId: 1, address: 'purl:pkg:npm/y', askedAt: ago(400) });
    const told = { kind: 'night', subject: 'x', detail: '', since: ago(300), tries: 0 };
    await db.insert(alarm).values([{ ...told, overAt: ago(299) }, told] as never);
    await db.insert(storedTree).values({ key: 'k', sha256: 'x', bytes: 1, unpacked: 1, storedAt: ago(300) });
    const old = {
      hash: 'unused',
      resolver: 'npm',
      purl: 'pkg:npm/x',
      version: '0',
      integrity: 'i',
      entry: 'e',
      args: [],
      inputs: [],
    };
    await db.insert(launch).values({ serverId: 'calm', ...old, createdAt: ago(900) });
    const seen = { name: 'calm', integrity: 'i', firstSeen: ago(901) };
    await db.insert(artefact).values([
      { purl: 'pkg:npm/calm@1.0.1', version: '0.0.1', ...seen },
      { purl: 'pkg:npm/calm@1.0.1', version: '0.0.2', ...seen, firstSeen: ago(900) },
      { purl: 'pkg:npm/calm@1.0.1', version: '0.0.0', ...seen, bears: ['io.github/x'] },
    ]);
  }, 120_000);
  afterAll(() => store[Symbol.asyncDispose]());

  test('takes nothing that is young, whatever there is', async () => {
    const before = await rows();
    const pruned = await prune(store, { days: 2000, now: NOW, stop });
    expect(pruned.reduce((sum, one) => sum + one.rows, 0)).toBe(0);
    expect(await rows()).toEqual(before);
  });

  test('takes what is old and leaves every answer as it was', async () => {
    const [before, told] = [await rows(), await answers()];
    const earlier = async () => (await wholeServersById(store.db, [MOODY]))[0]!.tools[0]!.earlier!;
    const turns = await earlier();
    const pruned = await prune(store, { days: 90, now: NOW, stop });
    const after = await rows();
    expect(await answers()).toEqual(told);
    for (const { what, rows: gone } of pruned) if (!/^marks/.test(what)) expect(gone, what).toBeGreaterThan(0);

    // Bounded, whatever came before: tools of the first list, of the changes that are kept, and of now.
    expect(before.presence).toBe(CHANGES + 1 + 2 + 1 + 1);
    expect(after.presence).toBeLessThanOrEqual(CHANGES_KEPT + 7);
    expect(after.enumeration).toBeLessThanOrEqual(CHANGES_KEPT + 3 * VISITS_KEPT + 10);
    expect(after.attempt).toBeLessThanOrEqual(2 * (IDS.length + 1));
    expect(after).toMatchObject({ run: 50, judge_spending: 50, scan_request: 1, alarm: 1, stored_tree: 0 });
    // Ten earlier versions of the listing, and the one that holds.
    expect(after.sighting).toBe(11);
    // What a judge was paid for is not asked for again.
    expect(await store.db.$count(assessment, sql`model = 'gpt'`)).toBe(1);
    const now = await earlier();
    expect(now.slice(0, VERDICTS_KEPT)).toEqual(turns.slice(0, VERDICTS_KEPT));
    expect(turns).toHaveLength(CHANGES / 5 - 1);
    expect(now).toHaveLength(VERDICTS_KEPT);

    const again = await prune(store, { days: 90, now: NOW, stop });
    expect(again.reduce((sum, one) => sum + one.rows, 0)).toBe(0);
  });

  test('leaves what is of today, and a night goes on as before', async () => {
    await visit('busy', 0, ['stays', 'new']);
    const history = await historyOf(store.db, ['busy'], CHANGES_KEPT);
    expect(
      history
        .get('busy')!
        .slice(0, 2)
        .map(({ kind, tool }) => `${kind} ${tool}`)
        .sort(),
    ).toEqual(['appeared new', `went tool${CHANGES - 1}`]);
    expect(history.get('busy')!.some(({ initial }) => initial)).toBe(false);
  });
});
