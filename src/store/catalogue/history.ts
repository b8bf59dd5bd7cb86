import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import type { Change } from '#domain/change.ts';
import type { Db } from '../engine/open.ts';
import { once } from '../engine/prepared.ts';
import { presence } from '../tables/tools.ts';
import { changesIn } from './changes.ts';

/**
 * What changed in the tools of servers since they were first listed: by server, newest first, at most `most` each. A
 * server in which nothing changed is not in it. The same few questions however many servers there are.
 */
export async function historyOf(
  db: Db,
  serverIds: readonly string[],
  most: number,
): Promise<ReadonlyMap<string, readonly Change[]>> {
  const [one] = serverIds;
  if (serverIds.length === 1 && !(await moved(db).execute({ id: one }))[0]?.moved) return new Map();
  const changes = await changesIn(db, await laterVisits(db, serverIds, most));
  const found = new Map<string, Change[]>();
  for (const change of changes.toReversed().sort((a, b) => b.visit - a.visit)) {
    if (change.initial) continue;
    const known = found.get(change.server.id);
    if (!known) found.set(change.server.id, [change]);
    else if (known.length < most) known.push(change);
  }
  return found;
}

/** Whether more than one visit changed something in a server: of most, only the first did. */
const moved = once((db) => {
  const gone = sql`coalesce(${presence.goneEnumeration}, ${presence.firstEnumeration})`;
  return db
    .select({
      moved: sql<
        boolean | null
      >`min(least(${presence.firstEnumeration}, ${gone})) < max(greatest(${presence.firstEnumeration}, ${gone}))`,
    })
    .from(presence)
    .where(eq(presence.serverId, sql.placeholder('id')))
    .prepare('server_moved');
});

/** The newest visits that changed something, of each server; what came with the first of all is no change. */
async function laterVisits(db: Db, serverIds: readonly string[], most: number): Promise<readonly number[]> {
  const side = (visit: typeof presence.firstEnumeration | typeof presence.goneEnumeration) =>
    db
      .selectDistinct({ id: presence.serverId, visit: sql<number>`${visit}`.mapWith(Number).as('visit') })
      .from(presence)
      .where(and(inArray(presence.serverId, [...serverIds]), isNotNull(visit)));
  const rows = await unionAll(side(presence.firstEnumeration), side(presence.goneEnumeration));
  return [...Map.groupBy(rows, (row) => row.id).values()].flatMap((all) => {
    const visits = [...new Set(all.map((row) => row.visit))].sort((a, b) => b - a);
    return visits.slice(0, -1).slice(0, most);
  });
}
