import { and, asc, gt, lte, sql } from 'drizzle-orm';
import type { CatalogueServer, CatalogueTool } from '#domain/catalogue.ts';
import type { Revised } from '#domain/revision.ts';
import { isShown } from './hidden.ts';
import type { Db } from './open.ts';
import { toServer } from './servers.ts';
import { revisions, server } from './tables/servers.ts';
import { toolsOf } from './whole.ts';

/** Key of the lock under which the trigger `server_revised` hands out numbers. */
const REVISIONS = 7_466_302;

/** The newest revision of which all are stored. Waits for transactions that have been handed one and not yet ended. */
export async function newestRevision(db: Db): Promise<number> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${REVISIONS})`);
    const last = sql<number>`case when is_called then last_value else 0 end`.mapWith(Number);
    const [row] = await tx.select({ last }).from(sql`${sql.identifier(revisions.seqName!)}`);
    return row?.last ?? 0;
  });
}

/**
 * The servers revised after `after` and up to `until`, in the order of their revisions, loaded `at once` at a time so
 * that a whole catalogue passes through little memory. Of a server only what a policy is made of is loaded.
 */
export async function* revised(
  db: Db,
  query: { readonly after: number; readonly until: number; readonly atOnce?: number },
  hide: readonly string[] = [],
): AsyncGenerator<Revised> {
  const { until, atOnce = 100 } = query;
  for (let after = query.after; after < until; ) {
    const rows = await db
      .select()
      .from(server)
      .where(and(gt(server.revision, after), lte(server.revision, until), isShown(db, hide)))
      .orderBy(asc(server.revision))
      .limit(atOnce);
    const tools = await toolsOf(
      db,
      rows.map(({ id }) => id),
    );
    for (const row of rows) {
      const { revision, id } = row;
      if (row.mergedInto !== null) yield { revision, gone: id };
      else yield { revision, server: bare(row, tools.get(id) ?? []) };
    }
    if (rows.length < atOnce) return;
    after = rows.at(-1)!.revision;
  }
}

function bare(row: typeof server.$inferSelect, tools: readonly CatalogueTool[]): CatalogueServer {
  return { ...toServer(row), firstSeen: row.firstSeen, lastSeen: row.lastSeen, sources: [], tools };
}
