import { and, eq, isNull } from 'drizzle-orm';
import { among } from '../engine/bulk.ts';
import type { Db } from '../engine/open.ts';
import { source } from '../tables/runs.ts';
import { type server, sighting } from '../tables/servers.ts';

/**
 * When these servers were last seen in a list, by id: where a source still lists them, when that source last came
 * through. Derived, because a pass that finds everything as it was writes nothing.
 */
export async function lastSeenOf(
  db: Db,
  servers: readonly Pick<typeof server.$inferSelect, 'id' | 'lastSeen'>[],
): Promise<ReadonlyMap<string, Date>> {
  const seen = new Map(servers.map(({ id, lastSeen }) => [id, lastSeen]));
  if (seen.size === 0) return seen;
  const listed = await db
    .selectDistinct({ id: sighting.serverId, lastGood: source.lastGood })
    .from(sighting)
    .innerJoin(source, eq(source.id, sighting.source))
    .where(and(among(sighting.serverId, [...seen.keys()]), isNull(sighting.supersededAt), isNull(sighting.unlistedAt)));
  for (const { id, lastGood } of listed) if (lastGood && lastGood > seen.get(id)!) seen.set(id, lastGood);
  return seen;
}
