import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { CATEGORIES, type Category } from '#domain/verdict.ts';

/** What a verb says: a category, how surely, and why where the object turned its meaning. */
export interface Sense {
  readonly says: Category;
  readonly weight: number;
  readonly because?: string;
}

/** A form of a verb: its lemma and which form it is. */
export interface Form {
  readonly lemma: string;
  readonly form: 'base' | 's' | 'ing' | 'ed';
}

interface Turn extends Sense {
  readonly objects: ReadonlySet<string>;
}

const category = z.enum(CATEGORIES);
const weight = z.number().min(0).max(1);
const words = z.array(z.string());
const set = words.transform((list): ReadonlySet<string> => new Set(list));
const English = z.object({
  verbs: z.array(z.object({ says: category, weight, words })),
  ambiguous: words,
  objects: z.record(z.string(), words),
  turns: z.array(
    z.object({ verbs: words, objects: words, says: category, weight: weight.default(0.9), because: z.string() }),
  ),
  heads: z.partialRecord(category, words),
  aliases: z.record(z.string(), z.string()),
  asking: set,
  stops: words,
  sentences: z.object({
    fillers: set,
    beforeBase: set,
    beforeThird: set,
    clauses: set,
    adjuncts: set,
    asks: set,
    negations: set,
    leadIns: set,
    helpers: set,
    helped: set,
    describers: set,
    measures: set,
    carriers: set,
    tails: set,
    tailNouns: set,
    sections: set,
    things: set,
    finals: set,
    pronouns: set,
  }),
  boilerplate: words,
});
const Languages = z.object({
  languages: z.array(
    z.object({
      language: z.string(),
      spaced: z.boolean(),
      stems: z.boolean().default(false),
      verbs: z.partialRecord(category, words),
    }),
  ),
});

const folder = join(import.meta.dirname, '..', '..', 'data');

function load<T>(file: string, shape: z.ZodType<T>): T {
  return shape.parse(parse(readFileSync(join(folder, file), 'utf8')));
}

const english = load('lexicon.yaml', English);

/** Verbs and their plain senses. */
export const senses: ReadonlyMap<string, Sense> = new Map(
  english.verbs.flatMap(({ says, weight, words }) => words.map((word) => [word, { says, weight }] as const)),
);
/** Verbs that are nouns as often. */
export const ambiguous: ReadonlySet<string> = new Set(english.ambiguous);
export const stops: ReadonlySet<string> = new Set(english.stops);
/** Function words of sentences, by what they do there. */
export const sentences = english.sentences;
/** First words of names that ask for what there is. */
export const asking = english.asking;
export const boilerplate: readonly string[] = english.boilerplate;
export const languages = load('lexicon-languages.yaml', Languages).languages;

/** The singular of a noun, good enough for looking it up. */
export function singular(word: string): string {
  if (word.length < 4 || !word.endsWith('s') || word.endsWith('ss') || word.endsWith('us')) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(?:sh|ch|x|ss|z)es$/.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
}

const classes = new Map(
  Object.entries(english.objects).map(([name, members]) => [name, new Set(members.map((m) => singular(m)))]),
);
const turns = new Map<string, Turn[]>();
for (const { verbs, objects, says, weight, because } of english.turns) {
  const members = new Set<string>();
  for (const object of objects) {
    const kind = object.startsWith('@') ? classes.get(object.slice(1)) : [singular(object)];
    if (!kind) throw new Error(`data/lexicon.yaml: a turn of '${verbs[0]}' names the unknown kind ${object}`);
    for (const member of kind) members.add(member);
  }
  for (const verb of verbs) {
    const known = turns.get(verb) ?? [];
    known.push({ says, weight, because, objects: members });
    turns.set(verb, known);
  }
}

/** What noun-only names say by their last word. */
export const heads: ReadonlyMap<string, Category> = new Map(
  Object.entries(english.heads).flatMap(([says, words]) => (words ?? []).map((word) => [word, says as Category])),
);

function inflect(lemma: string): readonly (readonly [string, Form])[] {
  const last = lemma.at(-1)!;
  const consonantY = /[^aeiou]y$/.test(lemma);
  const s = consonantY ? `${lemma.slice(0, -1)}ies` : /(?:s|sh|ch|x|z|[^o]o)$/.test(lemma) ? `${lemma}es` : `${lemma}s`;
  const stem = last === 'e' && !lemma.endsWith('ee') ? lemma.slice(0, -1) : lemma;
  const doubled = /^[^aeiou]*[aeiou][bdgklmnprt]$/.test(lemma) || lemma.endsWith('mit') ? lemma + last : stem;
  const past = consonantY ? `${lemma.slice(0, -1)}ied` : `${doubled}ed`;
  const make = (text: string, form: Form['form']) => [text, { lemma, form }] as const;
  return [
    make(s, 's'),
    make(`${doubled}ing`, 'ing'),
    make(`${stem}ing`, 'ing'),
    make(past, 'ed'),
    make(`${stem}ed`, 'ed'),
  ];
}

/** Every form of every verb. A base form wins over an inflected one of another verb. */
export const forms: ReadonlyMap<string, Form> = new Map([
  ...[...senses.keys()].flatMap(inflect),
  ...([
    ['sends', { lemma: 'send', form: 's' }],
    ['sent', { lemma: 'send', form: 'ed' }],
    ['wrote', { lemma: 'write', form: 'ed' }],
    ['written', { lemma: 'write', form: 'ed' }],
    ['ran', { lemma: 'run', form: 'ed' }],
  ] as const),
  ...Object.entries(english.aliases).map(([alias, lemma]) => [alias, { lemma, form: 'base' } as const] as const),
  ...[...senses.keys()].map((lemma) => [lemma, { lemma, form: 'base' } as const] as const),
]);

/** A turn that only a word before the object's head calls for counts this much. */
const BEFORE_HEAD = 0.7;

/**
 * What a verb says of its object: the words of the object from first to last, its head last.
 * The head is asked first, alone and with the word before it, then the words before it; the first turn that fits wins.
 * `none` in a turn stands for no object at all.
 */
export function senseOf(verb: string, object: readonly string[]): Sense | undefined {
  const known = turns.get(verb);
  if (object.length === 0) return known?.find(({ objects }) => objects.has('none')) ?? senses.get(verb);
  // Taken out of a list, whatever it is that is taken.
  const source = object[0] === 'from' && object.length > 2 ? `from ${singular(object[1]!)}` : undefined;
  const taken = source && known?.find(({ objects }) => objects.has(source));
  if (taken) return taken;
  for (let at = object.length - 1; known && at >= 0; at--) {
    const noun = singular(object[at]!);
    const pair = at > 0 ? `${object[at - 1]} ${noun}` : noun;
    const turn = known.find(({ objects }) => objects.has(pair) || objects.has(noun));
    if (turn && at === object.length - 1) return turn;
    // What only qualifies the object never makes an act harmless.
    if (turn && turn.says !== 'Read') return { ...turn, weight: turn.weight * BEFORE_HEAD };
  }
  const carried = english.sentences.carriers.has(verb) ? senses.get(singular(object.at(-1)!)) : undefined;
  if (carried?.says === 'Financial' || carried?.says === 'Destructive') return carried;
  return senses.get(verb);
}

/** Nouns that the lexicon knows, in the singular. */
export const nouns: ReadonlySet<string> = new Set(
  [...classes.values()]
    .flatMap((members) => [...members])
    .concat(
      [...turns.values()].flat().flatMap(({ objects }) => [...objects]),
      [...heads.keys()].map(singular),
    ),
);
