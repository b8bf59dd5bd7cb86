import { and, asc, desc, eq, inArray, isNotNull, isNull, like, ne } from 'drizzle-orm';
import type { AliasKind, Sighting } from '#domain/server.ts';
import { chunks } from '../engine/chunks.ts';
import type { Db } from '../engine/open.ts';
import { mention, sighting } from '../tables/servers.ts';
import { artefact } from '../tables/visits.ts';

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

/**
 * Of each package of which some fetched version named a name of the official registry: what its newest fetched one says,
 * in order of purl. A version that stopped naming any has none.
 */
export async function bornePackages(
  db: Db,
): Promise<readonly { readonly purl: string; readonly names: readonly string[] }[]> {
  const naming = db.select({ purl: artefact.purl }).from(artefact).where(ne(artefact.bears, []));
  const rows = await db
    .selectDistinctOn([artefact.purl], { purl: artefact.purl, names: artefact.bears })
    .from(artefact)
    .where(and(isNotNull(artefact.bears), inArray(artefact.purl, naming)))
    .orderBy(asc(artefact.purl), desc(artefact.firstSeen));
  return rows.map(({ names, ...row }) => ({ ...row, names: names! }));
}

/** Which sources list each of these servers just now. */
export async function sourcesOf(db: Db, serverIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  for (const ids of chunks(serverIds, 5000)) {
    const rows = await db
      .selectDistinct({ id: sighting.serverId, source: sighting.source })
      .from(sighting)
      .where(and(inArray(sighting.serverId, ids), isNull(sighting.supersededAt), isNull(sighting.unlistedAt)));
    for (const { id, source } of rows) found.set(id, [...(found.get(id) ?? []), source]);
  }
  return found;
}
