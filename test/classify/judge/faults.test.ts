import { describe, expect, test } from 'vitest';
import { loadClassifier } from '#classify/assess.ts';
import { openBudget } from '#classify/judge/budget.ts';
import { judgeBy } from '#classify/judge/judge.ts';
import { liveAsk, openClient } from '#classify/judge/network.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';
import { verdictsOf } from '#pipeline/verdicts.ts';
import { type Reply, type Shown, serveLlm, verdict } from '../../support/llm.ts';

const KEY = 'sk-test-0123456789abcdef';
const rules = await loadClassifier();
const TOOLS: readonly ToolDefinition[] = [
  { name: 'list_issues', description: 'Lists the issues of a repository.' },
  { name: 'delete_repository', description: 'Deletes a repository and everything in it.' },
  { name: 'send_payment', description: 'Sends a payment to an account.', inputSchema: { properties: { amount: {} } } },
];
const NAMES = TOOLS.map(({ name }) => name);
const floors = TOOLS.map((tool) => rules.assess(tool, NAMES));
const stop = new AbortController().signal;

async function judged(
  reply: (tools: readonly Shown[], nth: number) => Reply,
  limits: { readonly tokens?: number; readonly timeout?: number; readonly url?: string } = {},
) {
  await using llm = await serveLlm({ reply });
  const service = {
    key: KEY,
    url: limits.url ?? llm.url,
    timeout: limits.timeout ?? 5_000,
    retries: 2,
    backoff: 5,
    patience: 2_000,
  };
  const budget = openBudget({ tokens: limits.tokens ?? 100_000, dollars: 1, price: { input: 1, output: 4 } });
  const judge = judgeBy(liveAsk(openClient(service), service, budget), 'm');
  const hearing = await judge.hear(TOOLS, NAMES, stop);
  const verdicts = verdictsOf(rules, TOOLS, NAMES, (tool) => hearing.opinions.get(tool));
  return { hearing, verdicts, asked: llm.asked, billed: llm.billed(), spent: budget.spent() };
}

/** Whatever went wrong: every tool has a verdict, and none is milder than the rules' own. */
function holds({ verdicts, hearing, spent, billed }: Awaited<ReturnType<typeof judged>>): void {
  expect(verdicts).toHaveLength(TOOLS.length);
  for (const [at, one] of verdicts.entries()) {
    expect(CATEGORIES.indexOf(one.category)).toBeGreaterThanOrEqual(CATEGORIES.indexOf(floors[at]!.category));
    expect(RISKS.indexOf(one.risk)).toBeGreaterThanOrEqual(RISKS.indexOf(floors[at]!.risk));
  }
  expect(spent.tokens).toBeGreaterThanOrEqual(billed);
  expect(JSON.stringify(hearing.faults)).not.toContain(KEY);
}

const right = (tools: readonly Shown[]): string => JSON.stringify({ tools: tools.map((tool) => verdict(tool)) });
const once = (fault: Reply['fault']) => (_: unknown, nth: number) => (nth === 1 ? { fault: fault! } : {});

/** Little for what is slow, plenty for all else: a busy machine must not make one fault look like another. */
const patienceFor = (fault: string) => ({ timeout: /stalls|late|timeouts/.test(fault) ? 1_000 : 20_000 });

describe('what passes is sat out, and all tools are heard', () => {
  test.each<readonly [string, Reply['fault']]>([
    ['429 without Retry-After', { status: 429, body: '{}' }],
    ['429 with Retry-After', { status: 429, body: '{}', headers: { 'retry-after': '1' } }],
    ['500', { status: 500, body: 'oops' }],
    ['503 as a page', { status: 503, body: '<html>' }],
    ['a broken connection', { reset: true }],
    ['a stream that drops', { truncate: 80, drop: true }],
    ['a stream that stalls', { truncate: 80, headers: { 'content-length': '5000' } }],
    ['an answer that breaks off', { truncate: 80 }],
    ['a late answer', { delay: 4_000 }],
  ])('%s', async (name, fault) => {
    const came = await judged(once(fault), patienceFor(name));
    holds(came);
    expect(came.asked).toHaveLength(2);
    expect([...came.hearing.opinions.keys()]).toEqual(TOOLS);
    expect(came.hearing.postponed).toBe(false);
  });

  test('a Retry-After is waited for', async () => {
    const times: number[] = [];
    await judged((_, nth) => {
      times.push(performance.now());
      return nth === 1 ? { fault: { status: 429, body: '{}', headers: { 'retry-after': '1' } } } : {};
    });
    expect(times[1]! - times[0]!).toBeGreaterThan(900);
  });
});

describe('what stays costs no tool, lowers nothing, and is asked again another day', () => {
  test.each<readonly [string, Reply['fault'], RegExp, number]>([
    ['429 for ever', { status: 429, body: '{}' }, /429, also after 2 more tries/, 3],
    [
      'a pause beyond patience',
      { status: 429, body: '{}', headers: { 'retry-after': '900' } },
      /left alone for 900 s/,
      1,
    ],
    ['500 for ever', { status: 500, body: '' }, /500, also after/, 3],
    ['a wrong key', { status: 401, body: `{"error":{"message":"Incorrect API key ${KEY}"}}` }, /401/, 1],
    ['no credit', { status: 429, body: '{"error":{"code":"insufficient_quota"}}' }, /no credit/, 1],
    ['timeouts', { delay: 4_000 }, /too slow, also after/, 3],
    ['dropped streams', { truncate: 80, drop: true }, /broke the connection/, 3],
  ])('%s', async (name, fault, why, times) => {
    const came = await judged(() => ({ fault: fault! }), patienceFor(name));
    holds(came);
    expect(came.verdicts).toEqual(floors);
    expect(came.hearing.postponed).toBe(true);
    expect(came.hearing.faults.join()).toMatch(why);
    expect(came.asked).toHaveLength(times);
  });

  test('nothing listens', async () => {
    const gone = await serveLlm();
    await gone[Symbol.asyncDispose]();
    const came = await judged(() => ({}), { url: gone.url });
    expect(came.verdicts).toEqual(floors);
    expect(came.hearing).toMatchObject({ postponed: true, faults: ['the service cannot be reached'] });
    expect(came.spent.tokens).toBe(0);
  });
});

describe('an answer that is none costs no tool and lowers nothing', () => {
  const claim = (value: string, text: string) => ({ value, because: 'x', quote: { field: '/description', text } });
  test.each<readonly [string, (tools: readonly Shown[], nth: number) => Reply, string, number]>([
    ['a refusal', () => ({ content: null, refusal: 'I cannot help with that.' }), 'refusal', 3],
    ['a filter', () => ({ content: '', finish: 'content_filter' }), 'refusal', 3],
    ['truncation', (tools) => ({ content: right(tools).slice(0, 200), finish: 'length' }), 'truncated', 3],
    ['invalid JSON', () => ({ content: 'Sure! Here are the verdicts: {' }), 'invalid-json', 3],
    ['a wrong schema', () => ({ content: '{"verdicts":[]}' }), 'wrong-schema', 3],
    [
      'wrong words',
      (tools) => ({
        content: JSON.stringify({
          tools: tools.map((one) => verdict(one, { category: claim('Safe', one.definition.name) })),
        }),
      }),
      'wrong-schema',
      3,
    ],
    ['nothing at all', () => ({ content: null }), 'no-answer', 3],
    ['missing tools', () => ({ content: '{"tools":[]}' }), 'missing', 3],
    [
      'extra tools',
      (tools) => ({
        content: JSON.stringify({ tools: [...tools.map((one) => verdict(one)), verdict({ ...tools[0]!, id: 't99' })] }),
      }),
      'extra',
      1,
    ],
    [
      'a tool answered twice',
      (tools) => ({ content: JSON.stringify({ tools: [...tools.map((one) => verdict(one)), verdict(tools[1]!)] }) }),
      'extra',
      1,
    ],
  ])('%s', async (_, reply, fault, times) => {
    const came = await judged(reply);
    holds(came);
    expect(came.hearing.faults).toContain(fault);
    expect(came.hearing.postponed).toBe(false);
    expect(came.asked).toHaveLength(times);
    expect(came.verdicts.map(({ category }) => category)).toEqual(floors.map(({ category }) => category));
  });

  test('what one answer left out, the next gives', async () => {
    const came = await judged((tools, nth) => ({ content: right(nth === 1 ? tools.slice(0, 1) : tools) }));
    expect([...came.hearing.opinions.keys()].map(({ name }) => name).sort()).toEqual([...NAMES].sort());
    expect(came.asked.map(({ tools }) => tools.length)).toEqual([3, 2]);
  });

  test('a long answer that is cut off is asked for in halves', async () => {
    const came = await judged((tools) =>
      tools.length > 2 ? { content: '', finish: 'length' } : { content: right(tools) },
    );
    expect(came.asked.map(({ tools }) => tools.length)).toEqual([3, 2, 1]);
    expect(came.hearing.opinions.size).toBe(3);
  });
});

describe('the budget', () => {
  test.each([0, 1, 500, 9_000, 13_000, 30_000])(
    'of %d tokens is not passed, whatever the service does',
    async (tokens) => {
      for (const fault of [undefined, { delay: 300 }, { status: 500, body: '' }, { truncate: 50 }] as const) {
        const came = await judged(() => ({ ...(fault && { fault }) }), { tokens, timeout: 150 });
        expect(came.spent.tokens).toBeLessThanOrEqual(tokens);
        expect(came.billed).toBeLessThanOrEqual(tokens);
        holds(came);
      }
    },
  );

  test('an answer that does not say what it took counts as the dearest', async () => {
    const silent = await judged(() => ({ usage: null }));
    const open = await judged(() => ({}));
    expect(open.spent.tokens).toBe(1_500);
    expect(silent.spent.tokens).toBeGreaterThan(5_000);
  });

  test('money is a bound of its own, and without a price lets nothing through', () => {
    const most = { input: 1_000, output: 1_000 };
    const budget = openBudget({ tokens: 1e9, dollars: 0.01, price: { input: 1, output: 4 } });
    expect(budget.reserve(most)).toBeDefined();
    expect(budget.reserve(most)).toBeDefined();
    expect(budget.reserve(most)).toBeUndefined();
    expect(budget.spent().dollars).toBeCloseTo(0.01);
    expect(openBudget({ tokens: 1e9, dollars: 1 }).reserve(most)).toBeUndefined();
  });
});
