import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadClassifier } from '#classify/assess.ts';
import { correct, readCurations } from '#classify/curations.ts';
import { verifyQuote } from '#classify/quote.ts';
import { definitionFingerprint } from '#core/definition.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import { readGold } from '#pipeline/evaluate/gold.ts';

const tool: ToolDefinition = { name: 'flush', description: 'Flushes the page cache; nothing of it is kept anyway.' };
const rules = await loadClassifier();
const verdict = rules.assess(tool, ['flush']);
const entry = (change: Readonly<Record<string, string>> = {}) =>
  Object.entries({
    server: 'npm:x',
    tool: 'flush',
    fingerprint: definitionFingerprint(tool),
    category: 'Write',
    risk: 'low',
    quote: 'nothing of it is kept anyway',
    reason: 'A cache is scratch of the session by the taxonomy.',
    author: 'A. Person',
    date: '2026-11-21',
    ...change,
  })
    .map(([key, value], at) => `${at === 0 ? '- ' : '  '}${key}: ${JSON.stringify(value)}\n`)
    .join('');

test('the file in the repository is right', () => {
  const yaml = readFileSync(join(import.meta.dirname, '..', '..', 'data', 'curations.yaml'), 'utf8');
  expect(() => readCurations(yaml)).not.toThrow();
});

test('each correction of a definition in our gold set applies to it', () => {
  const root = join(import.meta.dirname, '..', '..', 'data');
  const curations = readCurations(readFileSync(join(root, 'curations.yaml'), 'utf8'));
  const { servers } = readGold(join(root, 'gold'));
  const applied = [...servers].flatMap(([server, tools]) =>
    tools.flatMap((one) =>
      correct(curations, one, { ...verdict, category: 'Financial', risk: 'low' }) ? [`${server} ${one.name}`] : [],
    ),
  );
  const listed = curations.filter(({ server }) => servers.has(server)).map(({ server, tool }) => `${server} ${tool}`);
  expect(applied.sort()).toEqual(listed.sort());
});

test('a correction stands visibly, with what was before, and quotes', () => {
  const put = correct(readCurations(entry()), tool, verdict)!;
  expect(put).toMatchObject({
    category: 'Write',
    access: 'write',
    risk: 'low',
    correction: { author: 'A. Person', date: '2026-11-21', before: { category: verdict.category, risk: verdict.risk } },
  });
  expect(put.evidence[0]).toMatchObject({ signal: 'curation', says: 'Write' });
  for (const { quote } of put.evidence) expect(verifyQuote(tool, quote, ['flush'])).toBe(true);
});

test('what the rules say by now needs no correction', () => {
  expect(correct(readCurations(entry()), tool, { ...verdict, category: 'Write', risk: 'low' })).toBeUndefined();
});

test('another definition, and one that no longer says so, is judged anew', () => {
  const changed = { ...tool, description: `${tool.description} Or so.` };
  expect(correct(readCurations(entry()), changed, verdict)).toBeUndefined();
  expect(correct(readCurations(entry({ quote: 'it is harmless' })), tool, verdict)).toBeUndefined();
});

describe('a wrong entry is named with what is expected', () => {
  test.each<[string, string, RegExp]>([
    ['a category', entry({ category: 'Safe' }), /entry 1, category: .*"Read"/],
    ['no reason', entry({ reason: 'wrong' }), /entry 1, reason: says why/],
    ['a short fingerprint', entry({ fingerprint: 'abc' }), /entry 1, fingerprint: is the 64 hex digits/],
    ['a date', entry({ date: 'today' }), /entry 1, date: .*date/],
    ['an unknown key', entry({ severity: 'x' }), /entry 1: .*severity/],
    ['two for one', entry() + entry(), /entry 2, fingerprint: is corrected twice/],
    ['a risk out of reach', entry({ category: 'Read', risk: 'critical' }), /entry 1, risk: is more than two steps/],
    ['no list', 'server: x', /expected array/],
  ])('%s', (_, yaml, why) => expect(() => readCurations(yaml)).toThrow(why));
});
