import { ambiguous, type Form, forms, type Sense, senseOf, stops } from './lexicon.ts';
import type { Sentence, Word } from './words.ts';

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

const JOINS = new Set(['and', 'or', 'then']);

function formOf(word: string): Form | undefined {
  const known = forms.get(word);
  if (known) return known;
  // undo, reopen, rescan: the rest of the word says what kind of act it is.
  if (word.startsWith('un') && forms.get(word.slice(2))?.form === 'base' && word.length > 5)
    return { lemma: word, form: 'base' };
  if (word.startsWith('re') && word.length > 5 && forms.get(word.slice(2))?.form === 'base')
    return { lemma: word.slice(2), form: 'base' };
  return undefined;
}

function meaning(lemma: string, object: readonly string[]): Sense {
  return senseOf(lemma, object) ?? { says: 'Write', weight: 0.8, because: 'takes an earlier act back' };
}

function objectAfter(words: readonly Word[], at: number): readonly string[] {
  const object: string[] = [];
  for (let index = at + 1; index < words.length && object.length < 6; index++) {
    const { text } = words[index]!;
    if (stops.has(text) && !(text === 'of' && object.length === 1)) {
      // remove_from_list: what it is taken from is the object where nothing else is.
      if (text === 'from' && words[index + 1]) object.unshift(...['from', words.at(-1)!.text]);
      break;
    }
    if (JOINS.has(text)) break;
    object.push(text);
  }
  return object;
}

/** The acts in the words of a name, those of a shared prefix left out. */
export function actsOfName(words: readonly Word[], prefixes: ReadonlySet<string>): readonly Act[] {
  let first = 0;
  while (first < words.length - 1 && prefixes.has(words[first]!.text)) first++;
  const limit = words.findIndex((word, at) => at > first && stops.has(word.text));
  const end = limit < 0 ? words.length : limit;
  const verbs = words
    .map((word, at) => ({ word, at, form: formOf(word.text) }))
    .filter(
      ({ form, at }) => at >= first && at < end && (form?.form === 'base' || (at === first && form?.form === 's')),
    );
  const sure = (at: number) => !ambiguous.has(verbs.find((verb) => verb.at === at)!.form!.lemma);
  const lead = verbs[0]?.at === first ? verbs[0] : undefined;
  const firstSure = verbs.find(({ at }) => sure(at));
  // order_create: at the end a sure verb wins over a word that is as often a noun.
  const main =
    (lead && (sure(lead.at) || !firstSure || firstSure.at !== end - 1) ? lead : undefined) ??
    firstSure ??
    verbs.find(({ at }) => at === end - 1) ??
    verbs[0];
  if (!main) return [];
  return verbs.map(({ word, at, form }) => {
    const last = at === end - 1 && at > first;
    const object = last ? words.slice(first, at).map(({ text }) => text) : objectAfter(words, at);
    const joined = at > 1 && JOINS.has(words[at - 1]!.text);
    return {
      lemma: form!.lemma,
      word,
      sense: meaning(form!.lemma, object),
      object,
      role: at === main.at ? 'main' : joined ? 'joined' : 'aside',
      sure: sure(at),
      leads: at === first && object.length > 0,
    } as const;
  });
}

/** Words after which a verb of the main clause stands in its base form. */
const BEFORE_BASE = new Set([
  'to',
  'will',
  'can',
  'you',
  'and',
  'or',
  'may',
  'let',
  'lets',
  'please',
  'tool',
  'then',
  'agents',
  'clients',
  'users',
  'user',
]);
/** Words that open another clause: what follows is not what the tool does. */
const CLAUSE = new Set([
  'if',
  'when',
  'before',
  'after',
  'unless',
  'because',
  'since',
  'once',
  'until',
  'while',
  'where',
  'whether',
  'via',
  'by',
  'using',
  'without',
]);
/** A sentence that says what is not done, or what should not be, has no act. */
const NEGATIONS = new Set(['not', 'never', 'don', 'doesn', 'cannot', 'isn', 'instead', 'avoid']);
/** Words that may stand between the start of a sentence and its verb. */
const LEAD_IN = new Set([
  'this',
  'the',
  'a',
  'an',
  'tool',
  'function',
  'use',
  'used',
  'api',
  'endpoint',
  'is',
  'it',
  'that',
  'which',
  'allows',
  'allow',
  'enables',
  'enable',
  'lets',
  'let',
  'you',
  'for',
  'helps',
  'help',
  'to',
  'can',
  'be',
  'will',
  'quickly',
  'easily',
  'safely',
  'securely',
  'automatically',
  'simply',
  'directly',
  'permanently',
  'please',
  'tools',
  'server',
  'mcp',
  'command',
  'method',
  'action',
  'operation',
  'utility',
  'users',
  'user',
  'async',
  'write',
  'batch',
  'bulk',
  'asynchronously',
  'also',
  'interactively',
  'efficiently',
  'currently',
  'immediately',
  'optionally',
  'programmatically',
  'remotely',
  'manually',
  'first',
  'premium',
  'advanced',
  'rpc',
  'step',
  'provides',
  'ability',
  'way',
  'convenience',
  'primary',
  'simple',
  'used',
  'when',
  'need',
  'want',
]);

/** Words between a verb and its object that say nothing of it. */
const FILLERS = new Set([
  'a',
  'an',
  'the',
  'all',
  'new',
  'existing',
  'one',
  'more',
  'specific',
  'your',
  'this',
  'any',
  'multiple',
  'specified',
  'given',
  'single',
  'out',
  'up',
  'his',
  'their',
]);

function matches(form: Form, before: string | undefined, lead: boolean): boolean {
  if (form.form === 's')
    return (
      lead ||
      before === 'that' ||
      before === 'which' ||
      before === 'and' ||
      before === 'tool' ||
      before === 'it' ||
      !ambiguous.has(form.lemma)
    );
  if (form.form === 'ing') return before === 'for' || before === 'and' || lead;
  if (form.form === 'base') return lead || BEFORE_BASE.has(before ?? '');
  return false;
}

/** The acts of a sentence: its main verb, those joined to it, and others further on. Empty where it has no main verb. */
export function actsOfSentence(sentence: Sentence, text: string): readonly Act[] {
  const { words } = sentence;
  const acts: Act[] = [];
  let main: Form | undefined;
  let mainAt = 0;
  let lead = true;
  for (let at = 0; at < words.length && at < 40; at++) {
    const word = words[at]!;
    const before = words[at - 1];
    if (before && /[([:"“]/.test(text.slice(before.end, word.start)) && main) break;
    if (NEGATIONS.has(word.text) || (main && CLAUSE.has(word.text))) break;
    if (CLAUSE.has(word.text) && !(lead && at > 0 && LEAD_IN.has(word.text))) {
      while (at + 1 < words.length && !text.slice(words[at]!.end, words[at + 1]!.start).includes(',')) at++;
      lead = true;
      continue;
    }
    const form = formOf(word.text);
    if (!main) {
      const leadIn = lead && LEAD_IN.has(word.text) && isLeadIn(words, at);
      if (form && !leadIn && matches(form, before?.text, lead)) {
        main = form;
        mainAt = at;
        acts.push(act(words, at, form, 'main', lead || form.form !== 'base' || !ambiguous.has(form.lemma)));
      }
      if (!leadIn) lead = false;
    } else if (form && form.form === main.form && at - mainAt < 24) {
      const gap = text.slice(before!.end, word.start);
      const joined = before && (JOINS.has(before.text) || /[,/&]\s*$/.test(gap));
      if (joined && (!ambiguous.has(form.lemma) || JOINS.has(before.text) || at - mainAt <= 2))
        acts.push(act(words, at, form, 'joined', !ambiguous.has(form.lemma)));
    }
  }
  return acts;
}

/** Whether a word that may lead in does so here, and is not the main verb itself ("Write a file", "Help text"). */
function isLeadIn(words: readonly Word[], at: number): boolean {
  const { text } = words[at]!;
  if (!forms.has(text)) return true;
  const next = words[at + 1]?.text ?? '';
  if (text === 'use') return next === 'this' || next === 'to' || next === 'it' || next === 'when';
  if (
    text === 'allow' ||
    text === 'allows' ||
    text === 'enable' ||
    text === 'enables' ||
    text === 'lets' ||
    text === 'let' ||
    text === 'help' ||
    text === 'helps'
  )
    return (
      next === 'you' ||
      next === 'to' ||
      next === 'users' ||
      next === 'the' ||
      forms.has(next) ||
      next === 'an' ||
      next === 'agents'
    );
  if (text === 'write' || text === 'batch') return forms.has(next) && forms.get(next)!.form === 'base';
  return text === 'provides'
    ? next === 'the' || next === 'a'
    : text === 'used' || text === 'need' || text === 'can' || text === 'is';
}

function act(words: readonly Word[], at: number, form: Form, role: Act['role'], sure: boolean): Act {
  const object = objectAfter(words, at).filter((word) => !FILLERS.has(word));
  return {
    lemma: form.lemma,
    word: words[at]!,
    sense: meaning(form.lemma, object),
    object,
    role,
    sure,
    leads: at === 0 && object.length > 0,
  };
}
