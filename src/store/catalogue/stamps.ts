import { and, isNull, sql } from 'drizzle-orm';
import type { Stamped } from '#domain/revision.ts';
import type { Db } from '../engine/open.ts';
import { server, sighting } from '../tables/servers.ts';
import { enumeration } from '../tables/visits.ts';
import { isShown } from './hidden.ts';

/**
 * Every server that is shown, in order of slug. What a server's pages are made of comes from its row, the sources that
 * list it, its visits and its assessments: each of these leaves a trace in the stamp.
 */
export async function stamps(db: Db, hide: readonly string[] = []): Promise<readonly Stamped[]> {
  const { revision, name, title, description, homepage, repository, packages, remotes, siblings } = server;
  const own = sql.join(
    [revision, name, title, description, homepage, repository, packages, remotes, siblings],
    sql`, `,
  );
  const visits = db
    .select({ id: enumeration.serverId, last: sql<number>`max(${enumeration.id})`.as('last') })
    .from(enumeration)
    .groupBy(enumeration.serverId)
    .as('visits');
  const listings = db
    .select({
      id: sighting.serverId,
      sources: sql<string>`string_agg(distinct ${sighting.source}, ',' order by ${sighting.source})`.as('sources'),
    })
    .from(sighting)
    .where(and(isNull(sighting.supersededAt), isNull(sighting.unlistedAt)))
    .groupBy(sighting.serverId)
    .as('listings');
  // A row of values writes each of them out with its bounds, so that no two rows read alike.
  const row = sql`row(${own}, ${server.firstSeen}, ${server.lastSeen}, ${visits.last}, ${listings.sources})`;
  return db
    .select({ id: server.id, slug: server.slug, stamp: sql<string>`md5(${row}::text)` })
    .from(server)
    .leftJoin(visits, sql`${visits.id} = ${server.id}`)
    .leftJoin(listings, sql`${listings.id} = ${server.id}`)
    .where(and(isNull(server.mergedInto), isShown(db, hide)))
    .orderBy(sql`${server.slug} collate "C"`);
}
