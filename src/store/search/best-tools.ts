import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { Filters } from '#domain/search.ts';
import type { Db } from '../engine/open.ts';
import { server } from '../tables/servers.ts';
import { definition, ordered, presence } from '../tables/tools.ts';
import { isPresent } from '../verdict/present.ts';
import { candidates, isFrequent, narrowed } from './candidates.ts';
import { serverFilters, toolFilters } from './filters.ts';
import { type Query, type Search, wordsOf, written } from './words.ts';

/** Servers that a search names, of which tools are looked through where it names both: so many are met, and so many taken. */
const MET_SERVERS = 300;
const NAMED_SERVERS = 50;

/**
 * Numbers of the present tools that match, best first and each once, until there are `until`: those whose name is the
 * words, then those whose name holds them, whole before begun, then those whose description helps, then those whose
 * server does. Of a word that half the catalogue has not all are looked at; see `candidates`.
 */
export async function bestTools(
  db: Db,
  search: Search,
  filters: Filters,
  { until, hide }: { readonly until: number; readonly hide: readonly string[] },
): Promise<readonly number[]> {
  const present = isPresent(db, hide);
  const filter = and(serverFilters(db, filters), toolFilters(db, filters, ordered(definition.name)));
  const found = new Set<number>();
  const look = async (column: 'name_words' | 'all_words', query: Query, length: number) => {
    if (found.size >= until) return;
    const tier = { column, query, length };
    if (filter) {
      for (const id of await narrowed(db, tier, and(present, filter)!)) found.add(id);
      return;
    }
    // What nobody has any more is told at the end from few, or where few are left at the start from all.
    for (const thorough of [false, true]) {
      const { ids, all } = await candidates(db, tier, { thorough, hide, until });
      for (const id of ids) found.add(id);
      if (all || found.size >= until) return;
    }
  };
  await look('name_words', search.whole, 0);
  // Divided by the length: of two names that hold the words, the one that says little else is meant.
  if (!filter) await look('name_words', search.entire, 2);
  if (found.size >= until) return [...found];
  // Of a beginning the index gathers all there is before it looks for the other words.
  const isWhole = search.words > 1 && (await isFrequent(db, search.last));
  if (!isWhole) await look('name_words', search.query, 2);
  await look('all_words', isWhole ? search.entire : search.query, 1);
  if (found.size < until && search.words > 1)
    for (const id of await ofNamedServers(db, search, and(present, filter)!)) found.add(id);
  return [...found];
}

/** Tools that match together with the name of their server. */
async function ofNamedServers(db: Db, { query: given, any }: Search, wanted: SQL): Promise<readonly number[]> {
  const query = written(given);
  const words = wordsOf('server', 'name_words');
  const met = sql`select id, name_words from ${server} where ${words} @@ (select ${any}) and merged_into is null limit ${MET_SERVERS}`;
  const named = sql`select id from (${met}) as few order by ts_rank(name_words, ${any}, 2) desc, id limit ${NAMED_SERVERS}`;
  const both = sql`(${words} || ${wordsOf('definition', 'all_words')})`;
  const rows = await db
    .select({ id: presence.id })
    .from(server)
    .innerJoin(presence, eq(presence.serverId, server.id))
    .innerJoin(definition, eq(definition.fingerprint, presence.fingerprint))
    .where(and(sql`${server.id} in (${named})`, sql`${both} @@ (select ${query})`, wanted))
    .orderBy(sql`ts_rank(${both}, ${query}, 1) desc`, presence.id);
  return rows.map(({ id }) => id);
}
