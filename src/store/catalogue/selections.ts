import { aliasedTable, and, eq, exists, gt, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { ServerSummary } from '#domain/catalogue.ts';
import type { LegQuery, Mark } from '#domain/lists.ts';
import type { Db } from '../engine/open.ts';
import { mark } from '../tables/marks.ts';
import { server } from '../tables/servers.ts';
import { presence } from '../tables/tools.ts';
import { LISTED, summariesOf } from './catalogue.ts';
import { isShown } from './hidden.ts';

/**
 * Servers whose present tools fill every leg, in order of slug from after `cursor`, a slug; at most `limit`. One tool may
 * fill several.
 */
export async function serversFilling(
  db: Db,
  query: { readonly legs: readonly LegQuery[]; readonly cursor?: string | undefined; readonly limit: number },
  hide: readonly string[] = [],
): Promise<{ readonly servers: readonly ServerSummary[]; readonly next?: string }> {
  const { legs, limit } = query;
  const cursor = query.cursor?.replaceAll('\0', '').toWellFormed();
  const bySlug = sql`${server.slug} collate "C"`;
  const rows = await db
    .select(LISTED)
    .from(server)
    .where(
      and(
        isNull(server.mergedInto),
        isShown(db, hide),
        cursor === undefined ? undefined : gt(bySlug, cursor),
        ...legs.map((leg) => fills(db, leg)),
      ),
    )
    .orderBy(bySlug)
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  return { servers: await summariesOf(db, page, hide), ...(rows.length > limit && { next: page.at(-1)!.slug }) };
}

/** Whether a server has a present tool of one of the marks that is of one of the categories. */
function fills(db: Db, { marks, categories }: LegQuery): SQL {
  // Every row of a mark tells the tool's category as well.
  const keys = marks ?? (categories ?? []).map((category): Mark => `category:${category}`);
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
