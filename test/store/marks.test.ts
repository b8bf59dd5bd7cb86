import { afterAll, beforeAll, expect, test } from 'vitest';
import { definitionFingerprint, siblingsHash } from '#core/definition.ts';
import type { Mark } from '#domain/lists.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import type { Verdict } from '#domain/verdict.ts';
import type { Store } from '#store/engine/open.ts';
import { findTools } from '#store/search/tools.ts';
import { mark } from '#store/tables/marks.ts';
import { alias, server } from '#store/tables/servers.ts';
import { recordAssessments } from '#store/verdict/assessments.ts';
import { markAll, markedNames } from '#store/verdict/marks.ts';
import { recordVisit } from '#store/visit/enumerations.ts';
import { onEveryDatabase } from '../support/stores.ts';
import { verdict } from '../support/verdict.ts';

const T0 = new Date('2026-11-21T00:00:00Z');
const later = (minutes: number) => new Date(T0.getTime() + minutes * 60_000);
const LONG = `z${'長'.repeat(999)}`;
const TOOLS: Readonly<Record<string, readonly string[]>> = { a: ['create', 'read', LONG], b: ['create', 'Zap'] };

onEveryDatabase('marks', (fresh) => {
  let store: Store;
  const definitionsOf = (id: string) => TOOLS[id]!.map((name): ToolDefinition => ({ name, description: id }));
  const list = async (id: string, tools: readonly ToolDefinition[], at: Date) => {
    const context = { args: [], envNames: [], sandbox: 's', profile: 'p' };
    const enumeration = { outcome: 'listed' as const, wants: [], tools, rejections: [], attempts: [], context, ms: 1 };
    await recordVisit(store.db, { serverId: id, at, sandbox: 's', enumeration, staticTools: [], due: at } as never);
  };
  const judge = (id: string, tools: readonly ToolDefinition[], found: Verdict, rules: string, at: Date) =>
    recordAssessments(
      store.db,
      id,
      tools.map((tool) => ({
        fingerprint: definitionFingerprint(tool),
        siblings: siblingsHash(tools.map(({ name }) => name)),
        rules,
        prompt: '',
        model: '',
        verdict: found,
        assessedAt: at,
      })),
      at,
    );
  const page = (mark: Mark, limit: number, cursor?: string) => findTools(store.db, { marks: [mark], limit, cursor });
  const names = async ({ mark, limit }: { mark: Mark; limit: number }, hide?: readonly string[]) =>
    (await findTools(store.db, { marks: [mark], limit }, hide)).tools.map(
      ({ name, server }) => `${name} ${server.slug}`,
    );

  beforeAll(async () => {
    store = await fresh();
    for (const id of Object.keys(TOOLS)) {
      const seen = { firstSeen: T0, lastSeen: T0, enumerateDue: T0 };
      await store.db.insert(server).values({ id, slug: id, name: id, packages: [], remotes: [], ...seen });
      await store.db.insert(alias).values({ address: `slug:${id}`, kind: 'slug', key: id, serverId: id, since: T0 });
      await list(id, definitionsOf(id), T0);
    }
  });
  afterAll(() => store[Symbol.asyncDispose]());

  test('a mark lists tools of all servers by the bytes of their names, page by page', async () => {
    const facets = { 'sends-out': { value: true, evidence: [] }, scope: { value: 'system', evidence: [] } };
    await judge('a', definitionsOf('a'), verdict({ facets }), 'r1', later(1));
    await judge('b', definitionsOf('b'), verdict(), 'r1', later(1));
    const first = await page('category:Write', 2);
    expect(first.tools.map(({ name, server }) => [name, server.slug])).toEqual([
      ['Zap', 'b'],
      ['create', 'a'],
    ]);
    expect(first.tools[0]).toMatchObject({ verdict: { category: 'Write', risk: 'medium' }, provenance: 'listed' });
    const rest = await page('category:Write', 3, first.next);
    expect(rest.tools.map(({ name }) => name)).toEqual(['create', 'read', LONG]);
    expect(rest.next).toBeUndefined();
    expect(await names({ mark: 'facet:sends-out', limit: 9 })).toHaveLength(3);
    expect(await names({ mark: 'facet:scope=system', limit: 9 })).toHaveLength(3);
    expect(await names({ mark: 'category:Read', limit: 9 })).toEqual([]);
    expect(await names({ mark: 'risk:medium', limit: 9 }, ['slug:a'])).toEqual(['Zap b', 'create b']);
  });

  test('the names under a mark come by how many servers have them, with what was found of each', async () => {
    const { names: found, tools } = await markedNames(store.db, { mark: 'category:Write', limit: 2 });
    expect(tools).toBe(5);
    expect(found).toEqual([
      { name: 'create', servers: 2, categories: ['Write'], risks: ['medium'] },
      { name: 'Zap', servers: 1, slug: 'b', categories: ['Write'], risks: ['medium'] },
    ]);
    expect(await markedNames(store.db, { mark: 'risk:critical', limit: 2 })).toEqual({ names: [], tools: 0 });
  });

  test('a page goes on after a name too long to be ordered whole', async () => {
    const all = await page('category:Write', 4);
    const rest = await page('category:Write', 4, all.next);
    expect(rest.tools.map(({ name }) => name)).toEqual([LONG]);
  });

  test('another verdict, a tool that went and a catalogue from before there were marks are followed', async () => {
    await judge('b', definitionsOf('b'), verdict({ category: 'Read', risk: 'low' }), 'r2', later(2));
    expect(await names({ mark: 'category:Read', limit: 9 })).toEqual(['Zap b', 'create b']);
    expect(await names({ mark: 'category:Write', limit: 9 })).toEqual(['create a', 'read a', `${LONG} a`]);
    await list('a', definitionsOf('a').slice(0, 1), later(3));
    expect(await names({ mark: 'category:Write', limit: 9 })).toEqual(['create a']);
    const before = await store.db.select().from(mark).orderBy(mark.key, mark.name, mark.presenceId);
    await store.db.delete(mark);
    await markAll(store.db);
    const after = await store.db.select().from(mark).orderBy(mark.key, mark.name, mark.presenceId);
    // The tools of `a` wait to be judged among their new siblings.
    expect(after).toEqual(before.filter(({ serverId }) => serverId === 'b'));
    await store.db.delete(mark);
    await markAll(store.db);
    expect(await store.db.select().from(mark)).toEqual([]);
  });
});
