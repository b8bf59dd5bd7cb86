import type { ToolDefinition } from '#domain/tool.ts';
import { CATEGORIES, type Category, type Evidence, type Verdict } from '#domain/verdict.ts';
import { formOf } from './acts.ts';
import { isCategory } from './decide.ts';
import { sentences, singular, stops } from './lexicon.ts';
import { withoutTail } from './name-acts.ts';
import { nameWords } from './words.ts';

/** A tool of a server with its verdict. */
export interface Assessed {
  readonly server: string;
  readonly tool: ToolDefinition;
  readonly verdict: Verdict;
}

/** One category that an operation was given: where, and what the definitions say there and not elsewhere. */
export interface Reading {
  readonly category: Category;
  readonly tools: readonly { readonly server: string; readonly name: string; readonly confidence: number }[];
  /** Evidence for this category in one of these tools that no tool of another category has. Empty: unexplained. */
  readonly explained: readonly Evidence[];
}

/** An operation that has more than one category, the commonest first. */
export interface Inconsistency {
  /** The operation's words, as they are compared. */
  readonly operation: string;
  readonly readings: readonly Reading[];
  /** Whether evidence tells why, for each reading but the commonest. */
  readonly isExplained: boolean;
}

/** What operations of many servers amount to. */
export interface Consistency {
  /** Operations that stand on more than one server. */
  readonly operations: number;
  readonly consistent: number;
  readonly inconsistencies: readonly Inconsistency[];
}

/** From this share of common words on, two descriptions tell of the same (Jaccard). */
const ALIKE = 0.2;
const FIRST_WORDS = 40;

/** The words of a name that say what is done: lower case, singular, verbs by their lemma, without prepositions. */
export function operationOf(name: string, server = ''): string {
  const words = withoutTail(nameWords(name)).map(({ text }) => text);
  const product = new Set(nameWords(server.split(/[:/]/).at(-1) ?? '').map(({ text }) => text));
  const own = words.filter(
    (word, at) => !(at === 0 && words.length > 2 && product.has(word)) && !sentences.fillers.has(word),
  );
  return own
    .map((word) => formOf(word)?.lemma ?? singular(word))
    .filter((word) => !stops.has(word))
    .join(' ');
}

function wordsOf({ description = '' }: ToolDefinition): ReadonlySet<string> {
  const words = (description.toLowerCase().match(/[a-z]{3,}|[^\x00-\x7f]/g) ?? []).slice(0, FIRST_WORDS);
  return new Set(words.filter((word) => !stops.has(word) && !sentences.fillers.has(word)).map(singular));
}

function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  // Where one says nothing, the name alone decides.
  if (one.size === 0 || other.size === 0) return 1;
  let common = 0;
  for (const word of one) if (other.has(word)) common++;
  return common / (one.size + other.size - common);
}

interface Member extends Assessed {
  readonly words: ReadonlySet<string>;
}

/** Groups tools of one name by what their descriptions have in common with the first of each group. */
function alike(members: readonly Member[]): readonly (readonly Member[])[] {
  const groups: Member[][] = [];
  for (const member of members) {
    const group = groups.find(([first]) => likeness(first!.words, member.words) >= ALIKE);
    if (group) group.push(member);
    else groups.push([member]);
  }
  return groups;
}

/** What a clue says, apart from where it stands: the same in two definitions explains no difference. */
const keyOf = ({ signal, says, quote }: Evidence): string => `${signal} ${says} ${quote.text.toLowerCase()}`;

function readingsOf(group: readonly Member[]): readonly Reading[] {
  const by = Map.groupBy(group, ({ verdict }) => verdict.category);
  const keys = new Map(
    [...by].map(([category, list]) => [category, new Set(list.flatMap(({ verdict }) => verdict.evidence.map(keyOf)))]),
  );
  const readings = [...by].map(([category, list]): Reading => {
    const others = [...keys].filter(([other]) => other !== category).map(([, set]) => set);
    const explained = list.flatMap(({ verdict }) =>
      verdict.evidence.filter(
        (one) => isCategory(one.says) && one.says === category && !others.some((set) => set.has(keyOf(one))),
      ),
    );
    const tools = list.map(({ server, tool, verdict }) => ({
      server,
      name: tool.name,
      confidence: verdict.confidence,
    }));
    return { category, tools, explained: explained.sort((a, b) => b.weight - a.weight).slice(0, 3) };
  });
  return readings.sort(
    (a, b) => b.tools.length - a.tools.length || CATEGORIES.indexOf(a.category) - CATEGORIES.indexOf(b.category),
  );
}

/**
 * Which operations get more than one category over many servers. The same operation: names of the same words and
 * descriptions alike. A difference is explained where the definitions of the rarer reading have evidence for it that
 * the others lack. Pure; linear in tools but for names that thousands share.
 */
export function consistency(rows: readonly Assessed[]): Consistency {
  const members = rows.map((row) => ({ ...row, words: wordsOf(row.tool) }));
  const named = Map.groupBy(members, ({ tool, server }) => operationOf(tool.name, server));
  let operations = 0;
  const inconsistencies: Inconsistency[] = [];
  for (const [operation, all] of named)
    for (const group of operation === '' ? [] : alike(all)) {
      if (new Set(group.map(({ server }) => server)).size < 2) continue;
      operations++;
      const readings = readingsOf(group);
      if (readings.length > 1)
        inconsistencies.push({
          operation,
          readings,
          isExplained: readings.slice(1).every(({ explained }) => explained.length > 0),
        });
    }
  inconsistencies.sort(
    (a, b) => Number(a.isExplained) - Number(b.isExplained) || a.operation.localeCompare(b.operation, 'en'),
  );
  return { operations, consistent: operations - inconsistencies.length, inconsistencies };
}
