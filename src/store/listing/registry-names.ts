import { and, asc, eq } from 'drizzle-orm';
import { among } from '../engine/bulk.ts';
import type { Db } from '../engine/open.ts';
import { alias } from '../tables/servers.ts';

/** The names that these servers have in the official registry, by id; those that have several are known by the first. */
export async function registryNamesOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: alias.serverId, name: alias.key })
    .from(alias)
    .where(and(eq(alias.kind, 'registry'), among(alias.serverId, ids)))
    .orderBy(asc(alias.since), asc(alias.key));
  return new Map(rows.toReversed().map(({ id, name }) => [id, name]));
}
