import { and, asc, count, eq, gt, inArray, isNull, like, sql } from 'drizzle-orm';
import type { AddressedServer, Mark } from '#domain/lists.ts';
import { among } from './bulk.ts';
import { isShown } from './hidden.ts';
import type { Db } from './open.ts';
import { mark } from './tables/marks.ts';
import { alias, server } from './tables/servers.ts';
import { presence } from './tables/tools.ts';

/** Addresses that somebody's setup may name; slugs and ids are the catalogue's own. */
const KINDS = ['purl', 'remote', 'repository', 'registry'] as const;

/** Every server in order of slug with what an index of setups holds of it, `atOnce` in memory at a time. */
export async function* addressedServers(
  db: Db,
  hide: readonly string[] = [],
  atOnce = 2_000,
): AsyncGenerator<AddressedServer> {
  const bySlug = sql`${server.slug} collate "C"`;
  for (let after: string | undefined, more = true; more; ) {
    const rows = await db
      .select({ id: server.id, slug: server.slug, name: server.name, title: server.title })
      .from(server)
      .where(and(isNull(server.mergedInto), isShown(db, hide), after === undefined ? undefined : gt(bySlug, after)))
      .orderBy(bySlug)
      .limit(atOnce);
    const ids = rows.map(({ id }) => id);
    const addresses = await db
      .select({ id: alias.serverId, address: alias.address })
      .from(alias)
      .where(and(among(alias.serverId, ids), inArray(alias.kind, [...KINDS])))
      .orderBy(sql`${alias.address} collate "C"`);
    const marks = await db
      .select({
        id: mark.serverId,
        key: sql<Mark>`${mark.key}`,
        category: mark.category,
        risk: mark.risk,
        tools: count(),
      })
      .from(mark)
      .innerJoin(presence, and(eq(presence.id, mark.presenceId), isNull(presence.goneAt)))
      .where(and(among(mark.serverId, ids), sql`(${like(mark.key, 'facet:%')} or ${like(mark.key, 'category:%')})`))
      .groupBy(mark.serverId, mark.key, mark.category, mark.risk)
      .orderBy(asc(mark.key));
    const addressesOf = Map.groupBy(addresses, (row) => row.id);
    const marksOf = Map.groupBy(marks, (row) => row.id);
    for (const { id, title, ...row } of rows)
      yield {
        ...row,
        ...(title !== null && { title }),
        addresses: (addressesOf.get(id) ?? []).map(({ address }) => address),
        marks: (marksOf.get(id) ?? []).map(({ id: _, ...one }) => one),
      };
    more = rows.length === atOnce;
    after = rows.at(-1)?.slug;
  }
}
