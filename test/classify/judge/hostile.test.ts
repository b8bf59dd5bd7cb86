import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadClassifier } from '#classify/assess.ts';
import { readAnswers } from '#classify/judge/batch.ts';
import { merge } from '#classify/judge/merge.ts';
import { requestFor } from '#classify/judge/prompt.ts';
import { readAnswer, usageOf } from '#classify/judge/read.ts';
import { verifyQuote } from '#classify/quote.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';

const tools: readonly ToolDefinition[] = [
  {
    name: 'drop_table',
    description: 'Drops a table for good.',
    inputSchema: { properties: { name: { type: 'string' } } },
  },
  { name: 'read_rows', description: 'Returns rows.' },
];
const names = tools.map(({ name }) => name);
const request = requestFor(tools, names, 'm');
const rules = await loadClassifier();
const completion = (content: unknown, finish: unknown = 'stop') => ({
  choices: [{ finish_reason: finish, message: { content } }],
});

test('no answer whatever throws, loses a tool or lowers what the rules are sure of', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom(
      ...CATEGORIES,
      ...RISKS,
      't1',
      't2',
      '/name',
      '/description',
      '__proto__',
      'Drops a table',
      'Returns',
      '\u202e',
    ),
  );
  const quote = fc.record({ field: word, text: word });
  const claim = fc.record({ value: word, because: word, quote }, { requiredKeys: ['value', 'quote'] });
  const sane = (values: readonly string[]) => fc.record({ value: fc.constantFrom(...values), because: word, quote });
  const answer = fc.record({
    id: fc.constantFrom('t1', 't2', 't3'),
    category: fc.oneof(claim, sane(CATEGORIES), sane(CATEGORIES)),
    risk: fc.oneof(claim, sane(RISKS), sane(RISKS)),
    facets: fc.array(
      fc.record({
        name: fc.constantFrom('bulk', 'scope', 'reversible', '__proto__'),
        value: fc.constantFrom('true', 'false', 'no', 'system', 'x'),
        because: word,
        quote,
      }),
      { maxLength: 3 },
    ),
    counter_reading: word,
    rationale: word,
    misuse: word,
  });
  const content = fc.oneof(
    fc.string(),
    fc.json(),
    fc.array(answer, { maxLength: 4 }).map((list) => JSON.stringify({ tools: list })),
  );
  const any = fc.oneof(
    fc.anything(),
    content.map((text) => completion(text)),
    fc.anything().map((text) => completion(text)),
  );
  fc.assert(
    fc.property(any, (given) => {
      const { opinions, unanswered } = readAnswer(request, given);
      usageOf(given);
      expect(opinions.size + unanswered.length).toBe(tools.length);
      for (const [tool, opinion] of opinions) {
        const floor = { ...rules.assess(tool, names), confidence: 0.99 };
        const verdict = merge(floor, opinion, false);
        expect(CATEGORIES.indexOf(verdict.category)).toBeGreaterThanOrEqual(CATEGORIES.indexOf(floor.category));
        expect(RISKS.indexOf(verdict.risk)).toBeGreaterThanOrEqual(RISKS.indexOf(floor.risk));
        for (const one of [
          ...verdict.evidence,
          ...opinion.evidence,
          ...Object.values(verdict.facets).flatMap(({ evidence }) => evidence),
        ])
          expect(verifyQuote(tool, one.quote, names)).toBe(true);
      }
    }),
    { numRuns: 2_000, seed: 5 },
  );
});

test('no file of answers whatever throws, and its bad lines cost the good ones nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.json())), (lines) => {
      const good = JSON.stringify({ custom_id: 'good', response: { status_code: 200, body: {} }, error: null });
      const text = [...lines, good].join('\n');
      expect(readAnswers(text, () => {}).get('good')).toEqual({ completion: {} });
    }),
    { numRuns: 500, seed: 5 },
  );
});
