import { and, eq, isNull, ne, not, or, sql } from 'drizzle-orm';
import { definitionFingerprint } from '#core/definition.ts';
import type { Provenance, ToolDefinition } from '#domain/tool.ts';
import { among, recordset } from '../engine/bulk.ts';
import { chunks } from '../engine/chunks.ts';
import { storable } from '../engine/columns.ts';
import type { Db } from '../engine/open.ts';
import { publishableTool } from '../engine/publishable.ts';
import { definition, presence } from '../tables/tools.ts';
import { cutAgain } from './cut-again.ts';
import type { VisitRecord } from './enumerations.ts';

/** Whether a server has a tool that it told of itself, running. */
export async function hasListed(tx: Db, serverId: string): Promise<boolean> {
  const rows = await tx
    .select({ id: presence.id })
    .from(presence)
    .where(and(eq(presence.serverId, serverId), ne(presence.provenance, 'static'), isNull(presence.goneAt)))
    .limit(1);
  return rows.length > 0;
}

/** Names of a server's present tools. */
export async function presentNames(tx: Db, serverId: string): Promise<readonly string[]> {
  const rows = await tx
    .select({ name: definition.name })
    .from(presence)
    .innerJoin(definition, eq(definition.fingerprint, presence.fingerprint))
    .where(and(eq(presence.serverId, serverId), isNull(presence.goneAt)));
  return rows.map((row) => row.name);
}

/** A tool as it is kept: under the fingerprint of what the server said, with what is shown of that. */
interface Kept {
  readonly fingerprint: string;
  readonly name: string;
  readonly said: ToolDefinition;
  readonly shown: ToolDefinition;
}

/** Tools as they are kept, each definition once. */
export function keptTools(tools: readonly ToolDefinition[]): readonly Kept[] {
  const bodies = new Map(tools.map((tool) => [definitionFingerprint(tool), tool]));
  return [...bodies].map(([fingerprint, said]) => ({
    fingerprint,
    name: storable(said.name),
    said,
    shown: publishableTool(said),
  }));
}

/** Whether a visit brought the server's list and nothing of it was cut off: what it does not name is gone. */
export function isWhole({ enumeration }: VisitRecord): boolean {
  return enumeration.outcome === 'listed' && enumeration.reason === undefined;
}

/** How many rows go into one statement, each of them as part of one parameter. */
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
  tools: readonly Kept[],
): Promise<void> {
  const now = visit.at;
  // A list that was cut off says nothing of what it does not name.
  if (isWhole(visit) || provenance === 'static')
    await tx
      .update(presence)
      .set({ goneAt: now, goneEnumeration: enumerationId })
      .where(
        and(
          eq(presence.serverId, visit.serverId),
          isNull(presence.goneAt),
          // A list ends whatever was there in either provenance; what it still names is taken up again just below.
          or(
            ne(presence.provenance, provenance),
            not(
              among(
                presence.fingerprint,
                tools.map((tool) => tool.fingerprint),
              ),
            ),
          ),
        ),
      );
  for (const some of chunks(tools, ROWS)) {
    const told = tx
      .insert(definition)
      .select(
        recordset(
          definition,
          some.map(({ fingerprint, name, shown }) => ({ fingerprint, name, body: shown, firstSeen: now })),
        ),
      )
      .onConflictDoNothing()
      .returning({ fingerprint: definition.fingerprint });
    await tx
      .with(tx.$with('told').as(told))
      .insert(presence)
      .select(
        recordset(
          presence,
          some.map(({ fingerprint }) => ({
            serverId: visit.serverId,
            fingerprint,
            provenance,
            firstSeen: now,
            lastSeen: now,
            firstEnumeration: enumerationId,
            lastEnumeration: enumerationId,
          })),
        ),
      )
      .onConflictDoUpdate({
        target: [presence.serverId, presence.fingerprint, presence.provenance],
        targetWhere: sql`gone_at is null`,
        set: { lastSeen: now, lastEnumeration: enumerationId },
      });
    for (const { fingerprint, said, shown } of some) await cutAgain(tx, fingerprint, said, shown);
  }
}
