import { aliasedTable, and, eq, exists, gt, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { ServerSummary } from '#domain/catalogue.ts';
import type { LegQuery, Mark } from '#domain/lists.ts';
import { summariesOf } from './catalogue.ts';
import { isShown } from './hidden.ts';
import type { Db } from './open.ts';
import { mark } from './tables/marks.ts';
import { server, sighting } from './tables/servers.ts';
import { presence } from './tables/tools.ts';

interface Page {
  /** The slug after which the page begins. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}
type Servers = { readonly servers: readonly ServerSummary[]; readonly next?: string };

/** Servers whose present tools fill every leg, in order of slug. One tool may fill several. */
export async function serversFilling(
  db: Db,
  query: Page & { readonly legs: readonly LegQuery[] },
  hide: readonly string[] = [],
): Promise<Servers> {
  return select(db, query, hide, and(...query.legs.map((leg) => fills(db, leg))));
}

/** Whether a server has a present tool of one of the marks that is of one of the categories. */
function fills(db: Db, { marks, categories }: LegQuery): SQL {
  // What is asked for is named by its mark; a category beside it stands in the same row.
  const keys: readonly Mark[] = marks ?? (categories ?? []).map((category): Mark => `category:${category}`);
  const one = aliasedTable(mark, 'one');
  return exists(
    db
      .select({ one: sql`1` })
      .from(one)
      .innerJoin(presence, and(eq(presence.id, one.presenceId), isNull(presence.goneAt)))
      .where(
        and(
          eq(one.serverId, server.id),
          inArray(one.key, [...keys]),
          categories && or(...categories.map((category) => eq(one.category, category))),
        ),
      ),
  );
}

/** Servers that a source lists now, in order of slug. */
export async function serversListedIn(
  db: Db,
  query: Page & { readonly source: string },
  hide: readonly string[] = [],
): Promise<Servers> {
  const listed = exists(
    db
      .select({ one: sql`1` })
      .from(sighting)
      .where(
        and(
          eq(sighting.serverId, server.id),
          eq(sighting.source, query.source),
          isNull(sighting.supersededAt),
          isNull(sighting.unlistedAt),
        ),
      ),
  );
  return select(db, query, hide, listed);
}

async function select(
  db: Db,
  { cursor, limit }: Page,
  hide: readonly string[],
  where: SQL | undefined,
): Promise<Servers> {
  const bySlug = sql`${server.slug} collate "C"`;
  const rows = await db
    .select()
    .from(server)
    .where(
      and(isNull(server.mergedInto), isShown(db, hide), where, cursor === undefined ? undefined : gt(bySlug, cursor)),
    )
    .orderBy(bySlug)
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  return {
    servers: await summariesOf(db, page, hide),
    ...(rows.length > limit && { next: page.at(-1)!.slug }),
  };
}
