import { ambiguous, forms, senses, singular } from './lexicon.ts';
import { nameWords } from './words.ts';

/** What the names of a server's tools say together. */
export interface Family {
  readonly names: ReadonlySet<string>;
  /** Words with which many of the names begin and which say nothing of one tool. */
  readonly prefixes: ReadonlySet<string>;
  /** Tools that act on a thing: the name without its verb, words in the singular and in order → name by verb. */
  readonly acts: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Every word of the names, in the singular, with one name that has it. */
  readonly words: ReadonlyMap<string, string>;
}

/** No server is read further than this; the largest known have a few thousand tools. */
const MOST_SIBLINGS = 20_000;
/** A first word is a prefix from this share of the names on. */
const PREFIX_SHARE = 0.5;

function isVerb(word: string): boolean {
  return forms.get(word)?.form === 'base' && !ambiguous.has(word);
}

/** A name as one verb and the thing it acts on; undefined where it has no sure verb. */
export function verbAndThing(words: readonly string[]): { readonly verb: string; readonly thing: string } | undefined {
  const at = words.findIndex(isVerb);
  const place = at >= 0 ? at : words.findIndex((word) => senses.has(word));
  if (place < 0) return undefined;
  const rest = words.filter((_, index) => index !== place).map(singular);
  return rest.length === 0 ? undefined : { verb: words[place]!, thing: rest.join(' ') };
}

/**
 * First words that many names share and that say nothing of one tool: the product's or the noun's. A verb or a word
 * that may be one is one only where most of its names have a sure verb further on (issue_create beside issue_delete).
 */
function prefixesOf(names: readonly (readonly string[])[]): ReadonlySet<string> {
  const firsts = new Map<string, { count: number; verbs: number; kinds: Set<string> }>();
  for (const words of names) {
    if (words.length < 2) continue;
    const seen = firsts.get(words[0]!) ?? { count: 0, verbs: 0, kinds: new Set() };
    seen.count++;
    const verb = words.find((word, at) => at > 0 && isVerb(word));
    if (verb) {
      seen.verbs++;
      seen.kinds.add(verb);
    }
    firsts.set(words[0]!, seen);
  }
  const prefixes = new Set<string>();
  for (const [word, { count, verbs, kinds }] of firsts) {
    const shared = count >= 3 && count >= names.length * PREFIX_SHARE;
    const besideVerbs = verbs * 2 > count && (!isVerb(word) || (kinds.size > 1 && senses.get(word)?.says !== 'Read'));
    if (shared && ((!isVerb(word) && !senses.has(word)) || besideVerbs)) prefixes.add(word);
  }
  return prefixes;
}

const families = new WeakMap<readonly string[], Family>();

/** Reads a server's names once; the same array gives the same family again. */
export function familyOf(siblings: readonly string[]): Family {
  const known = families.get(siblings);
  if (known) return known;
  const names = siblings.slice(0, MOST_SIBLINGS);
  const split = names.map((name) => nameWords(name).map((word) => word.text));
  const prefixes = prefixesOf(split);
  const acts = new Map<string, Map<string, string>>();
  const words = new Map<string, string>();
  for (const [at, parts] of split.entries()) {
    const act = verbAndThing(parts.filter((word, index) => index > 0 || !prefixes.has(word)));
    if (act) {
      const verbs = acts.get(act.thing) ?? new Map<string, string>();
      verbs.set(act.verb, names[at]!);
      acts.set(act.thing, verbs);
    }
    for (const word of parts) if (!words.has(singular(word))) words.set(singular(word), names[at]!);
  }
  const family = { names: new Set(names), prefixes, acts, words };
  families.set(siblings, family);
  return family;
}
