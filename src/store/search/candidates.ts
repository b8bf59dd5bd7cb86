import { and, asc, desc, eq, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../engine/open.ts';
import { once, planName } from '../engine/prepared.ts';
import { server } from '../tables/servers.ts';
import { definition, presence } from '../tables/tools.ts';
import { isPresent } from '../verdict/present.ts';
import { type Query, queryOf, wordsOf, written } from './words.ts';

/** Definitions of one tier that are ranked: the first that the database meets. */
const RANKED = 300;
/**
 * What half the catalogue says is not looked up: the index would gather hundreds of thousands of places before the first
 * is seen. So many matches on the table's first pages (8 KB each; some hundred definitions) tell that words are like that,
 * and then definitions are read as they lie, on as many pages as may be, until enough are found.
 */
const FREQUENT = { pages: 40, matches: 12, read: 4_000 };

/** How many are asked for, where it is no more: the database plans a statement anew as long as its end is not known. */
const PAGES = [21, 101];

/** Of names that are the words and no others none is better: so many more than are asked for are looked at, as they are met. */
const SPARE = 30;

export interface Tier {
  /** The column that is searched. */
  readonly column: 'name_words' | 'all_words';
  readonly query: Query;
  /** How the length of a text counts against it, as `ts_rank` has it. */
  readonly length: number;
}

const frequency = once((db) => {
  const last = sql`to_tsquery('english', ${sql.placeholder('last')})`;
  return db
    .select({ frequent: frequent(sql`${wordsOf('definition', 'all_words')} @@ (select ${last})`) })
    .from(sql`(select 1) as one`)
    .prepare('frequent');
});

/** Whether so many definitions hold this word that looking all of them up takes longer than reading on. */
export async function isFrequent(db: Db, last: string): Promise<boolean> {
  const [row] = await frequency(db).execute({ last });
  return row!.frequent;
}

function frequent(matches: SQL): SQL<boolean> {
  return sql<boolean>`(select count(*) >= ${sql.raw(String(FREQUENT.matches))} from ${definition} where ctid < ${place(FREQUENT.pages)} and ${matches})`;
}

function place(at: number): SQL {
  return sql.raw(`'(${at},0)'::tid`);
}

interface Wanted {
  readonly thorough: boolean;
  readonly hide: readonly string[];
  readonly until: number;
}

/**
 * Numbers of tools that match in one tier and are present, best first, `until` or some more. `all`: there are no others.
 * `thorough`: only definitions that somebody has are among those ranked, which costs a look at every one that is met.
 */
export async function candidates(
  db: Db,
  tier: Tier,
  { thorough, hide, until }: Wanted,
): Promise<{ readonly ids: readonly number[]; readonly all: boolean }> {
  const page = PAGES.find((most) => until <= most);
  const { column, query, length } = tier;
  const known = statements(db);
  const key = JSON.stringify([column, query.shape, length, thorough, page, hide]);
  const asked = known.get(key) ?? statement(db, tier, { thorough, hide, page });
  known.set(key, asked);
  const [row] = await asked.execute({ ...query.values, until, ranked: rankedOf(query, until) });
  return { ids: JSON.parse(row!.ids) as number[], all: row!.all };
}

const statements = once(() => new Map<string, ReturnType<typeof statement>>());

function rankedOf({ shape }: Pick<Query, 'shape'>, until: number): number {
  return shape === 'whole' ? Math.min(RANKED, until + SPARE) : RANKED;
}

function statement(
  db: Db,
  { column, query: { shape }, length }: Tier,
  { thorough, hide, page }: Omit<Wanted, 'until'> & { readonly page: number | undefined },
) {
  const words = wordsOf('definition', column);
  const present = isPresent(db, hide);
  const number = (name: string, value: number | undefined) =>
    value === undefined ? sql`${sql.placeholder(name)}::int` : sql.raw(String(value));
  const most = number('ranked', page && rankedOf({ shape }, page));
  // A query that the planner cannot see: it would read the whole table where it takes words for more frequent than they are.
  const hidden = sql`(select query from asked)`;
  const matches = sql`${words} @@ ${hidden}`;
  const isWhole = shape === 'whole';
  const rank = isWhole ? sql`-row_number() over ()` : sql`ts_rank(${words}, ${hidden}, ${sql.raw(String(length))})`;
  const own = sql`select ${definition.fingerprint}, ${definition.firstSeen}, ${rank} as rank from ${definition}`;
  // `offset` keeps it from being turned into a join, which would begin with all that is present.
  const few = thorough
    ? sql`${own} where ${matches} and exists (select 1 from ${presence} join ${server} on ${eq(server.id, presence.serverId)}
        where ${eq(presence.fingerprint, definition.fingerprint)} and ${present} offset 0)`
    : isWhole
      ? sql`${own} where ${matches}`
      : sql`(${own} where not (select many from gauge) and ${matches})
        union all (${own} where (select many from gauge) and ctid < ${place(FREQUENT.read)} and ${matches})`;
  const asked = db.select({ all: sql<boolean>`"all"`, ids: sql<string>`ids` }).from(
    sql`(with asked as materialized (select ${queryOf(shape, (name) => sql`${sql.placeholder(name)}`)} as query),
        gauge as materialized (select ${thorough || isWhole ? sql`false` : frequent(matches)} as many),
        few as materialized (${few} limit ${most})
        select (select count(*) < ${most} from few) and not (select many from gauge) as "all", array_to_json(array(
          select ${presence.id} from (select * from few order by rank desc, first_seen, fingerprint) as ranked
          join ${presence} on ${eq(presence.fingerprint, sql`ranked.fingerprint`)}
          join ${server} on ${eq(server.id, presence.serverId)}
          where ${present}
          order by ranked.rank desc, ranked.first_seen, ranked.fingerprint, ${presence.id} limit ${number('until', page)}))::text as ids) as found`,
  );
  return asked.prepare(planName('candidates', asked));
}

/**
 * The same where filters hold too, which may be of few tools or of nearly all: where to begin is left to the database,
 * which knows how many that are.
 */
export async function narrowed(
  db: Db,
  { column, query: given, length }: Tier,
  wanted: SQL,
): Promise<readonly number[]> {
  const [words, query] = [wordsOf('definition', column), written(given)];
  const some = db
    .select({ id: presence.id, rank: sql<number>`ts_rank(${words}, ${query}, ${length})`.as('rank') })
    .from(definition)
    .innerJoin(presence, eq(presence.fingerprint, definition.fingerprint))
    .innerJoin(server, eq(server.id, presence.serverId))
    .where(and(sql`${words} @@ ${query}`, wanted))
    .limit(RANKED)
    .as('some');
  const rows = await db.select({ id: some.id }).from(some).orderBy(desc(some.rank), asc(some.id));
  return rows.map(({ id }) => id);
}
