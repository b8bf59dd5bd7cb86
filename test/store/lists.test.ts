import { afterAll, beforeAll, expect, test } from 'vitest';
import { definitionFingerprint, siblingsHash } from '#core/definition.ts';
import { foldedName, shelfOf } from '#domain/lists.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import type { Verdict } from '#domain/verdict.ts';
import { latestChanges } from '#store/catalogue/changes.ts';
import { figures } from '#store/catalogue/figures.ts';
import {
  nameShelves,
  namesOnShelf,
  namesTouched,
  toolNames,
  toolsAlike,
  toolsAlikeEach,
} from '#store/catalogue/names.ts';
import { newestRevision } from '#store/catalogue/revisions.ts';
import { serversFilling } from '#store/catalogue/selections.ts';
import type { Store } from '#store/engine/open.ts';
import { alias, server } from '#store/tables/servers.ts';
import { recordAssessments } from '#store/verdict/assessments.ts';
import { recordVisit } from '#store/visit/enumerations.ts';
import { onEveryDatabase } from '../support/stores.ts';

const T0 = new Date('2026-11-20T23:00:00Z');
const later = (hours: number) => new Date(T0.getTime() + hours * 3_600_000);
const verdict = (more: Partial<Verdict> = {}): Verdict => ({
  category: 'Read',
  access: 'read',
  risk: 'low',
  confidence: 0.9,
  evidence: [],
  facets: {},
  ...more,
});
const shows = (...names: readonly string[]): Partial<Verdict> => ({
  facets: Object.fromEntries(names.map((name) => [name, { value: true, evidence: [] }])),
});
const SERVERS: Readonly<Record<string, Readonly<Record<string, Verdict>>>> = {
  a: { create_issue: verdict({ category: 'Write', risk: 'medium', ...shows('sends-out') }), ÉTÉ: verdict() },
  b: { createIssue: verdict(shows('reads-untrusted-content')), fetch: verdict(shows('reads-private-data')) },
  c: { 'create-issue': verdict(), fetch: verdict(shows('reads-private-data', 'sends-out')) },
};

onEveryDatabase('lists', (fresh) => {
  let store: Store;
  const visit = async (id: string, names: readonly string[], at: Date) => {
    const tools = names.map((name): ToolDefinition => ({ name, annotations: { readOnlyHint: name !== 'fetch' } }));
    const context = { args: [], envNames: [], sandbox: 's', profile: 'p' };
    const enumeration = { outcome: 'listed' as const, wants: [], tools, rejections: [], attempts: [], context, ms: 1 };
    await recordVisit(store.db, { serverId: id, at, sandbox: 's', enumeration, staticTools: [], due: at } as never);
    await recordAssessments(
      store.db,
      id,
      tools.map((tool) => ({
        fingerprint: definitionFingerprint(tool),
        siblings: siblingsHash(names),
        ...{ rules: 'r', prompt: '', model: '', assessedAt: at },
        verdict: SERVERS[id]![tool.name]!,
      })),
      at,
    );
  };
  beforeAll(async () => {
    store = await fresh();
    for (const [at, id] of Object.keys(SERVERS).entries()) {
      const seen = { firstSeen: later(at), lastSeen: T0, enumerateDue: T0 };
      await store.db.insert(server).values({ id, slug: id, name: id, packages: [], remotes: [], ...seen });
      await store.db.insert(alias).values({ address: `slug:${id}`, kind: 'slug', key: id, serverId: id, since: T0 });
      await visit(id, Object.keys(SERVERS[id]!), later(at));
    }
  });
  afterAll(() => store[Symbol.asyncDispose]());

  test('names that read alike stand together, page by page, and the database folds them as the domain does', async () => {
    const all = await toolsAlike(store.db, { folded: 'createissue', limit: 2 });
    const rest = await toolsAlike(store.db, { folded: 'createissue', limit: 2, after: all.next });
    expect([...all.tools, ...rest.tools].map(({ name, server }) => [name, server.slug])).toEqual([
      ['create-issue', 'c'],
      ['createIssue', 'b'],
      ['create_issue', 'a'],
    ]);
    expect(rest.next).toBeUndefined();
    const names = await toolNames(store.db);
    expect(names).toEqual([
      { folded: 'createissue', name: 'create-issue', servers: 3 },
      { folded: 'fetch', name: 'fetch', servers: 2 },
      { folded: 'ÉtÉ', name: 'ÉTÉ', servers: 1 },
    ]);
    for (const { folded, name } of names) expect(foldedName(name)).toBe(folded);
    const each = await toolsAlikeEach(store.db, ['fetch', 'none'], ['slug:b']);
    expect([...each].map(([folded, tools]) => [folded, tools.map((one) => one.server.slug)])).toEqual([
      ['fetch', ['c']],
    ]);
    for (const folded of ["'", '\0', '\ud800', '%'])
      expect((await toolsAlike(store.db, { folded, limit: 1 })).tools).toEqual([]);
  });

  test('shelves hold the names that begin alike', async () => {
    const shelves = await nameShelves(store.db);
    expect(shelves).toEqual([
      { id: 'cr', names: 1 },
      { id: 'fe', names: 1 },
      { id: 'other', names: 1 },
    ]);
    for (const { id } of shelves)
      for (const { folded } of (await namesOnShelf(store.db, { id, limit: 9 })).names) expect(shelfOf(folded)).toBe(id);
    expect((await namesOnShelf(store.db, { id: 'cr', limit: 9, cursor: 'createissue' })).names).toEqual([]);
    expect((await namesOnShelf(store.db, { id: "x' or 1", limit: 9 })).names).toEqual([]);
  });

  test('servers whose own tools fill every leg, each leg by one tool', async () => {
    const slugs = async (legs: Parameters<typeof serversFilling>[1]['legs']) =>
      (await serversFilling(store.db, { legs, limit: 9 })).servers.map(({ slug }) => slug);
    const reads = { marks: ['facet:reads-private-data'], categories: ['Read'] } as const;
    expect(await slugs([reads])).toEqual(['b', 'c']);
    expect(await slugs([reads, { marks: ['facet:sends-out'] }])).toEqual(['c']);
    expect(await slugs([{ marks: ['facet:sends-out'], categories: ['Write'] }])).toEqual(['a']);
    expect(await slugs([{ categories: ['Write'] }, { marks: ['facet:reads-untrusted-content'] }])).toEqual([]);
    const first = await serversFilling(store.db, { legs: [reads], limit: 1 });
    expect([
      first.next,
      (await serversFilling(store.db, { legs: [reads], limit: 1, cursor: 'b' })).servers[0]!.slug,
    ]).toEqual(['b', 'c']);
  });

  test('figures count what is present, by day and by what authors declare', async () => {
    const found = await figures(store.db);
    expect(found.growth).toEqual([
      { day: '2026-11-20', servers: 1, tools: 2 },
      { day: '2026-11-21', servers: 3, tools: 6 },
    ]);
    expect(found.outcomes).toEqual([{ outcome: 'listed', servers: 3 }]);
    expect(found.verdicts.toSorted((a, b) => a.tools - b.tools)).toEqual([
      { category: 'Write', risk: 'medium', tools: 1 },
      { category: 'Read', risk: 'low', tools: 5 },
    ]);
    expect(found.facets).toEqual([
      { mark: 'facet:reads-private-data', tools: 2 },
      { mark: 'facet:reads-untrusted-content', tools: 1 },
      { mark: 'facet:sends-out', tools: 2 },
    ]);
    expect([found.annotated, found.hints[0]]).toEqual([6, { hint: 'readOnlyHint', yes: 4, no: 2 }]);
  });

  test('the newest changes come first, and a night knows which names it touched', async () => {
    const before = await newestRevision(store.db);
    await visit('b', ['fetch'], later(5));
    expect(await namesTouched(store.db, before)).toEqual(['createissue', 'fetch']);
    expect(await namesTouched(store.db, await newestRevision(store.db))).toEqual([]);
    const { changes, next } = await latestChanges(store.db, { visits: 1 });
    expect(changes.map(({ kind, tool }) => [kind, tool])).toEqual([['went', 'createIssue']]);
    const older = await latestChanges(store.db, { visits: 9, before: next });
    expect(older.changes.map(({ server }) => server.slug)).toEqual(['c', 'c', 'b', 'b', 'a', 'a']);
    expect((await toolsAlike(store.db, { folded: 'createissue', limit: 9 })).tools).toHaveLength(2);
    expect((await figures(store.db)).growth.at(-1)).toEqual({ day: '2026-11-21', servers: 3, tools: 5 });
  });
});
