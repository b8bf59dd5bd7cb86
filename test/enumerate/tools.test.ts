import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#domain/tool.ts';
import { LIMITS } from '#enumerate/limits.ts';
import { readFacts, readTools } from '#enumerate/tools.ts';

const good = { name: 'good', description: 'Does good.', inputSchema: { type: 'object' } };
const nested = (levels: number) => {
  let value: unknown = {};
  for (let i = 0; i < levels; i++) value = (levels - i) % 2 ? { value } : [value];
  return value;
};
const why = (tool: unknown, limits = LIMITS) => readTools([tool], limits).rejections[0]?.reason;

describe('a tool definition', () => {
  const BAD: readonly (readonly [string, unknown, RegExp])[] = [
    ['null', null, /not an object/],
    ['a number', 7, /not an object/],
    ['a list', [good], /not an object/],
    ['no name', { description: 'x' }, /no name/],
    ['an empty name', { name: '' }, /no name/],
    ['a number for a name', { name: 7 }, /no name/],
    ['an object for a name', { name: { toString: 'x' } }, /no name/],
    ['a long name', { name: 'x'.repeat(LIMITS.nameLength + 1) }, /longer than 1000/],
    ['a name of 100 kB', { name: 'x'.repeat(100_000) }, /longer than 1000/],
    ['NUL in its name', { name: 'a\0b' }, /can be written/],
    ['half a character in its name', { name: 'a\ud800' }, /can be written/],
    ['a number for a title', { ...good, title: 7 }, /title is not text/],
    ['a list for a description', { ...good, description: ['x'] }, /description is not text/],
    ['a list for a schema', { ...good, inputSchema: [] }, /inputSchema is not an object/],
    ['true for a schema', { ...good, inputSchema: true }, /inputSchema is not an object/],
    ['text for an output schema', { ...good, outputSchema: '{}' }, /outputSchema is not an object/],
    ['text for annotations', { ...good, annotations: 'readOnlyHint' }, /annotations is not an object/],
    ['deep annotations', { ...good, annotations: nested(100) }, /deeper than 64/],
    ['a schema deeper than any stack', { ...good, inputSchema: nested(200_000) }, /deeper than 64/],
    ['a deep field that is not kept', { ...good, _meta: nested(200_000) }, /deeper than 64/],
    ['a number beyond JSON', { ...good, inputSchema: JSON.parse('{"maximum":[1e999]}') }, /number that JSON cannot/],
    ['more than a megabyte', { ...good, description: 'ä'.repeat(600_000) }, /larger than 1048576 bytes/],
  ];
  test.each(BAD)('is refused with %s, and the next one is not', (_, tool, reason) => {
    const { tools, rejections } = readTools([tool, good], LIMITS);
    expect(tools).toEqual([good]);
    expect(rejections).toEqual([expect.objectContaining({ index: 0, reason: expect.stringMatching(reason) })]);
    expect(JSON.stringify(rejections).length).toBeLessThan(2000);
  });

  const ODD: readonly (readonly [string, JsonObject])[] = [
    ['nothing but a name', { name: 'x' }],
    ['a name of the greatest length', { name: 'x'.repeat(LIMITS.nameLength) }],
    ['markup, escapes and marks of direction', { name: '<b>\x1b[31m\u202e', description: '<script>\x07' }],
    ['the greatest depth', { name: 'x', inputSchema: nested(LIMITS.depth - 1) as JsonObject }],
    [
      'names that objects have of themselves',
      JSON.parse('{"name":"constructor","inputSchema":{"__proto__":{"a":1},"constructor":1}}'),
    ],
    [
      '20,000 properties',
      {
        name: 'x',
        inputSchema: { properties: Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`p${i}`, {}])) },
      },
    ],
    ['a schema that points at itself', { name: 'x', inputSchema: { $ref: '#' }, outputSchema: { pattern: '(a+)+$' } }],
    ['half a character in its description', { name: 'x', description: 'a\ud800b\0' }],
  ];
  test.each(ODD)('is kept as it is with %s', (_, tool) => {
    const began = performance.now();
    const { tools, rejections } = readTools([tool], LIMITS);
    expect(rejections).toEqual([]);
    expect(JSON.stringify(tools[0])).toBe(JSON.stringify(tool));
    expect(performance.now() - began).toBeLessThan(500);
    expect(({} as { a?: number }).a).toBeUndefined();
  });

  test('carries no field that is null or not of a definition', () => {
    const tool = { ...good, title: null, annotations: null, _meta: { hidden: true }, execute: 'x' };
    expect(readTools([tool], LIMITS).tools).toEqual([good]);
  });

  test('may be of a length and depth that depends on the limits', () => {
    expect(why({ name: 'xyz' }, { ...LIMITS, nameLength: 2 })).toMatch(/longer than 2/);
    expect(why({ ...good, inputSchema: nested(3) }, { ...LIMITS, depth: 2 })).toMatch(/deeper than 2/);
    expect(why(good, { ...LIMITS, toolBytes: 10 })).toMatch(/larger than 10/);
  });
});

describe('a list', () => {
  test('keeps the first of a name, whatever the name is', () => {
    const names = ['a', '__proto__', 'constructor', 'a', '__proto__', 'A', 'a '];
    const { tools, rejections } = readTools(
      names.map((name, i) => ({ name, description: String(i) })),
      LIMITS,
    );
    expect(tools.map(({ name }) => name)).toEqual(['a', '__proto__', 'constructor', 'A', 'a ']);
    expect(rejections).toEqual([
      { index: 3, name: 'a', reason: 'another tool has this name' },
      { index: 4, name: '__proto__', reason: 'another tool has this name' },
    ]);
  });

  test('that is too long is told of once', () => {
    const { tools, rejections } = readTools(
      Array.from({ length: 100 }, (_, i) => ({ name: `t${i}` })),
      { ...LIMITS, tools: 10 },
    );
    expect([tools.length, rejections]).toEqual([
      10,
      [{ index: 10, name: 't10', reason: 'the list is longer than 10 tools' }],
    ]);
  });
});

describe('what a server says of itself', () => {
  test('is kept where it is an object of a size that can be kept', () => {
    expect(readFacts({ name: 'x', version: '1' }, LIMITS)).toEqual({ name: 'x', version: '1' });
    for (const bad of ['x', 7, null, undefined, [], nested(200_000), { name: 'x'.repeat(100_000) }])
      expect(readFacts(bad, LIMITS)).toBeUndefined();
  });
});
