import { and, eq, inArray, notExists, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../engine/open.ts';
import { alias, server } from '../tables/servers.ts';

/** Holds for servers none of whose addresses is among `hide`; undefined where there is nothing to hide. */
export function isShown(db: Db, hide: readonly string[]): SQL | undefined {
  if (hide.length === 0) return undefined;
  return notExists(
    db
      .select({ one: sql`1` })
      .from(alias)
      .where(and(eq(alias.serverId, server.id), inArray(alias.address, [...hide]))),
  );
}

/** All addresses under which a server is known, old ones included. */
export async function addressesOf(db: Db, serverId: string): Promise<readonly string[]> {
  const rows = await db.select({ address: alias.address }).from(alias).where(eq(alias.serverId, serverId));
  return rows.map((row) => row.address);
}
