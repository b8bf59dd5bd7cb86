import { afterAll, beforeAll, expect, test } from 'vitest';
import { definitionFingerprint, siblingsHash } from '#core/definition.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import type { Verdict } from '#domain/verdict.ts';
import type { Store } from '#store/engine/open.ts';
import { alias, server } from '#store/tables/servers.ts';
import { annotatedTools } from '#store/verdict/annotated.ts';
import { recordAssessments, storedOpinions } from '#store/verdict/assessments.ts';
import { recordVisit } from '#store/visit/enumerations.ts';
import { onEveryDatabase } from '../support/stores.ts';
import { verdict } from '../support/verdict.ts';

const T0 = new Date('2026-11-21T00:00:00Z');
const later = (minutes: number) => new Date(T0.getTime() + minutes * 60_000);
const tools: readonly ToolDefinition[] = [
  { name: 'plain' },
  { name: 'one', annotations: { readOnlyHint: true } },
  { name: 'two', annotations: { destructiveHint: false } },
  { name: 'waits', annotations: { readOnlyHint: true } },
];
const siblings = siblingsHash(tools.map(({ name }) => name));

onEveryDatabase('annotations and opinions', (fresh) => {
  let store: Store;
  beforeAll(async () => {
    store = await fresh();
    const { db } = store;
    await db.insert(server).values({
      id: 'npm:a',
      slug: 'a',
      name: 'a',
      packages: [],
      remotes: [],
      firstSeen: T0,
      lastSeen: T0,
      enumerateDue: T0,
    });
    await db
      .insert(alias)
      .values({ address: 'purl:pkg:npm/a', kind: 'purl', key: 'pkg:npm/a', serverId: 'npm:a', since: T0 });
    const context = { args: [], envNames: [], sandbox: 's', profile: 'p' };
    const enumeration = { outcome: 'listed' as const, wants: [], tools, rejections: [], attempts: [], context, ms: 1 };
    await recordVisit(db, { serverId: 'npm:a', at: T0, sandbox: 's', enumeration, staticTools: [], due: T0 } as never);
  });
  afterAll(() => store[Symbol.asyncDispose]());

  const record = (
    names: readonly string[],
    key: { rules: string; prompt: string; model: string },
    found: Verdict,
    at: Date,
  ) =>
    recordAssessments(
      store.db,
      'npm:a',
      tools
        .filter(({ name }) => names.includes(name))
        .map((tool) => ({
          fingerprint: definitionFingerprint(tool),
          siblings,
          ...key,
          verdict: found,
          assessedAt: at,
        })),
      at,
    );

  test('annotated and assessed tools come page by page, with their newest verdict', async () => {
    const key = { rules: 'r1', prompt: '', model: '' };
    await record(['plain', 'one', 'two'], key, verdict(), later(1));
    await record(['two'], { ...key, rules: 'r2' }, verdict({ risk: 'high' }), later(2));
    const first = await annotatedTools(store.db, { limit: 1 });
    expect(first.tools.map(({ definition, server }) => [definition.name, server.slug])).toEqual([['one', 'a']]);
    const rest = await annotatedTools(store.db, { limit: 5, after: first.next });
    expect(rest.tools.map(({ definition, verdict }) => [definition.name, verdict.risk])).toEqual([['two', 'high']]);
    expect(rest.next).toBeUndefined();
    expect((await annotatedTools(store.db, { limit: 5 }, ['purl:pkg:npm/a'])).tools).toEqual([]);
  });

  test('an opinion is found again under other rules, this judge’s before a newer one of another’s', async () => {
    const opinion = { evidence: [], facets: {}, counter: '', rationale: 'mine', misuse: '' };
    const judge = {
      ...opinion,
      outcome: 'unproven' as const,
      floor: { category: 'Write' as const, risk: 'medium' as const },
    };
    await record(['one'], { rules: 'r1', prompt: 'p', model: 'm' }, verdict({ judge }), later(3));
    await record(
      ['one'],
      { rules: 'r1', prompt: 'p', model: 'other' },
      verdict({ judge: { ...judge, rationale: 'theirs' } }),
      later(4),
    );
    const prints = tools.map(definitionFingerprint);
    const found = async (judge?: { prompt: string; model: string }) => [
      ...(await storedOpinions(store.db, prints, siblings, judge)).values(),
    ];
    expect(await found({ prompt: 'p', model: 'm' })).toEqual([{ prompt: 'p', model: 'm', opinion }]);
    expect((await found()).map((one) => one.opinion.rationale)).toEqual(['theirs']);
    expect(await storedOpinions(store.db, prints, 'others', undefined)).toEqual(new Map());
  });
});
