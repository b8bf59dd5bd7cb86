import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const data = join(import.meta.dirname, '..', '..', 'data');
const read = (name: string) => parse(readFileSync(join(data, `${name}.yaml`), 'utf8'));

test.each(['lexicon', 'lexicon-languages'])('data/%s.yaml is as its schema says', (name) => {
  const valid = new Ajv().compile(JSON.parse(readFileSync(join(data, 'schemas', `${name}.json`), 'utf8')));
  valid(read(name));
  expect(valid.errors ?? []).toEqual([]);
});

test('no verb has two plain senses, and what is ambiguous or turned is a verb', () => {
  const { verbs, ambiguous, turns } = read('lexicon') as {
    verbs: { words: string[] }[];
    ambiguous: string[];
    turns: { verbs: string[] }[];
  };
  const words = verbs.flatMap((group) => group.words);
  expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([]);
  expect(ambiguous.filter((word) => !words.includes(word))).toEqual([]);
  expect(turns.flatMap((turn) => turn.verbs).filter((word) => !words.includes(word))).toEqual([]);
});
