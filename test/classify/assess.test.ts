import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadClassifier } from '#classify/assess.ts';
import { verifyQuote } from '#classify/quote.ts';
import type { Json, JsonObject, ToolDefinition } from '#domain/tool.ts';
import { CATEGORIES, RISKS, type Verdict } from '#domain/verdict.ts';

const classifier = await loadClassifier();

function holds(tool: ToolDefinition, siblings: readonly string[], verdict: Verdict): void {
  expect(CATEGORIES).toContain(verdict.category);
  expect(RISKS).toContain(verdict.risk);
  expect(verdict.access).toBe(verdict.category === 'Read' ? 'read' : 'write');
  expect(verdict.confidence).toBeGreaterThan(0);
  expect(verdict.confidence).toBeLessThanOrEqual(1);
  expect(verdict.evidence.length).toBeGreaterThan(0);
  for (const { quote } of [...verdict.evidence, ...Object.values(verdict.facets).flatMap((facet) => facet.evidence)])
    expect(verifyQuote(tool, quote, siblings), JSON.stringify(quote)).toBe(true);
}

describe('hostile definitions', () => {
  const deep = (depth: number): JsonObject => {
    let schema: JsonObject = { type: 'string' };
    for (let at = 0; at < depth; at++) schema = { type: 'object', properties: { child: schema } };
    return schema;
  };
  const wide = Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`p${at}`, { type: 'string' }]));
  const polluted = JSON.parse(
    '{"properties":{"__proto__":{"type":"string"},"constructor":{"enum":["delete","x"]}},"required":{"a":1}}',
  ) as JsonObject;
  const cases: readonly (readonly [string, ToolDefinition])[] = [
    ['a schema 5,000 levels deep', { name: 'x', inputSchema: deep(5_000) }],
    ['50,000 parameters', { name: 'x', inputSchema: { properties: wide } }],
    ['a description of a million words', { name: 'x', description: 'delete and '.repeat(1_000_000) }],
    ['a name of a million letters', { name: 'createDelete'.repeat(100_000) }],
    [
      'keys of Object.prototype',
      {
        name: 'constructor',
        inputSchema: polluted,
        annotations: JSON.parse('{"__proto__":{"readOnlyHint":true}}') as JsonObject,
      },
    ],
    [
      'a reference to itself',
      { name: 'x', inputSchema: { $ref: '#/$defs/a', $defs: { a: { properties: { b: { $ref: '#/$defs/a' } } } } } },
    ],
    [
      'wrong types inside',
      { name: 'x', inputSchema: { properties: [1], required: 'a', anyOf: 3, items: null } as unknown as JsonObject },
    ],
    ['a space as a name', { name: ' ', description: '' }],
    ['half a surrogate pair', { name: '\ud800delete', description: 'İ deletes \udfff files' }],
    ['nothing but stops', { name: '...', description: `${'.'.repeat(200_000)}${'\n'.repeat(200_000)}` }],
  ];
  test.each(cases)('%s', (_, tool) => {
    const verdict = classifier.assess(tool, [tool.name]);
    holds(tool, [tool.name], verdict);
  });

  test('any definition gets a verdict whose quotes stand', () => {
    const word = fc.constantFrom(
      'get',
      'delete',
      'create',
      'sql',
      'url',
      'token',
      '__proto__',
      'toString',
      '~1/',
      'é',
      '删除',
      ' ',
      '_',
      'İ',
      '"',
    );
    const name = fc.array(word, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('_'));
    const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
    const property = fc.oneof(json, fc.record({ type: json, enum: fc.array(name), description: fc.string() }));
    const schema = fc.record({
      properties: fc.dictionary(name, property),
      required: json,
      anyOf: json,
    }) as fc.Arbitrary<JsonObject>;
    const annotations = fc.dictionary(
      fc.constantFrom('readOnlyHint', 'destructiveHint', 'title'),
      json,
    ) as fc.Arbitrary<JsonObject>;
    const description = fc.array(fc.oneof(word, fc.string())).map((parts) => parts.join(' '));
    fc.assert(
      fc.property(
        fc.record({ name, description, inputSchema: schema, annotations }),
        fc.array(name),
        (tool, others) => {
          const siblings = [tool.name, ...others];
          holds(tool, siblings, classifier.assess(tool, siblings));
        },
      ),
      { numRuns: 500, seed: 7 },
    );
  });

  test('Object.prototype is as it was', () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as { readOnlyHint?: boolean }).readOnlyHint).toBeUndefined();
  });
});

test('the same definition gets the same verdict', () => {
  const tool = { name: 'delete_repo', description: 'Deletes a repository for good.' };
  expect(classifier.assess(tool, ['delete_repo'])).toEqual(classifier.assess(tool, ['delete_repo']));
});

test('rules are named by a hash of 64 hex digits', () => {
  expect(classifier.rules).toMatch(/^[0-9a-f]{64}$/);
});
