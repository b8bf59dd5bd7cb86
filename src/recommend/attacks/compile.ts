import { CATEGORIES, type Evidence } from '#domain/verdict.ts';
import { code, type Prose, type Said, said } from '../prose.ts';
import { excerpt } from '../reasons.ts';
import { ARGUMENT_KINDS } from './argument-kinds.ts';
import type { Attack, Cue } from './attack.ts';
import type { Facts } from './facts.ts';

/** What a cue asks of the server, which is known once for all its tools. */
export interface Surroundings {
  readonly words: ReadonlySet<string>;
  /** Fillers of the other legs in words, where the tool fills this leg of a combination. */
  others(leg: string, tool: string): Prose | undefined;
  /** Another tool of the server that has the facet. */
  beside(facet: string, tool: string): string | undefined;
}

/** A cue made ready: says whether it holds and why, in a time that its own length bounds. */
export interface Test {
  readonly attack: Attack;
  readonly strength: number;
  /** How much it asks for: of two cues as strong, the narrower says more. */
  readonly narrowness: number;
  /** Something without which it cannot hold, that narrows it down the most. */
  readonly key: Key;
  holds(facts: Facts, surroundings: Surroundings): Prose | undefined;
}

/** Words of which one stands in the tool's name or, for `about`, in its server's; bits of kinds of argument; a facet. */
export type Key =
  | { readonly by: 'name' | 'about'; readonly words: readonly string[] }
  | { readonly by: 'argument'; readonly mask: number }
  | { readonly by: 'facet'; readonly facets: readonly string[] }
  | { readonly by: 'nothing' };

type Words = readonly (readonly string[])[];
const alternatives = (items: readonly string[] | undefined): Words => (items ?? []).map((item) => item.split('|'));

function bitOf(kind: string): number {
  const bit = ARGUMENT_KINDS.indexOf(kind);
  if (bit < 0) throw new Error(`'${kind}' is no kind of argument`);
  return bit;
}

const has = (words: Words, known: (word: string) => boolean) => words.every((some) => some.some(known));

/** Compiles one cue. Throws where it names a kind of argument or a hole that there is not. */
export function compile(attack: Attack, cue: Cue): Test {
  let categories = 0;
  for (const one of cue.category ?? CATEGORIES) categories |= 1 << CATEGORIES.indexOf(one);
  const kinds = alternatives(cue.argument).map((some) => some.reduce((mask, kind) => mask | (1 << bitOf(kind)), 0));
  const facets = alternatives(cue.facet).map((some) => some.map((one) => one.split('=') as [string, string?]));
  const name = alternatives(cue.name);
  const head = alternatives(cue.head);
  const about = alternatives(cue.about);
  const server = alternatives(cue.server);
  const without = alternatives(cue.without).flat();
  const phrases = alternatives(cue.text);
  const unsaid = alternatives(cue.unsaid).flat();
  const holds = cue.evidence?.holds?.split('|');
  const template = templateOf(cue);
  const asked = [name, head, about, server, kinds, facets, phrases].reduce((sum, { length }) => sum + length, 0);

  return {
    attack,
    strength: cue.strength,
    key: keyOf([...name, ...head], about, kinds, facets),
    narrowness: asked + [cue.evidence, cue.leg, cue.beside].filter(Boolean).length,
    holds(facts, { words, others, beside }) {
      if ((facts.category & categories) === 0) return undefined;
      for (const mask of kinds) if ((facts.kinds & mask) === 0) return undefined;
      const inName = (word: string) => facts.words.includes(word);
      if (!has(name, inName) || !has(server, (word) => words.has(word))) return undefined;
      if (!has(head, (word) => facts.head === word)) return undefined;
      const around = (word: string) => inName(word) || words.has(word);
      if (!has(about, around) || without.some(around)) return undefined;
      for (const some of facets) if (!some.some(([facet, value]) => isFacet(facts, facet, value))) return undefined;
      const proof = cue.evidence && evidenceOf(facts, cue.evidence, holds);
      if (cue.evidence && !proof) return undefined;
      const companions = cue.leg === undefined ? undefined : others(cue.leg, facts.name);
      if (cue.leg !== undefined && !companions) return undefined;
      const companion = cue.beside?.map((facet) => beside(facet, facts.name));
      if (companion?.includes(undefined)) return undefined;
      let found: string | undefined;
      for (const some of phrases) {
        const phrase = some.find((one) => standsIn(facts.text(), one));
        if (phrase === undefined) return undefined;
        found ??= phrase;
      }
      if (unsaid.some((one) => standsIn(facts.text(), one))) return undefined;
      return template.flatMap((part): Prose => {
        if (typeof part === 'string') return [part];
        if ('masks' in part) return [argument(facts, part.masks)];
        if ('companion' in part) return [code(companion![part.companion]!)];
        if (part.hole === 'words') return [said(found!)];
        if (part.hole === 'quote') return [said(excerpt(proof!.quote.text))];
        return companions!;
      });
    },
  };
}

function keyOf(
  [name]: Words,
  [about]: Words,
  [mask]: readonly number[],
  [facets]: readonly (readonly (readonly [string, string?])[])[],
): Key {
  if (name) return { by: 'name', words: name };
  if (about) return { by: 'about', words: about };
  if (mask !== undefined) return { by: 'argument', mask };
  if (facets) return { by: 'facet', facets: facets.map(([facet]) => facet) };
  return { by: 'nothing' };
}

type Part =
  | string
  | { readonly hole: 'words' | 'quote' | 'others' }
  | { readonly companion: number }
  | { readonly masks: number };

/** The sentence in parts: our words, and holes for what the tool says. */
function templateOf({ because, argument: kinds, text, evidence, leg, beside }: Cue): readonly Part[] {
  const mask = (item: string) => item.split('|').reduce((sum, kind) => sum | (1 << bitOf(kind)), 0);
  return because.split(/(\{[^}]*\})/).flatMap((part): readonly Part[] => {
    if (!part.startsWith('{')) return part === '' ? [] : [part];
    const hole = part.slice(1, -1);
    if (hole === 'argument' && kinds) return [{ masks: mask(kinds[0]!) }];
    const kind = hole.startsWith('kind:') && kinds?.find((item) => item.split('|').includes(hole.slice(5)));
    if (kind) return [{ masks: mask(kind) }];
    if (hole === 'words' && text) return [{ hole }];
    if (hole === 'quote' && evidence) return [{ hole }];
    if (hole === 'others' && leg !== undefined) return [{ hole }];
    const at = hole.startsWith('beside:') && beside ? beside.indexOf(hole.slice(7)) : -1;
    if (at >= 0) return [{ companion: at }];
    throw new Error(`'${because}' has the hole ${part}, which its cue cannot fill`);
  });
}

function argument({ kinds, first }: Facts, masks: number): Said {
  const bit = 31 - Math.clz32(kinds & masks & -(kinds & masks));
  return code(first[bit]!);
}

function isFacet({ verdict: { facets } }: Facts, facet: string, value: string | undefined): boolean {
  if (!Object.hasOwn(facets, facet)) return false;
  return value === undefined ? facets[facet]!.value === true : String(facets[facet]!.value) === value;
}

/** The first evidence of the signal that is as the cue wants it. */
function evidenceOf(
  { verdict }: Facts,
  { signal, field }: NonNullable<Cue['evidence']>,
  holds: readonly string[] | undefined,
): Evidence | undefined {
  const fits = (one: Evidence) =>
    one.signal === signal &&
    (field === undefined || one.quote.field.startsWith(field)) &&
    (holds === undefined || holds.some((words) => one.quote.text.toLowerCase().includes(words)));
  for (const name in verdict.facets) {
    const found = verdict.facets[name]!.evidence.find(fits);
    if (found) return found;
  }
  return verdict.evidence.find(fits);
}

/** Whether a phrase stands in a text as whole words. Linear in the text. */
export function standsIn(text: string, phrase: string): boolean {
  for (let at = text.indexOf(phrase); at >= 0; at = text.indexOf(phrase, at + phrase.length)) {
    const end = at + phrase.length;
    if (!(isWord(text, at - 1) && isWord(text, at)) && !(isWord(text, end) && isWord(text, end - 1))) return true;
  }
  return false;
}

function isWord(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return (unit >= 97 && unit <= 122) || (unit >= 48 && unit <= 57) || unit === 95;
}
