import { expect, test } from 'vitest';
import { contradictions } from '#classify/annotations.ts';
import { loadClassifier } from '#classify/assess.ts';
import { verifyQuote } from '#classify/quote.ts';
import type { JsonObject } from '#domain/tool.ts';

const classifier = await loadClassifier();

function rows(name: string, description: string, annotations: JsonObject) {
  const tool = { name, description, annotations };
  const found = contradictions(tool, classifier.assess(tool, [name]));
  for (const { declaration, evidence } of found) {
    expect(verifyQuote(tool, declaration)).toBe(true);
    expect(evidence.length).toBeGreaterThan(0);
    for (const { quote } of evidence) expect(quote.field.startsWith('/annotations')).toBe(false);
  }
  return found.map(({ hint, declared, claims }) => [hint, declared, claims]);
}

test('a delete that is declared read-only and not destructive is two rows', () => {
  expect(rows('delete_repo', 'Deletes a repository.', { readOnlyHint: true, destructiveHint: false })).toEqual([
    ['readOnlyHint', true, 'safer'],
    ['destructiveHint', false, 'safer'],
  ]);
});
test('a lookup that is declared to write looks graver than it is', () => {
  expect(rows('list_files', 'Lists files.', { readOnlyHint: false })).toEqual([['readOnlyHint', false, 'graver']]);
});
test('sending twice sends twice', () => {
  expect(rows('send_email', 'Sends an e-mail.', { idempotentHint: true })).toEqual([['idempotentHint', true, 'safer']]);
});
test('a web search does reach the open world', () => {
  expect(rows('web_search', 'Searches the web.', { openWorldHint: false })).toEqual([
    ['openWorldHint', false, 'safer'],
  ]);
});
test('what agrees, is not declared, is no boolean or is doubtful contradicts nothing', () => {
  expect(rows('list_files', 'Lists files.', { readOnlyHint: true, destructiveHint: false })).toEqual([]);
  expect(rows('delete_repo', 'Deletes a repository.', {})).toEqual([]);
  expect(rows('delete_repo', 'Deletes a repository.', { readOnlyHint: 'yes' })).toEqual([]);
  expect(rows('update_page', 'Updates a page.', { destructiveHint: true })).toEqual([]);
  expect(rows('x', '', { readOnlyHint: false })).toEqual([]);
});
