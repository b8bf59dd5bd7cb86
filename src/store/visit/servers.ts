import { and, asc, eq, inArray, isNotNull, isNull, lte } from 'drizzle-orm';
import type { Server } from '#domain/server.ts';
import type { Db } from '../engine/open.ts';
import { server } from '../tables/servers.ts';

type Row = typeof server.$inferSelect;

/** A server as the rest of the house knows it, from its row. */
export function toServer(row: Row): Server {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    ...(row.title !== null && { title: row.title }),
    ...(row.description !== null && { description: row.description }),
    ...(row.homepage !== null && { homepage: row.homepage }),
    ...(row.repository !== null && { repository: row.repository }),
    packages: row.packages,
    remotes: row.remotes,
  };
}

/** Ids of servers with tools that wait for an assessment, longest waiting first. */
export async function serversToClassify(db: Db, now: Date, limit: number): Promise<readonly string[]> {
  const rows = await db
    .select({ id: server.id })
    .from(server)
    .where(and(isNull(server.mergedInto), isNotNull(server.classifyDue), lte(server.classifyDue, now)))
    .orderBy(asc(server.classifyDue), asc(server.id))
    .limit(limit);
  return rows.map((row) => row.id);
}

/** Makes every server with tools due for classification: the rules changed. */
export async function classifyAgain(db: Db, now: Date): Promise<void> {
  await db
    .update(server)
    .set({ classifyDue: now })
    .where(and(isNull(server.mergedInto), isNotNull(server.siblings)));
}

/** Makes servers due for a launch at once. */
export async function enumerateAgain(db: Db, ids: readonly string[], now: Date): Promise<void> {
  for (let i = 0; i < ids.length; i += 1000)
    await db
      .update(server)
      .set({ enumerateDue: now })
      .where(inArray(server.id, ids.slice(i, i + 1000)));
}

/** Records that a server's newest version was asked for and is the one already listed. */
export async function markUnchanged(db: Db, id: string, now: Date): Promise<void> {
  await db.update(server).set({ checkedAt: now }).where(eq(server.id, id));
}
