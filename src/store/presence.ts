import { and, eq, inArray, isNull, ne, notInArray, sql } from 'drizzle-orm';
import { definitionFingerprint } from '#core/definition.ts';
import type { Provenance, ToolDefinition } from '#domain/tool.ts';
import { storable } from './columns.ts';
import { cutAgain } from './cut-again.ts';
import type { VisitRecord } from './enumerations.ts';
import type { Db } from './open.ts';
import { publishableTool } from './publishable.ts';
import { definition, presence } from './tables/tools.ts';

/** Whether a server has a tool that it told of itself, running. */
export async function hasListed(tx: Db, serverId: string): Promise<boolean> {
  const rows = await tx
    .select({ id: presence.id })
    .from(presence)
    .where(and(eq(presence.serverId, serverId), ne(presence.provenance, 'static'), isNull(presence.goneAt)))
    .limit(1);
  return rows.length > 0;
}

/** How many rows go into one statement: PostgreSQL takes at most 65,535 parameters. */
const ROWS = 1000;

/**
 * Makes these the server's present tools of one provenance. A whole list ends whatever else was present; one that was
 * cut off adds only.
 */
export async function replaceTools(
  tx: Db,
  visit: VisitRecord,
  enumerationId: number,
  provenance: Provenance,
  tools: readonly ToolDefinition[],
): Promise<void> {
  const bodies = new Map(tools.map((tool) => [definitionFingerprint(tool), tool]));
  const now = visit.at;
  const current = and(eq(presence.serverId, visit.serverId), isNull(presence.goneAt));
  // A list ends whatever was there in either provenance; what it still names is taken up again just below.
  const stays = and(eq(presence.provenance, provenance), inArray(presence.fingerprint, [...bodies.keys(), '']));
  // A list that was cut off says nothing of what it does not name.
  if (visit.enumeration.outcome !== 'listed' || visit.enumeration.reason === undefined) {
    const staying = await tx.select({ id: presence.id }).from(presence).where(and(current, stays));
    await tx
      .update(presence)
      .set({ goneAt: now, goneEnumeration: enumerationId })
      .where(and(current, notInArray(presence.id, [...staying.map((row) => row.id), -1])));
  }
  const all = [...bodies];
  for (let i = 0; i < all.length; i += ROWS) {
    const some = all.slice(i, i + ROWS);
    const shown = some.map(([, body]) => publishableTool(body));
    await tx
      .insert(definition)
      .values(
        some.map(([fingerprint, { name }], at) => ({
          fingerprint,
          name: storable(name),
          body: shown[at]!,
          firstSeen: now,
        })),
      )
      .onConflictDoNothing();
    for (const [at, [fingerprint, body]] of some.entries()) await cutAgain(tx, fingerprint, body, shown[at]!);
    await tx
      .insert(presence)
      .values(
        some.map(([fingerprint]) => ({
          serverId: visit.serverId,
          fingerprint,
          provenance,
          firstSeen: now,
          lastSeen: now,
          firstEnumeration: enumerationId,
          lastEnumeration: enumerationId,
        })),
      )
      .onConflictDoUpdate({
        target: [presence.serverId, presence.fingerprint, presence.provenance],
        targetWhere: sql`gone_at is null`,
        set: { lastSeen: now, lastEnumeration: enumerationId },
      });
  }
}
