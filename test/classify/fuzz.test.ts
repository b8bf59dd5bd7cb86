import { describe, expect, test } from 'vitest';
import { loadClassifier } from '#classify/assess.ts';
import { verifyQuote } from '#classify/quote.ts';
import { parametersOf } from '#classify/schema.ts';
import { prepare } from '#classify/subject.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';
import { corpus } from '../support/corpus.ts';
import { mutated, seeded } from '../support/mutate.ts';

const classifier = await loadClassifier();
const own: readonly ToolDefinition[] = [
  { name: 'delete_repo', description: 'Permanently deletes a repository.', inputSchema: { properties: { id: {} } } },
  { name: 'manage_page', description: 'Manages pages (create, update, delete).' },
  { name: 'run_query', description: 'Runs SQL.', inputSchema: { properties: { sql: { type: 'string' } } } },
  { name: 'fetchPage', description: '指定したURLを取得します。', inputSchema: { properties: { url: {} } } },
];
const real = corpus().flatMap(({ tools }) => tools);
const seeds = real.length > 0 ? real : own;

/** More than this of a definition is never read, whatever it holds. */
const MOST = { parameters: 120, sentences: 13, description: 4_000, name: 200 };

describe('definitions bent at random', () => {
  test('get a verdict whose quotes stand, and a bounded part of them is read', () => {
    const random = seeded(11);
    for (let round = 0; round < 1_500; round++) {
      const tool = mutated(seeds[Math.floor(random() * seeds.length)]!, random);
      const siblings = [tool.name, 'get_page', 'delete_page'];
      const verdict = classifier.assess(tool, siblings);
      expect(CATEGORIES).toContain(verdict.category);
      expect(RISKS).toContain(verdict.risk);
      for (const { quote } of verdict.evidence)
        expect(verifyQuote(tool, quote, siblings), JSON.stringify([tool.name, quote])).toBe(true);
      const { words, statements, description } = prepare(tool, siblings);
      expect(words.length).toBeLessThanOrEqual(MOST.name);
      expect(statements.length).toBeLessThanOrEqual(MOST.sentences);
      expect(description.length).toBeLessThanOrEqual(MOST.description);
      expect(parametersOf(tool.inputSchema).length).toBeLessThanOrEqual(MOST.parameters);
    }
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as { enum?: unknown; properties?: unknown }).properties).toBeUndefined();
  });
});
