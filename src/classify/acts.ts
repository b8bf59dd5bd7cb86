import { type Form, forms, type Sense, senseOf, senses, sentences, stops } from './lexicon.ts';
import type { Word } from './words.ts';

/** Something that a text says is done: the verb, what it means with its object, and where it stands. */
export interface Act {
  readonly lemma: string;
  readonly word: Word;
  readonly sense: Sense;
  /** Words of the object, its head last. */
  readonly object: readonly string[];
  /** `main`: what the text is about; `joined`: done as well; `aside`: a verb elsewhere in it. */
  readonly role: 'main' | 'joined' | 'aside';
  /** Whether the verb can hardly be a noun where it stands. */
  readonly sure: boolean;
  /** Whether it stands first and an object follows. */
  readonly leads: boolean;
}

/** Prepositions after which the object of a verb that has no other stands (connect to x). */
const TOWARDS = new Set(['to', 'into', 'on', 'in', 'onto']);
/** `onto` belongs to a verb that stands less than so many words before it. */
const ONTO_WITHIN = 9;
/** Words that join two acts. */
export const JOINS: ReadonlySet<string> = new Set(['and', 'or', 'then']);

/** The verb that a word is a form of, `un…` and `re…` of known verbs included. */
export function formOf(word: string): Form | undefined {
  const known = forms.get(word);
  if (known || word.length <= 5) return known;
  // undo, reopen: the rest of the word says what kind of act it is; to rescan or recalculate sets a job off again.
  const rest = forms.get(word.slice(2));
  if (rest?.form !== 'base') return undefined;
  if (word.startsWith('un')) return senses.get(rest.lemma)?.says === 'Read' ? undefined : { lemma: word, form: 'base' };
  if (!word.startsWith('re')) return undefined;
  return senses.get(rest.lemma)?.says === 'Read' ? { lemma: 'redo', form: 'base' } : rest;
}

/** What a verb means with an object; one that is known only by its `un…` takes an earlier act back. */
export function meaning(lemma: string, object: readonly string[]): Sense {
  return senseOf(lemma, object) ?? { says: 'Write', weight: 0.8, because: 'takes an earlier act back' };
}

/** The words of an object from a place on, up to a preposition; `from x` and `onto x` are kept, since they turn the verb. */
export function objectAfter(words: readonly Word[], at: number): readonly string[] {
  const object: string[] = [];
  for (let index = at + 1; index < words.length && object.length < 6; index++) {
    const { text, start } = words[index]!;
    // A comma, a bracket or a quotation mark ends an object that has begun.
    if (object.length > 0 && start - words[index - 1]!.end > 1) break;
    if (text === 'from') {
      const source = words.slice(index + 1, index + 5).filter((word) => !sentences.fillers.has(word.text));
      const end = source.findIndex((word) => stops.has(word.text) || JOINS.has(word.text));
      const head = (end < 0 ? source : source.slice(0, end)).at(-1);
      if (head) return ['from', head.text, ...object];
    }
    if (text === 'of' && object.length === 1 && sentences.measures.has(object[0]!)) {
      object.pop();
      continue;
    }
    if (object.length === 0 && TOWARDS.has(text)) continue;
    if (JOINS.has(text) || stops.has(text)) break;
    if (!sentences.fillers.has(text)) object.push(text);
  }
  // Dropped onto something, a thing is not gone.
  const onto = words.slice(at + 1, at + ONTO_WITHIN).some(({ text }) => text === 'onto');
  return onto && object.length > 0 ? ['onto', ...object] : object;
}
