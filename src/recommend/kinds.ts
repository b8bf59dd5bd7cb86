import type { CatalogueTool } from '#domain/catalogue.ts';
import type { Limit } from '#domain/policy.ts';
import type { Category } from '#domain/verdict.ts';
import table from '../../data/kinds.json' with { type: 'json' };

/** How often, without saying of what. */
export type Cap = Pick<Limit, 'max' | 'window'>;

/** A kind of tool, and the cap that fits it. */
export interface Kind {
  readonly id: string;
  readonly categories: readonly Category[];
  readonly words?: readonly string[];
  readonly facets?: readonly string[];
  /** What the name must be about beside: its last word that is none of `words`. */
  readonly ends?: readonly string[];
  readonly limit: Cap;
  /** Whether a person sees each call, whatever category and risk say. */
  readonly approve?: true;
  readonly because: string;
}

// JSON modules lose literal types; data/schemas/kinds.json is held against the file in the tests.
const KINDS = table.kinds as readonly Kind[];

const A_DAY: Readonly<Record<Limit['window'], number>> = { minute: 1440, hour: 24, day: 1 };

/** The words of a tool's name, in any way of writing: `createIssue`, `create-issue`, `CREATE_ISSUE`. */
export function wordsOf(name: string): readonly string[] {
  const found = known.get(name);
  if (found) return found;
  const words = name
    .replace(/([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])/g, '$1$3 $2$4')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  if (known.size >= MOST) known.clear();
  if (name.length <= LONGEST) known.set(name, words);
  return words;
}

// The same few names of arguments are on most tools, and each is asked after by every rule.
const known = new Map<string, readonly string[]>();
const MOST = 4_000;
const LONGEST = 64;

/** A merge request is none that asks for merging now; nor is a pull request. */
function oneWord(words: readonly string[]): readonly string[] {
  return words
    .join(' ')
    .replace(/\b(pull|merge) request(s?)\b/g, '$1request')
    .split(' ');
}

/** The first kind of the table that fits an assessed tool. */
export function kindOf(tool: CatalogueTool): Kind | undefined {
  const verdict = tool.assessment?.verdict;
  if (!verdict) return undefined;
  const words = oneWord(wordsOf(tool.definition.name));
  return KINDS.find(({ categories, words: wanted = [], facets = [], ends }) => {
    const about = ends === undefined || ends.includes(words.findLast((word) => !wanted.includes(word)) ?? '');
    const said = wanted.some((word) => words.includes(word)) && about;
    return categories.includes(verdict.category) && (said || facets.some((one) => verdict.facets[one]?.value === true));
  });
}

/** The cap that lets fewer calls through in a day. */
export function tighter(one: Cap, other: Cap): Cap {
  return other.max * A_DAY[other.window] < one.max * A_DAY[one.window] ? other : one;
}
