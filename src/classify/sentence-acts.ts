import { type Act, formOf, JOINS, meaning, objectAfter } from './acts.ts';
import { ambiguous, type Form, forms, sentences, stops } from './lexicon.ts';
import { SQL_KEYWORDS, SQL_ONLY } from './phrases.ts';
import type { Sentence, Word } from './words.ts';

const { beforeBase, beforeThird, clauses, adjuncts, asks, negations, leadIns, helpers, helped, describers, pronouns } =
  sentences;

/** No main verb stands further into a sentence than this many words. */
const FURTHEST = 40;
/** A joined verb stands at most this many words after the main verb. */
const JOINED_WITHIN = 24;

/** A label before the sentence proper has at most this many words. */
const LABEL = 6;

/** “Partially update”, “permanently deletes”: how something is done, not what. Nouns that end alike are none. */
const ADVERB = /^(?!(?:famil|assemb|anoma|monopo|ju|ita|jel|bel|ral|al|f)ly$)[a-z]{2,}ly$/;

function matches({ form }: Form, before: string, after: string, lead: boolean, resumed: boolean): boolean {
  // After a clause and its comma a list may go on (before signing, paying, …; before it stores, sends, or …).
  const listed = resumed && (form === 'ing' || (form === 's' && (before === 'or' || after.startsWith(','))));
  if (lead) return form !== 'ed' && !listed;
  if (form === 's') return beforeThird.has(before);
  if (form === 'ing') return before === 'for' || before === 'and' || before === 'by';
  return form === 'base' && beforeBase.has(before);
}

/** Whether a word at the start of a sentence only leads up to the main verb ("Use this tool to …", "Allows you to …"). */
function leadsIn(words: readonly Word[], at: number): boolean {
  const { text } = words[at]!;
  const next = words[at + 1]?.text ?? '';
  if (describers.has(text) || (ADVERB.test(text) && !forms.has(text))) return true;
  if (!helpers.has(text))
    return leadIns.has(text) && !(at === 0 && forms.has(text) && !leadIns.has(next) && !forms.has(next));
  if (at > 0 && /^(?:enables|allows|helps|lets)$/.test(text)) return true;
  if (text.startsWith('provide') || text.startsWith('offer'))
    return (next === 'the' || next === 'a') && /^(?:ability|way|capability|means)$/.test(words[at + 2]?.text ?? '');
  return (
    helped.has(next) ||
    (next === 'the' && helped.has(words[at + 2]?.text ?? '')) ||
    (forms.has(next) && !ambiguous.has(next))
  );
}

function act(words: readonly Word[], at: number, form: Form, role: Act['role'], sure: boolean, earlier?: Act): Act {
  const own = objectAfter(words, at);
  const object = earlier && own.length > 0 && pronouns.has(own[0]!) ? earlier.object : own;
  const sense = meaning(form.lemma, object);
  return { lemma: form.lemma, word: words[at]!, sense, object, role, sure, leads: at === 0 && object.length > 0 };
}

/** Whether a form in -s is the plural of a noun: "news and updates about x", "a profile and posts with comments". */
function isNoun({ form, lemma }: Form, next: string | undefined): boolean {
  if (form !== 's') return false;
  if (next === 'about' || next === 'of' || next === 'for') return true;
  return ambiguous.has(lemma) && (next === undefined || stops.has(next));
}

/** Whether a word that may be a noun has an object of its own, as only a verb has (“and name the file”). */
function takesObject(words: readonly Word[], at: number): boolean {
  const next = words[at + 1]?.text;
  return next !== undefined && (sentences.fillers.has(next) || pronouns.has(next));
}

/** The acts of a sentence: its main verb and those joined to it. Empty where it has no main verb or denies it. */
export function actsOfSentence({ words, start, end }: Sentence, text: string): readonly Act[] {
  const acts: Act[] = [];
  let main: Form | undefined;
  let mainAt = 0;
  let lastAt = 0;
  let lead = true;
  let resumed = false;
  let adjunct = false;
  const isSql = SQL_ONLY.test(text.slice(start, end));
  for (let at = 0; at < words.length && at < FURTHEST; at++) {
    const word = words[at]!;
    const before = words[at - 1];
    const gap = before ? text.slice(before.end, word.start) : '';
    if (main && /[([:"“]|\s[-–—]\s/.test(gap)) break;
    // A label before the sentence proper: [Notes], RPC:, Reports -
    if (!main && at <= LABEL && /[\]:–—]|\s-\s/.test(gap)) lead = true;
    if (negations.has(word.text) || (main && clauses.has(word.text) && !asks.has(main.lemma))) break;
    if (!main && (clauses.has(word.text) || adjuncts.has(word.text)) && !(lead && at > 0 && leadIns.has(word.text))) {
      while (at + 1 < words.length && !text.slice(words[at]!.end, words[at + 1]!.start).includes(',')) at++;
      lead = true;
      resumed = true;
      continue;
    }
    if (adjuncts.has(word.text)) adjunct = true;
    // INSERT or DELETE in capitals are what is run, not what is done.
    const keyword = isSql && main && SQL_KEYWORDS.has(text.slice(word.start, word.end));
    const form = keyword ? undefined : formOf(word.text);
    if (!main) {
      const leading = lead && leadsIn(words, at);
      if (form && !leading && matches(form, before?.text ?? '', text.slice(word.end, word.end + 1), lead, resumed)) {
        main = form;
        mainAt = at;
        lastAt = at;
        acts.push(act(words, at, form, 'main', lead || form.form !== 'base' || !ambiguous.has(form.lemma)));
      }
      if (!leading) lead = false;
    } else if (form?.form === main.form && !isNoun(form, words[at + 1]?.text) && at - mainAt < JOINED_WITHIN) {
      // Drag and drop is one act.
      if (form.lemma === 'drop' && words[at - 2]?.text.startsWith('drag')) continue;
      const joins = JOINS.has(before!.text);
      // "by name, key or type": what may be a noun is one there.
      if (adjunct && ambiguous.has(form.lemma)) continue;
      if (
        (joins || /[,/&]\s*$/.test(gap)) &&
        (!ambiguous.has(form.lemma) || at - lastAt <= 3 || takesObject(words, at))
      ) {
        lastAt = at;
        acts.push(act(words, at, form, 'joined', !ambiguous.has(form.lemma), acts.at(-1)));
      }
    }
  }
  return acts;
}
