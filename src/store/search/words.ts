import { type SQL, sql } from 'drizzle-orm';

/** Words of a search beyond these are not looked for. */
const MOST = 8;
const LONGEST = 60;
/** A last word of this many letters is taken for a beginning: people search while they type. */
const BEGINNING = 3;
/** As the migration `search` cuts texts into words. */
const PUNCTUATION = /[\x01-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+/g;

/** How a query of words is made: of a whole name, of one word, or of several. */
type Shape = 'whole' | 'one' | 'several';
const VALUES = ['parts', 'joined'] as const;

/** A query as statements that are built once take it. */
export interface Query {
  readonly shape: Shape;
  readonly values: Readonly<Record<(typeof VALUES)[number], string>>;
}

/** A search, cut into words as the database cuts names and descriptions. */
export interface Search {
  /** For all words in any order, or all in one. The last may be a beginning. */
  readonly query: Query;
  /** The same with a last word that is whole. */
  readonly entire: Query;
  /** For the last word, whole; in the language of `to_tsquery`. */
  readonly last: string;
  /** For names that are these words and no others. */
  readonly whole: Query;
  /** For any of the words. */
  readonly any: SQL;
  readonly words: number;
}

/** A query in the language of `tsquery`, from its values or from placeholders that stand for them. */
export function queryOf(shape: Shape, value: (name: (typeof VALUES)[number]) => SQL): SQL {
  const [parts, joined] = VALUES.map(value) as [SQL, SQL];
  if (shape === 'whole') return sql`${parts}::tsquery`;
  const english = sql`to_tsquery('english', ${parts})`;
  if (shape === 'several') return sql`(${english} || to_tsquery('simple', ${joined}))`;
  // The plain one finds stop words, and beginnings that their stem is none of; else it would find the same again.
  const both = sql`${english} || to_tsquery('simple', ${parts})`;
  return sql`case when starts_with(${joined}, (ts_lexize('english_stem', ${joined}))[1]) then ${english} else ${both} end`;
}

/** The same with its values in it. */
export function written({ shape, values }: Query): SQL {
  return queryOf(shape, (name) => sql`${values[name]}`);
}

/** What a text looks for; undefined where it holds no word. */
export function searchFor(text: string): Search | undefined {
  const given = text.replaceAll('\0', '').toWellFormed().slice(0, 400).replace(PUNCTUATION, ' ').trim().split(/\s+/);
  const words = given
    .filter(Boolean)
    .slice(0, MOST)
    .map((word) => word.slice(0, LONGEST).toWellFormed());
  if (words.length === 0) return undefined;
  const joined = words.join('').toLowerCase();
  const each = (begins: boolean) => words.map((word, at) => `(${forms(word, begins && at === words.length - 1)})`);
  const query = (parts: readonly string[]): Query =>
    parts.length > 1
      ? { shape: 'several', values: { parts: parts.join(' & '), joined: quoted(joined) } }
      : { shape: 'one', values: { parts: parts[0]!, joined } };
  return {
    query: query(each(true)),
    entire: query(each(false)),
    last: each(false).at(-1)!,
    whole: { shape: 'whole', values: { parts: quoted(`=${joined}`), joined } },
    any: sql`to_tsquery('english', ${each(true).join(' | ')})`,
    words: words.length,
  };
}

/** A word as it is written, or as the parts that its capitals make. */
function forms(word: string, begins: boolean): string {
  const parts = word
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .split(' ');
  const end = (text: string) => `${quoted(text.toLowerCase())}${begins && text.length >= BEGINNING ? ':*' : ''}`;
  const split = parts.map((part, at) => (at === parts.length - 1 ? end(part) : quoted(part.toLowerCase()))).join(' & ');
  return parts.length > 1 ? `${end(word)} | (${split})` : end(word);
}

/** Words hold no sign of ASCII, so that nothing in them ends the quotes. */
function quoted(word: string): string {
  return `'${word}'`;
}

/** A column of words that the tables do not name; see the migration `search`. */
export function wordsOf(table: 'definition' | 'server', column: 'name_words' | 'all_words'): SQL {
  return sql`${sql.identifier(table)}.${sql.identifier(column)}`;
}
