import { CATEGORIES, type Category } from '#domain/verdict.ts';
import type { Act } from './acts.ts';
import { isCategory } from './decide.ts';
import { foreignActs } from './foreign.ts';
import { changedBy } from './kept.ts';
import { singular } from './lexicon.ts';
import { READ_ONLY, READING_LANGUAGE, SAVED } from './phrases.ts';
import { quote } from './quote.ts';
import { REASONS } from './reasons.ts';
import type { Clue } from './signal.ts';
import type { Subject } from './subject.ts';

/** A verb as a clue, quoted where it stands in `text`. */
export function clueOfAct({ sense, word }: Act, field: string, text: string, trust = 1): Clue {
  return {
    says: sense.says,
    weight: sense.weight * trust,
    because: sense.because ?? REASONS[sense.says],
    quote: quote(field, text, word.start, word.end),
  };
}

/** A reading verb counts this much where a stronger one is joined to it: the strongest decides. */
const OUTDONE = 0.35;
/** A verb of running counts this much where what it runs only reads. */
const ONLY_READS = 0.1;
/** A verb that says its category less surely than this outdoes none. */
const SURE = 0.5;
/** What is run where a query is run. */
const STATEMENTS: ReadonlySet<string> = new Set([
  'query',
  'querie',
  'sql',
  'statement',
  'cypher',
  'select',
  'jql',
  'search',
  'pipeline',
]);
/** A verb of the description that says its category this surely settles what a doubtful word of the name means. */
const SETTLES = 0.7;

/** Whether something stronger than reading is joined to the main clause of the description. */
function outdoes({ statements, lower }: Subject): boolean {
  const first = statements.find(({ acts }) => acts.length > 0);
  return first !== undefined && (isOutdone(first.acts) || SAVED.test(lower.slice(first.start, first.end)));
}

function isOutdone(acts: readonly Act[]): boolean {
  return acts.some(({ role, sense }) => role === 'joined' && sense.says !== 'Read' && sense.weight > SURE);
}

/** What the first clause of the description that says anything surely says it does, in whatever language. */
function told(subject: Subject): Pick<Act['sense'], 'says' | 'weight'> | undefined {
  const first = subject.statements.find(({ acts }) => acts.length > 0);
  const main = first?.acts.find(({ role }) => role === 'main');
  if (main) return main.sure ? main.sense : undefined;
  const foreign = first ? undefined : foreignActs(subject).lead;
  return foreign && isCategory(foreign.says) ? { says: foreign.says, weight: foreign.weight } : undefined;
}

/**
 * Whether the statement that a verb runs is one that only reads: the description promises so, or its language cannot
 * write.
 */
function onlyReads({ object }: Act, { lower, tool }: Subject): boolean {
  return (
    object.some((word) => STATEMENTS.has(singular(word))) &&
    (READ_ONLY.test(lower) ||
      READING_LANGUAGE.test(lower) ||
      READING_LANGUAGE.test(tool.name.toLowerCase().replaceAll('_', ' ')))
  );
}

/** How much a noun of the name says: less where the description surely says that something else is done. */
export function trustInNoun(says: Category, subject: Subject): number {
  const settled = told(subject);
  if (!settled || settled.says === says || settled.weight < SETTLES) return 1;
  return says === 'Read' || settled.says === 'Read' ? OUTDONE : 1;
}

/**
 * How far a main verb is to be trusted: a verb of reading counts less where name or description join something stronger
 * to it ("check for and install", "scrapes into a knowledge base"), and a word of the name that may be a noun less where
 * the description settles what is done (query_data: "Execute a SQL query"; fund_manager: "Returns the managers").
 */
export function trustIn(main: Act, subject: Subject): number {
  if (main.sense.says === 'Read' && (isOutdone(subject.acts) || outdoes(subject) || changedBy(subject))) return OUTDONE;
  if (main.sense.says === 'Execute' && onlyReads(main, subject)) return ONLY_READS;
  if (main.sure || !subject.acts.includes(main)) return 1;
  const settled = told(subject);
  if (!settled || settled.says === main.sense.says || settled.weight < SETTLES) return 1;
  return main.sense.says === 'Read' || settled.says === 'Read' ? OUTDONE : 1;
}

/** Whether a category wins over another one by the taxonomy's order. */
export function isStronger(one: Category, other: Category): boolean {
  return CATEGORIES.indexOf(one) > CATEGORIES.indexOf(other);
}

/** Whether the main verb of name or description already says surely that more is done than writing. */
export function doesMoreThanWrite({ acts, statements }: Subject): boolean {
  const lead = statements.find((statement) => statement.acts.length > 0)?.acts ?? [];
  return [...acts, ...lead].some(
    ({ role, sense }) => role === 'main' && sense.weight > SURE && isStronger(sense.says, 'Write'),
  );
}
