import { and, desc, eq, inArray, isNotNull, isNull, like, ne, sql } from 'drizzle-orm';
import type { PackageRef, Repository, Sighting } from '#domain/server.ts';
import { among, recordset } from '../engine/bulk.ts';
import { chunks } from '../engine/chunks.ts';
import type { Db } from '../engine/open.ts';
import { alias, likeness, mention, server, sighting } from '../tables/servers.ts';

export interface ServerRef {
  readonly id: string;
  readonly slug: string;
}

/** Brings the keys of these servers up to date; those that have them already cost one read. Returns the rows written. */
export async function writeLikeness(tx: Db, wanted: ReadonlyMap<string, readonly string[]>): Promise<number> {
  let rows = 0;
  for (const part of chunks([...wanted], 500)) {
    const known = await tx
      .select()
      .from(likeness)
      .where(
        among(
          likeness.serverId,
          part.map(([id]) => id),
        ),
      );
    const had = Map.groupBy(known, (row) => row.serverId);
    const stale = known.filter(({ serverId, key }) => !wanted.get(serverId)!.includes(key));
    const fresh = part.flatMap(([serverId, keys]) =>
      keys.filter((key) => !had.get(serverId)?.some((row) => row.key === key)).map((key) => ({ key, serverId })),
    );
    for (const { key, serverId } of stale)
      await tx.delete(likeness).where(and(eq(likeness.key, key), eq(likeness.serverId, serverId)));
    for (const few of chunks(fresh)) await tx.insert(likeness).select(recordset(likeness, few));
    rows += stale.length + fresh.length;
  }
  return rows;
}

/** A key that more servers share tells none of them apart: it is a template's. */
const CROWD = 8;

/** Servers that share a key with this one, and the keys, at most `limit`. Keys of crowds do not count. */
export async function likeServers(
  db: Db,
  id: string,
  limit: number,
): Promise<readonly { readonly server: ServerRef; readonly key: string }[]> {
  const own = await db.select({ key: likeness.key }).from(likeness).where(eq(likeness.serverId, id));
  const mine: string[] = [];
  for (const { key } of own) {
    const sharing = await db
      .select({ key: likeness.key })
      .from(likeness)
      .where(eq(likeness.key, key))
      .limit(CROWD + 1);
    if (sharing.length <= CROWD) mine.push(key);
  }
  return db
    .select({ key: likeness.key, server: { id: server.id, slug: server.slug } })
    .from(likeness)
    .innerJoin(server, eq(server.id, likeness.serverId))
    .where(and(inArray(likeness.key, mine), ne(likeness.serverId, id), isNull(server.mergedInto)))
    .orderBy(likeness.key, server.id)
    .limit(limit);
}

/** Packages that a current listing of this server names and that are another server's. */
export async function foreignPackages(
  db: Db,
  id: string,
): Promise<readonly { readonly purl: string; readonly source: string; readonly server: ServerRef }[]> {
  return db
    .selectDistinct({ purl: alias.key, source: sighting.source, server: { id: server.id, slug: server.slug } })
    .from(sighting)
    .innerJoin(mention, eq(mention.sightingId, sighting.id))
    .innerJoin(alias, and(eq(alias.address, mention.address), eq(alias.kind, 'purl')))
    .innerJoin(server, eq(server.id, alias.serverId))
    .where(and(eq(sighting.serverId, id), isNull(sighting.supersededAt), ne(alias.serverId, id)))
    .orderBy(alias.key);
}

/** What current sightings say of the registry names that the packages at these addresses bear. */
export async function namesBorne(
  db: Db,
  addresses: readonly string[],
): Promise<readonly { readonly address: string; readonly data: Sighting }[]> {
  return db
    .select({ address: mention.address, data: sighting.data })
    .from(mention)
    .innerJoin(sighting, eq(sighting.id, mention.sightingId))
    .where(and(among(mention.address, addresses), like(sql`${sighting.data}`, '%"bears":["%')))
    .orderBy(mention.address, sighting.id)
    .limit(200);
}

/** The server at one of these addresses, if any. */
export async function serverAt(db: Db, addresses: readonly string[]): Promise<ServerRef | undefined> {
  const [row] = await db
    .select({ id: server.id, slug: server.slug })
    .from(alias)
    .innerJoin(server, eq(server.id, alias.serverId))
    .where(inArray(alias.address, [...addresses]))
    .limit(1);
  return row;
}

/** A server's listings as they are, and as they were before each change, newest first. */
export async function listingHistory(
  db: Db,
  id: string,
): Promise<readonly { readonly id: number; readonly data: Sighting; readonly supersededAt: Date | null }[]> {
  return db
    .select({ id: sighting.id, data: sighting.data, supersededAt: sighting.supersededAt })
    .from(sighting)
    .where(eq(sighting.serverId, id))
    .orderBy(desc(sighting.id));
}

/** Versions of the same listings that this server's listings replaced, when each was replaced. */
export async function replacedListings(
  db: Db,
  listings: readonly Pick<Sighting, 'source' | 'listing'>[],
): Promise<readonly { readonly data: Sighting; readonly until: Date }[]> {
  const found: { data: Sighting; until: Date }[] = [];
  for (const { source, listing } of listings) {
    const past = and(eq(sighting.source, source), eq(sighting.listing, listing), isNotNull(sighting.supersededAt));
    const rows = await db.select({ data: sighting.data, until: sighting.supersededAt }).from(sighting).where(past);
    found.push(...rows.map(({ data, until }) => ({ data, until: until! })));
  }
  return found;
}

/** Servers that at least `sources` sources list, those that most list first, at most `limit`. */
export async function widelyListed(
  db: Db,
  sources: number,
  limit: number,
): Promise<
  readonly (ServerRef & { readonly sources: number; packages: readonly PackageRef[]; repository: Repository | null })[]
> {
  const count = sql<number>`count(distinct ${sighting.source})::int`;
  return db
    .select({
      id: server.id,
      slug: server.slug,
      packages: server.packages,
      repository: server.repository,
      sources: count,
    })
    .from(sighting)
    .innerJoin(server, eq(server.id, sighting.serverId))
    .where(and(isNull(sighting.supersededAt), isNull(server.mergedInto)))
    .groupBy(server.id)
    .having(sql`count(distinct ${sighting.source}) >= ${sources}`)
    .orderBy(desc(count), server.id)
    .limit(limit);
}
