import { and, eq, inArray, isNull, like, sql } from 'drizzle-orm';
import type { AddressedServer, Mark } from '#domain/lists.ts';
import type { Db } from '../engine/open.ts';
import { mark } from '../tables/marks.ts';
import { alias, server } from '../tables/servers.ts';
import { presence } from '../tables/tools.ts';
import { isShown } from './hidden.ts';

/** Addresses that somebody's setup may name; slugs and ids are the catalogue's own. */
const KINDS = ['purl', 'remote', 'repository', 'registry'] as const;

/** Every server in order of slug with what an index of setups holds of it; of facets, those that are asked for. */
export async function addressedServers(
  db: Db,
  facets: readonly Mark[],
  hide: readonly string[] = [],
): Promise<readonly AddressedServer[]> {
  const servers = await db
    .select({ id: server.id, slug: server.slug, name: server.name, title: server.title })
    .from(server)
    .where(and(isNull(server.mergedInto), isShown(db, hide)))
    .orderBy(sql`${server.slug} collate "C"`);
  const addresses = await db
    .select({ id: alias.serverId, address: alias.address })
    .from(alias)
    .where(inArray(alias.kind, [...KINDS]))
    .orderBy(sql`${alias.address} collate "C"`);
  const risks = await db
    .select({
      id: mark.serverId,
      category: mark.category,
      risk: mark.risk,
      tools: sql<number>`count(*)`.mapWith(Number),
    })
    .from(mark)
    .innerJoin(presence, and(eq(presence.id, mark.presenceId), isNull(presence.goneAt)))
    .where(like(mark.key, 'category:%'))
    .groupBy(mark.serverId, mark.category, mark.risk);
  const shown = await db
    .selectDistinct({ id: mark.serverId, facet: sql<Mark>`${mark.key}`, category: mark.category })
    .from(mark)
    .innerJoin(presence, and(eq(presence.id, mark.presenceId), isNull(presence.goneAt)))
    .where(inArray(mark.key, [...facets]));
  const addressesOf = Map.groupBy(addresses, (row) => row.id);
  const risksOf = Map.groupBy(risks, (row) => row.id);
  const shownBy = Map.groupBy(shown, (row) => row.id);
  return servers.map(({ id, title, ...row }) => ({
    ...row,
    ...(title !== null && { title }),
    addresses: (addressesOf.get(id) ?? []).map(({ address }) => address),
    verdicts: (risksOf.get(id) ?? []).map(({ id: _, ...one }) => one),
    facets: (shownBy.get(id) ?? []).map(({ id: _, ...one }) => one),
  }));
}
