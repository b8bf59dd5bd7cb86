import { CATEGORIES, type Category } from '#domain/verdict.ts';
import { forms, languages } from './lexicon.ts';
import { READ_ONLY, READING_LANGUAGE } from './phrases.ts';
import { quote } from './quote.ts';
import { REASONS } from './reasons.ts';
import type { Clue } from './signal.ts';
import type { Subject } from './subject.ts';

/** A verb of another language where it stands in a text. */
interface ForeignVerb {
  readonly language: string;
  readonly says: Category;
  readonly verb: string;
  readonly at: number;
}

/** How far into a sentence verbs are looked for, in UTF-16 units. */
const REACH = 160;
const ENGLISH = /\b(?:the|of|for|from|with|this|and|to)\b/;
const NOT_ASCII = /[^\x00-\x7f]/;
/** Japanese and Korean verbs end the sentence. */
const VERB_LAST = /[\u3040-\u30ff\uac00-\ud7af]/;
/** What joins a verb to the one before it. */
const JOINS = /[、，,/／或和与及并・や및]\s*$/;
/** What is run where a query is run. */
const QUERY = /查询|查詢|クエリ|쿼리|quer|consulta|запрос|abfrage|requête/;
/** A verb of running counts this much where what it runs only reads. */
const ONLY_READS = 0.1;
const SPACED = languages.filter(({ spaced }) => spaced);

/** Whether the word at a place is a form of an English verb that only begins like one of another language. */
function isEnglish(text: string, at: number): boolean {
  return forms.has(/^[a-z]*/.exec(text.slice(at, at + 30))?.[0] ?? '');
}

const LETTER = /\p{L}/u;

/** Whether a match begins a word and, unless stems do, also ends it. */
function isWord(text: string, at: number, length: number, stems: boolean): boolean {
  return !LETTER.test(text[at - 1] ?? ' ') && (stems || !LETTER.test(text[at + length] ?? ' '));
}

/** The verbs of other languages in a text, the leading one first. Latin scripts are asked only where no English stands. */
export function foreignVerbs(text: string, english: boolean): readonly ForeignVerb[] {
  const found: ForeignVerb[] = [];
  for (const { language, verbs, spaced, stems } of NOT_ASCII.test(text) ? languages : SPACED) {
    if (spaced && english) continue;
    for (const says of CATEGORIES)
      for (const verb of verbs[says] ?? []) {
        let at = text.indexOf(verb);
        while (at >= 0 && spaced && !isWord(text, at, verb.length, stems)) at = text.indexOf(verb, at + 1);
        if (at >= 0 && !(spaced && isEnglish(text, at))) found.push({ language, says, at, verb });
      }
  }
  const last = VERB_LAST.test(text);
  return found
    .filter(({ language }) => !last || language === 'Japanese' || language === 'Korean')
    .sort((a, b) => (last ? b.at - a.at : a.at - b.at) || b.verb.length - a.verb.length);
}

/** The verbs of the description's first sentence: the leading one, and those joined to others. */
export function foreignActs({ description, lower, statements }: Subject) {
  const first = statements[0];
  if (!first) return { lead: undefined, joined: [] };
  const text = lower.slice(first.start, Math.min(first.end, first.start + REACH));
  const [lead, ...others] = foreignVerbs(text, ENGLISH.test(text) || first.acts.length > 0);
  const readsOnly = QUERY.test(text) && (READ_ONLY.test(lower) || READING_LANGUAGE.test(lower));
  const clue = ({ says, verb, at, language }: ForeignVerb): Clue => ({
    says,
    weight: says === 'Execute' && readsOnly ? ONLY_READS : 1,
    because: `${REASONS[says]} (${language})`,
    quote: quote('/description', description, first.start + at, first.start + at + verb.length),
  });
  const joined = others.filter(({ at }) => JOINS.test(text.slice(Math.max(0, at - 3), at)));
  return { lead: lead && clue(lead), joined: joined.map(clue) };
}
