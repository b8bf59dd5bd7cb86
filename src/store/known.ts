import { and, asc, eq, isNull, like } from 'drizzle-orm';
import type { AliasKind, Sighting } from '#domain/server.ts';
import type { Db } from './open.ts';
import { mention, sighting } from './tables/servers.ts';

/** What a source said last of each of its listings. */
export async function listingsOf(db: Db, source: string): Promise<readonly Sighting[]> {
  const current = and(eq(sighting.source, source), isNull(sighting.supersededAt));
  const rows = await db.select({ data: sighting.data }).from(sighting).where(current);
  return rows.map(({ data }) => data);
}

/** Every address of a kind that a current sighting of any source names, without the kind, in order. */
export async function addressesKnown(db: Db, kind: AliasKind): Promise<readonly string[]> {
  const rows = await db
    .selectDistinct({ address: mention.address })
    .from(mention)
    .where(like(mention.address, `${kind}:%`))
    .orderBy(asc(mention.address));
  return rows.map(({ address }) => address.slice(kind.length + 1));
}
