import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Links } from '../addresses/links.ts';
import { type Html, html } from '../markup/html.ts';

const text = z.string().min(1);
const Word = z.strictObject({
  word: text,
  means: text,
  /** Related words. */
  see: z.array(text).optional(),
  /** A kind of page, of which there is one, that shows what the word stands for. */
  page: text.optional(),
});
const words = z
  .strictObject({ words: z.record(z.string().regex(/^[a-z]+(-[a-z]+)*$/), Word) })
  .refine(({ words }) => Object.values(words).every(({ see = [] }) => see.every((id) => Object.hasOwn(words, id))), {
    message: 'data/glossary.yaml: a word refers to one that there is not',
  })
  .parse(parse(readFileSync(join(import.meta.dirname, '..', '..', '..', 'data', 'glossary.yaml'), 'utf8'))).words;

/** A word that the pages use, and what they mean by it. */
export interface GlossaryWord extends z.infer<typeof Word> {
  readonly id: string;
}

/** Every word of data/glossary.yaml in order of the alphabet. */
export const GLOSSARY: readonly GlossaryWord[] = Object.entries(words)
  .map(([id, word]) => ({ id, ...word }))
  .sort((a, b) => (a.word.toLowerCase() < b.word.toLowerCase() ? -1 : 1));

const byId = new Map(GLOSSARY.map((word) => [word.id, word]));

/** A word by its id; undefined where there is none. */
export function glossaryWord(id: string): GlossaryWord | undefined {
  return byId.get(id);
}

const made = new WeakMap<Links, Map<string, Html>>();

/** A link to what a word means, under any label. Throws for a word that the glossary has not. */
export function term(id: string, label: string, links: Links): Html {
  const here = made.get(links) ?? new Map<string, Html>();
  made.set(links, here);
  // Few words under few labels stand on very many pages.
  const key = `${id} ${label}`;
  const known = here.get(key);
  if (known) return known;
  if (!byId.has(id)) throw new Error(`the glossary has no word '${id}'`);
  const link = html`<a class="term" href="${links.to('word', id)}">${label}</a>`;
  here.set(key, link);
  return link;
}
