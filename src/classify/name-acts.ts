import { type Act, formOf, JOINS, meaning, objectAfter } from './acts.ts';
import { ambiguous, forms, nouns, senses, sentences, singular, stops } from './lexicon.ts';
import type { Word } from './words.ts';

/** Verbs that carry out another one. */
const CARRIERS = new Set([
  'execute',
  'run',
  'perform',
  'do',
  'call',
  'trigger',
  'process',
  'confirm',
  'force',
  'invoke',
  'auto',
]);
/** Whether what follows a verb in a word without breaks is a word as well: a noun that is known, or `or` and a verb. */
function isWord(rest: string): boolean {
  const joined = /^(?:or|and)([a-z]+)$/.exec(rest);
  return nouns.has(singular(rest)) || (joined !== null && forms.has(joined[1]!));
}

/** A name written without any breaks (`deletefile`, `createorupdate`), split after the verb it begins with. */
function splitRunOn(word: Word): readonly Word[] {
  for (let length = Math.min(word.text.length - 3, 12); length >= 4; length--) {
    const verb = word.text.slice(0, length);
    const rest = word.text.slice(length);
    if (forms.get(verb)?.form !== 'base' || ambiguous.has(verb) || !isWord(rest)) continue;
    const middle = word.start + length;
    return [
      { text: verb, start: word.start, end: middle },
      { text: rest, start: middle, end: word.end },
    ];
  }
  return [word];
}

/** A name's words without a tail that says nothing (`_tool`, `_v2`). */
export function withoutTail(words: readonly Word[]): readonly Word[] {
  let end = words.length;
  while (end > 1 && (sentences.tails.has(words[end - 1]!.text) || /^\d+$/.test(words[end - 1]!.text))) end--;
  return end === words.length ? words : words.slice(0, end);
}

/** The acts in the words of a name, those of a shared prefix left out. */
export function actsOfName(words: readonly Word[], prefixes: ReadonlySet<string>): readonly Act[] {
  const acts = actsIn(words, prefixes);
  if (acts.some(({ sure }) => sure)) return acts;
  const split = words.flatMap((word) =>
    word.text.length >= 8 && !formOf(word.text) && !nouns.has(singular(word.text)) ? splitRunOn(word) : [word],
  );
  return split.length > words.length ? actsIn(split, prefixes) : acts;
}

/** Verbs that end the name of a REST path; none of them is a noun as well. */
const ENDS_PATH = new Set(['create', 'delete', 'remove', 'upsert', 'insert']);

function actsIn(words: readonly Word[], prefixes: ReadonlySet<string>): readonly Act[] {
  let first = 0;
  while (first < words.length - 1 && prefixes.has(words[first]!.text)) first++;
  const limit = words.findIndex((word, at) => at > first && stops.has(word.text));
  const end = limit < 0 ? words.length : limit;
  const isTailNoun = ({ text }: Word, at: number) =>
    at > first && at === end - 1 && !JOINS.has(words[at - 1]!.text) && sentences.tailNouns.has(text);
  // open_orders: orders that are open; open_order would open one.
  const isAdjective = ({ text }: Word, at: number) => text === 'open' && /[^s]s$/.test(words[at + 1]?.text ?? '');
  const verbs = words
    .map((word, at) => ({
      word,
      at,
      form: isTailNoun(word, at) || isAdjective(word, at) ? undefined : formOf(word.text),
    }))
    .filter(
      ({ form, at }) =>
        at >= first &&
        at < end &&
        (form?.form === 'base' || (at === first && form?.form === 's' && !ambiguous.has(form.lemma))),
    );
  const sure = (at: number) => !ambiguous.has(verbs.find((verb) => verb.at === at)!.form!.lemma);
  const lead = verbs[0]?.at === first ? verbs[0] : undefined;
  const firstSure = verbs.find(({ at }) => sure(at));
  // execute_delete_all: what is carried out is the act.
  const carried =
    lead && CARRIERS.has(lead.form!.lemma) ? verbs.find(({ at }) => at === first + 1 && sure(at)) : undefined;
  // order_create: at the end a sure verb wins over a word that is as often a noun.
  const ending = verbs.findLast(({ at, word }) => at === end - 1 && at > first && sentences.finals.has(word.text));
  // explore_form_data_create: the act of a REST path ends it.
  const rest = verbs.findLast(
    ({ at, word }) => at === end - 1 && at > first + 1 && !JOINS.has(words[at - 1]!.text) && ENDS_PATH.has(word.text),
  );
  const reads = lead && senses.get(lead.form!.lemma)?.says === 'Read';
  const main =
    carried ??
    (reads ? rest : undefined) ??
    (lead && ending && sentences.things.has(words[first]!.text) ? ending : undefined) ??
    (lead && (sure(lead.at) || !firstSure || firstSure.at !== end - 1) ? lead : undefined) ??
    firstSure ??
    verbs.find(({ at }) => at === end - 1) ??
    verbs[0];
  if (!main) return [];
  return verbs.map(({ word, at, form }) => {
    const last = at === end - 1 && at > 0;
    const object = last ? words.slice(at > first ? first : 0, at).map(({ text }) => text) : objectAfter(words, at);
    const joined = at > 1 && JOINS.has(words[at - 1]!.text);
    return {
      lemma: form!.lemma,
      word,
      sense: meaning(form!.lemma, object),
      object,
      role: at === main.at ? 'main' : joined ? 'joined' : 'aside',
      sure: sure(at),
      leads: at === first && at < end - 1 && object.length > 0,
    } as const;
  });
}
