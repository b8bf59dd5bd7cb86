import { eq, sql } from 'drizzle-orm';
import type { Db } from '../engine/open.ts';
import { once } from '../engine/prepared.ts';
import { alias, server } from '../tables/servers.ts';
import { enumeration } from '../tables/visits.ts';

/** What a visit starts from. */
export interface BeforeVisit {
  readonly server: typeof server.$inferSelect;
  /** All addresses under which it is known, old ones included. */
  readonly addresses: readonly string[];
  /** The newest visit to it. */
  readonly last: typeof enumeration.$inferSelect | undefined;
}

/** One question for all of it: most visits of a night find nothing new and ask hardly anything else. */
const known = once((db) => {
  const id = sql.placeholder('id');
  const newest = sql`(select max(${enumeration.id}) from ${enumeration} where ${enumeration.serverId} = ${id})`;
  const addresses = sql`(select json_agg(${alias.address}) from ${alias} where ${alias.serverId} = ${id})`;
  return db
    .select({ server, last: enumeration, addresses: sql<readonly string[] | null>`${addresses}` })
    .from(server)
    .leftJoin(enumeration, eq(enumeration.id, newest))
    .where(eq(server.id, id))
    .prepare('before_visit');
});

/** What is known of a server before it is visited; undefined where there is no such server. */
export async function beforeVisit(db: Db, serverId: string): Promise<BeforeVisit | undefined> {
  const [row] = await known(db).execute({ id: serverId });
  return row && { server: row.server, addresses: row.addresses ?? [], last: row.last ?? undefined };
}
