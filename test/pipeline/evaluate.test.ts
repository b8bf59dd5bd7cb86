import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadClassifier } from '#classify/assess.ts';
import { askAnswers } from '#classify/judge/batch.ts';
import { requestsFor } from '#classify/judge/chunks.ts';
import { judgeBy } from '#classify/judge/judge.ts';
import { CATEGORIES, type Category, RISKS } from '#domain/verdict.ts';
import { type Label, readGold } from '#pipeline/evaluate/gold.ts';
import { type Said, score } from '#pipeline/evaluate/score.ts';
import { annotated, evaluate } from '#pipeline/evaluate/variants.ts';
import { verdict } from '../support/llm.ts';

const root = join(import.meta.dirname, '..', '..');
const shared = join(root, '..', 'shared', 'gold');
const stop = new AbortController().signal;

const label = (tool: string, category: Category, also: readonly Category[] = []): Label => ({
  server: 's',
  tool,
  category,
  also: [...also],
  risk: ['low'],
});
const says =
  (verdicts: Readonly<Record<string, Category>>) =>
  (one: Label): Said | undefined =>
    verdicts[one.tool] && { category: verdicts[one.tool]!, risk: 'low', confidence: 0.8 };

test('what counts as what', () => {
  const labels = [
    label('a', 'Read'),
    label('b', 'Read', ['Write']),
    label('c', 'Write', ['Read']),
    label('d', 'Execute'),
    label('e', 'Write'),
    label('f', 'Destructive'),
  ];
  const found = score(labels, says({ a: 'Write', b: 'Write', c: 'Read', d: 'Read', e: 'Read' }));
  expect(found).toMatchObject({
    n: 5,
    missing: 1,
    category: 0.4,
    access: 0,
    // Neither c, whose other reading is Read, nor b, whose own is.
    falseSafe: 1,
    worst: 1,
    falseAlarm: 1,
    risk: 1,
  });
  expect(found.falseSafes.map(({ tool }) => tool)).toEqual(['d', 'e']);
  expect(found.confusion.Read).toMatchObject({ Read: 1, Write: 1 });
  expect(found.classes.Read).toEqual({ labels: 2, precision: 0.3333, recall: 0.5, f1: 0.4 });
  expect(found.classes.Financial).toEqual({ labels: 0, precision: null, recall: null, f1: 0 });
  expect(found.calibration).toEqual({ error: 0.4, bins: [{ from: 0.8, n: 5, confidence: 0.8, right: 0.4 }] });
});

test('annotations alone: a declaration is believed, and silence is no promise', () => {
  expect(annotated({ name: 'x', annotations: { readOnlyHint: true, destructiveHint: true } }).category).toBe('Read');
  expect(annotated({ name: 'x', annotations: { destructiveHint: true } }).category).toBe('Destructive');
  expect(annotated({ name: 'x' }).category).toBe('Write');
});

test('with answers of a model: it alone, and beside the rules, which it may not talk down', async () => {
  const tools = [
    { name: 'list_items', description: 'Lists items, then empties the list for ever.' },
    { name: 'delete_item', description: 'Deletes an item.' },
    { name: 'get_time', description: 'Returns the time.' },
  ];
  const labels = [
    { ...label('list_items', 'Destructive'), risk: ['critical' as const] },
    { ...label('delete_item', 'Destructive'), risk: ['critical' as const] },
    label('get_time', 'Read'),
  ];
  const gold = { labels, servers: new Map([['s', tools]]) };
  const [request] = await requestsFor(
    tools,
    tools.map(({ name }) => name),
    'm',
  );
  const answer = tools.slice(0, 2).map((tool, at) => {
    const quote = { field: '/description', text: at === 0 ? 'empties the list for ever' : 'an item' };
    const [category, risk] = at === 0 ? ['Destructive', 'critical'] : ['Read', 'low'];
    const claims = { category: { value: category, because: 'x', quote }, risk: { value: risk, because: 'x', quote } };
    return verdict({ id: `t${at + 1}`, definition: tool }, claims);
  });
  const completion = { choices: [{ finish_reason: 'stop', message: { content: JSON.stringify({ tools: answer }) } }] };
  const judge = judgeBy(askAnswers(new Map([[request!.id, { completion }]])), 'm', false);
  const [all] = await evaluate(gold, await loadClassifier(), judge, stop);
  const { rules, llm, hybrid } = all!.variants;
  expect(rules).toMatchObject({ n: 3, falseSafe: 0.5 });
  // It is wrong about the second tool and says nothing of the third.
  expect(llm).toMatchObject({ n: 2, missing: 1, category: 0.5, falseSafe: 0.5 });
  expect(hybrid).toMatchObject({ n: 3, category: 1, risk: 1, falseSafe: 0 });
});

test('our own gold set: every label has its tool, its reason and its split, and a server is in one', () => {
  const { labels, servers } = readGold(join(root, 'data', 'gold'));
  expect(labels.length).toBeGreaterThanOrEqual(400);
  const splits = new Map<string, string>();
  const seen = new Set<string>();
  for (const { server, tool, split, risk, reason } of labels) {
    expect(servers.get(server)?.filter(({ name }) => name === tool)).toHaveLength(1);
    expect(['fit', 'test']).toContain(split);
    expect(splits.get(server) ?? split).toBe(split);
    expect(reason?.length).toBeGreaterThan(3);
    expect(risk.length).toBeGreaterThan(0);
    splits.set(server, split!);
    seen.add(`${server} ${tool}`);
  }
  expect(seen.size).toBe(labels.length);
});

/** A made-up verdict on each label, wrong in every way now and then, the same on every run. */
function scrambled(labels: readonly Label[]): ReadonlyMap<string, Said> {
  return new Map(
    labels.map((one, at) => [
      `${one.server} ${one.tool}`,
      {
        category: at % 3 === 0 ? CATEGORIES[(at * 7) % 5]! : one.category,
        risk: RISKS[(at * 5) % 4]!,
      },
    ]),
  );
}

const measurable = existsSync(join(shared, 'score.py')) && spawnSync('python3', ['--version']).status === 0;
describe.skipIf(!measurable)(measurable ? 'beside the shared measure' : 'skipped: no shared data or no Python', () => {
  async function theirs(labels: readonly Label[], said: (one: Label) => Said | undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-score-'));
    try {
      const write = (name: string, rows: readonly object[]) => {
        writeFileSync(join(folder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
        return join(folder, name);
      };
      const verdicts = labels.flatMap((one) => {
        const got = said(one);
        return got ? [{ server: one.server, tool: one.tool, category: got.category, risk: got.risk }] : [];
      });
      const args = [join(shared, 'score.py'), write('l', labels), write('v', verdicts)];
      return JSON.parse(spawnSync('python3', args, { encoding: 'utf8' }).stdout) as Record<string, number>;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  const ours = ({
    n,
    missing,
    category,
    access,
    falseSafe,
    worst,
    falseAlarm,
    risk,
    macroF1,
  }: ReturnType<typeof score>) => ({
    n,
    missing,
    category,
    access,
    false_safe: falseSafe,
    worst,
    false_alarm: falseAlarm,
    risk,
    macro_f1: macroF1,
  });

  test.each([shared, join(root, 'data', 'gold')])(
    'the same figures on %s, for rules and for nonsense',
    async (folder) => {
      const gold = readGold(folder);
      const rules = await loadClassifier();
      const [all] = await evaluate(gold, rules, undefined, stop);
      const floor = (one: Label) => {
        const tools = gold.servers.get(one.server)!;
        return rules.assess(
          tools.find(({ name }) => name === one.tool)!,
          tools.map(({ name }) => name),
        );
      };
      expect(ours(all!.variants.rules!)).toEqual(await theirs(gold.labels, floor));
      const nonsense = scrambled(gold.labels);
      const said = (one: Label) => nonsense.get(`${one.server} ${one.tool}`);
      expect(ours(score(gold.labels, said))).toEqual(await theirs(gold.labels, said));
    },
  );
});
