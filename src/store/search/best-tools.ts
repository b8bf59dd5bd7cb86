import { and, asc, desc, eq, type SQL, sql } from 'drizzle-orm';
import type { Filters } from '#domain/search.ts';
import type { Db } from '../open.ts';
import { isPresent } from '../present.ts';
import { server } from '../tables/servers.ts';
import { definition, ordered, presence } from '../tables/tools.ts';
import { serverFilters, toolFilters } from './filters.ts';
import { type Search, wordsOf } from './words.ts';

/**
 * Matches of one tier that are ranked, whichever the database meets first: a word that half the catalogue has must not
 * cost more than a rare one.
 */
const RANKED = 1_000;
/** Servers whose tools are looked through where a search names both. */
const NAMED_SERVERS = 300;

/**
 * Numbers of the present tools that match, best first and each once, until there are `until`: those whose name is the
 * words, then those whose name holds them, then those whose description helps, then those whose server does.
 */
export async function bestTools(
  db: Db,
  search: Search,
  filters: Filters,
  { until, hide }: { readonly until: number; readonly hide: readonly string[] },
): Promise<readonly number[]> {
  const names = wordsOf('definition', 'name_words');
  const all = wordsOf('definition', 'all_words');
  const both = sql`(${wordsOf('server', 'name_words')} || ${all})`;
  const tiers: readonly (() => Promise<readonly { readonly id: number }[]>)[] = [
    () => tier(db, sql`${names} @@ ${search.whole}`, sql`0`, filters, hide),
    // Divided by the length: of two names that hold the words, the one that says little else is meant.
    () => tier(db, sql`${names} @@ ${search.query}`, sql`ts_rank(${names}, ${search.query}, 2)`, filters, hide),
    () => tier(db, sql`${all} @@ ${search.query}`, sql`ts_rank(${all}, ${search.query}, 1)`, filters, hide),
    async () => {
      if (search.words < 2) return [];
      const within = sql`${server.id} in (${serversNamed(search)})`;
      return tier(
        db,
        and(within, sql`${both} @@ ${search.query}`)!,
        sql`ts_rank(${both}, ${search.query}, 1)`,
        filters,
        hide,
      );
    },
  ];
  const found = new Set<number>();
  for (const next of tiers) {
    if (found.size >= until) break;
    for (const { id } of await next()) found.add(id);
  }
  return [...found];
}

function serversNamed({ any }: Search): SQL {
  const words = wordsOf('server', 'name_words');
  const some = sql`select id, name_words from ${server} where ${words} @@ ${any} and merged_into is null limit ${RANKED}`;
  return sql`select id from (${some}) as few order by ts_rank(name_words, ${any}, 2) desc, id limit ${NAMED_SERVERS}`;
}

async function tier(db: Db, where: SQL, rank: SQL, filters: Filters, hide: readonly string[]) {
  const some = db
    .select({ id: presence.id, rank: sql<number>`${rank}`.as('rank') })
    .from(definition)
    .innerJoin(presence, eq(presence.fingerprint, definition.fingerprint))
    .innerJoin(server, eq(server.id, presence.serverId))
    .where(
      and(where, isPresent(db, hide), serverFilters(db, filters), toolFilters(db, filters, ordered(definition.name))),
    )
    .limit(RANKED)
    .as('some');
  return db.select({ id: some.id }).from(some).orderBy(desc(some.rank), asc(some.id));
}
