import { describe, expect, test } from 'vitest';
import { loadClassifier } from '#classify/assess.ts';
import { type Assessed, consistency, operationOf } from '#classify/consistency.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import type { Category } from '#domain/verdict.ts';
import { corpus, hasCorpus } from '../support/corpus.ts';

const classifier = await loadClassifier();
const assessed = (server: string, ...tools: readonly ToolDefinition[]): readonly Assessed[] =>
  tools.map((tool) => ({
    server,
    tool,
    verdict: classifier.assess(
      tool,
      tools.map(({ name }) => name),
    ),
  }));

/** Operations on which the closest rival's pages disagree, in any order of words, and what each is. */
const OPERATIONS: readonly (readonly [string, RegExp, Category])[] = [
  ['refresh a token', /\brefresh (?:\w+ ){0,2}(?:access )?tokens?$|\b(?:auth|token) refresh$/, 'Write'],
  [
    'place an order',
    /\b(?:place|submit|create) (?:\w+ )?(?:limit|market|stop|spot|futures|trade|option|crypto) (?:\w+ )?order$|\bplace (?:\w+ ){0,2}orders?$/,
    'Financial',
  ],
  ['merge a pull request', /\bmerge (?:\w+ )?(?:pull request|pr|merge request)s?$|\bpull request merge$/, 'Write'],
  ['log in or out', /(?:^|\w )(?:log ?in|sign ?in|log ?out|sign ?out)$/, 'Write'],
  ['swap', /\b(?:execute|perform) (?:\w+ ){0,2}swap$|\bswap (?:tokens?|coins?|crypto)$|^(?:\w+ )?swap$/, 'Financial'],
  [
    'take a screenshot',
    /(?:^|\b(?:take|capture|get) )(?:\w+ ){0,2}screenshot$|\bscreenshot (?:page|element|url)$/,
    'Read',
  ],
  ['remember', /^(?:\w+ )?remember$/, 'Write'],
  ['send an e-mail', /\bsend (?:\w+ )?e?mails?$|\be?mail send$/, 'Write'],
  [
    'generate an image',
    /\b(?:generate|create) (?:\w+ )?images?$|\bimage generat(?:e|ion)$|\btext to image$/,
    'Execute',
  ],
  ['cancel a subscription', /\bcancel (?:\w+ )?subscriptions?$|\bsubscriptions? cancel$/, 'Financial'],
];
/** A screenshot that is put into a file is more than a look, and a swap of playing cards moves no money. */
const EXPLAINS: Readonly<Record<string, readonly string[]>> = {
  'take a screenshot': ['saving', 'saved'],
  swap: ['money-setting'],
};

function spoken(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .toLowerCase();
}

describe.skipIf(!hasCorpus)(hasCorpus ? 'over the corpus' : 'skipped: no shared data', () => {
  const all = corpus().flatMap(({ server, tools }) => assessed(server, ...tools));

  test('operations have one category everywhere, or the evidence says why not', () => {
    const dissent: string[] = [];
    const found = new Set<string>();
    let count = 0;
    for (const { server, tool, verdict } of all)
      for (const [operation, pattern, category] of OPERATIONS) {
        if (!pattern.test(spoken(tool.name))) continue;
        found.add(operation);
        count++;
        const why = EXPLAINS[operation] ?? [];
        const isExplained = verdict.evidence.some(
          ({ signal, says }) => says === verdict.category && why.includes(signal),
        );
        if (verdict.category !== category && !isExplained)
          dissent.push(`${operation}: ${server} ${tool.name}: ${verdict.category}`);
      }
    expect(dissent).toEqual([]);
    expect(count).toBeGreaterThan(150);
    expect(found.size).toBeGreaterThanOrEqual(9);
  });

  test('of all operations on several servers, 98 in 100 have one category', () => {
    const { operations, consistent, inconsistencies } = consistency(all);
    expect(operations).toBeGreaterThan(4_000);
    expect(consistent / operations).toBeGreaterThan(0.98);
    expect(inconsistencies.length).toBe(operations - consistent);
    for (const { readings } of inconsistencies) expect(readings.length).toBeGreaterThan(1);
  });
});

test.each([
  ['cancel_subscription', 'Cancels a customer’s subscription.'],
  ['subscriptions.cancel', 'Cancel an active paid plan at once or at the period’s end.'],
  ['cancelSubscription', ''],
])('%s is Financial', (name, description) => {
  expect(assessed('shop', { name, description })[0]!.verdict.category).toBe('Financial');
});

describe('the report', () => {
  test('names are compared by their words, without product, tail or inflection', () => {
    expect(operationOf('github_list_issues', 'x/github')).toBe(operationOf('listIssues'));
    expect(operationOf('send-emails')).toBe(operationOf('send_email_tool'));
  });
  test('one operation with one category is no finding, and neither is one server with two', () => {
    const tool = { name: 'delete_file', description: 'Deletes a file.' };
    expect(consistency([...assessed('a', tool), ...assessed('b', tool)])).toEqual({
      operations: 1,
      consistent: 1,
      inconsistencies: [],
    });
    expect(consistency(assessed('a', tool, { ...tool, name: 'deleteFile' })).operations).toBe(0);
  });
  test('what differs is told with what explains it', () => {
    const rows = [
      ...assessed('a', {
        name: 'run_query',
        description: 'Runs a SQL query.',
        inputSchema: { properties: { sql: {} } },
      }),
      ...assessed('b', {
        name: 'run_query',
        description: 'Runs a SQL query.',
        inputSchema: { properties: { sql: {} } },
      }),
      ...assessed('c', { name: 'run_query', description: 'Runs a read-only SQL query, only SELECT.' }),
    ];
    const [found] = consistency(rows).inconsistencies;
    expect(found?.readings.map(({ category }) => category)).toEqual(['Execute', 'Read']);
    expect(found?.isExplained).toBe(true);
    expect(found?.readings[1]?.explained[0]?.signal).toBe('read-only');
  });
  test('a difference that nothing tells is unexplained', () => {
    const [one, other] = [...assessed('a', { name: 'handle_x' }), ...assessed('b', { name: 'handle_x' })];
    const rows = [one!, { ...other!, verdict: { ...other!.verdict, category: 'Destructive' as const } }];
    expect(consistency(rows).inconsistencies.map(({ isExplained }) => isExplained)).toEqual([false]);
  });
  test('names alike with other descriptions are other operations', () => {
    const rows = [
      ...assessed('a', { name: 'order', description: 'Sorts the given numbers ascending or descending.' }),
      ...assessed('b', { name: 'order', description: 'Places a purchase with the restaurant and charges your card.' }),
    ];
    expect(consistency(rows).operations).toBe(0);
  });
});
