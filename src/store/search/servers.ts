import { and, asc, desc, gt, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import type { ServerSummary } from '#domain/catalogue.ts';
import type { ServerQuery, ServerSort } from '#domain/search.ts';
import { LISTED, type ListedRow as Row, summariesOf } from '../catalogue/catalogue.ts';
import { isShown } from '../catalogue/hidden.ts';
import { among } from '../engine/bulk.ts';
import type { Db } from '../engine/open.ts';
import { server } from '../tables/servers.ts';
import { ofServersTools, serverFilters } from './filters.ts';
import { wholeNumber } from './tools.ts';
import { type Search, searchFor, wordsOf, written } from './words.ts';

type Page = { readonly servers: readonly ServerSummary[]; readonly next?: string };

/** Matches of one tier that are ranked. */
const RANKED = 1_000;

/**
 * Servers, narrowed by filters: the best match first where words are looked for, else in order of slug. A search shows
 * its best thousand and no more; lists go to their end.
 */
export async function findServers(db: Db, query: ServerQuery, hide: readonly string[] = []): Promise<Page> {
  const search = query.text === undefined ? undefined : searchFor(query.text);
  if (query.text !== undefined && !search) return { servers: [] };
  const sort = query.sort ?? (search ? 'relevance' : 'slug');
  const filters = and(
    isNull(server.mergedInto),
    isShown(db, hide),
    serverFilters(db, query),
    ofServersTools(db, query),
  );
  if (search && sort === 'relevance') return best(db, search, query, filters, hide);
  const { after, order, place } = ORDERS[sort === 'relevance' ? 'slug' : sort];
  const matches = search && sql`${wordsOf('server', 'all_words')} @@ ${written(search.query)}`;
  const rows = await db
    .select(LISTED)
    .from(server)
    .where(and(filters, matches, query.cursor === undefined ? undefined : after(query.cursor)))
    .orderBy(...order)
    .limit(query.limit + 1);
  return pageOf(db, rows, query.limit, hide, (page) => place(page.at(-1)!));
}

const bySlug = sql`${server.slug} collate "C"`;
const never = sql`false`;

/** Each order, where a cursor leads in it, and the cursor behind a row. */
const ORDERS: Readonly<
  Record<
    Exclude<ServerSort, 'relevance'>,
    { readonly order: readonly SQL[]; after(cursor: string): SQL | undefined; place(row: Row): string }
  >
> = {
  slug: {
    order: [asc(bySlug)],
    after: (cursor) => gt(bySlug, cursor.replaceAll('\0', '').toWellFormed()),
    place: ({ slug }) => slug,
  },
  newest: {
    order: [desc(server.firstSeen), desc(server.id)],
    after(cursor) {
      const [, ms, id] = /^(\d{1,15}):(.*)$/s.exec(cursor) ?? [];
      if (ms === undefined) return never;
      const at = new Date(Number(ms)).toISOString();
      return sql`(${server.firstSeen}, ${server.id}) < (${at}::timestamptz, ${id!.replaceAll('\0', '').toWellFormed()})`;
    },
    place: ({ firstSeen, id }) => `${firstSeen.getTime()}:${id}`,
  },
  judged: {
    order: [desc(server.revision), asc(bySlug)],
    after(cursor) {
      const [, text, slug] = /^(\d{1,15}):(.*)$/s.exec(cursor) ?? [];
      if (text === undefined) return never;
      const revision = Number(text);
      const same = sql`${server.revision} = ${revision} and ${bySlug} > ${slug!.replaceAll('\0', '').toWellFormed()}`;
      return or(lt(server.revision, revision), same);
    },
    place: ({ revision, slug }) => `${revision}:${slug}`,
  },
};

async function pageOf(
  db: Db,
  rows: readonly Row[],
  limit: number,
  hide: readonly string[],
  next: (page: readonly Row[]) => string,
): Promise<Page> {
  const page = rows.slice(0, limit);
  return {
    servers: await summariesOf(db, page, hide),
    ...(rows.length > limit && page.length > 0 && { next: next(page) }),
  };
}

async function best(
  db: Db,
  search: Search,
  { limit, cursor }: ServerQuery,
  filters: SQL | undefined,
  hide: readonly string[],
): Promise<Page> {
  const from = wholeNumber(cursor) ?? 0;
  const names = wordsOf('server', 'name_words');
  const all = wordsOf('server', 'all_words');
  const [query, whole] = [written(search.query), written(search.whole)];
  const found = new Set<string>();
  for (const [where, rank] of [
    [sql`${names} @@ ${whole}`, sql`0`],
    [sql`${names} @@ ${query}`, sql`ts_rank(${names}, ${query}, 2)`],
    [sql`${all} @@ ${query}`, sql`ts_rank(${all}, ${query}, 1)`],
  ] as const) {
    if (found.size > from + limit) break;
    const some = db
      .select({ id: server.id, rank: sql<number>`${rank}`.as('rank') })
      .from(server)
      .where(and(where, filters))
      .limit(RANKED)
      .as('some');
    const rows = await db.select({ id: some.id }).from(some).orderBy(desc(some.rank), asc(some.id));
    for (const { id } of rows) found.add(id);
  }
  const ids = [...found].slice(from, from + limit + 1);
  const rows = ids.length === 0 ? [] : await db.select(LISTED).from(server).where(among(server.id, ids));
  const known = new Map(rows.map((row) => [row.id, row]));
  const sorted = ids.flatMap((id) => known.get(id) ?? []);
  return pageOf(db, sorted, limit, hide, () => String(from + limit));
}
