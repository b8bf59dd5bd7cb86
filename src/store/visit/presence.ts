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
export async function presentNames(tx: Db, serverId: string): Promise<readonly { readonly name: string }[]> {
  return tx
    .select({ name: definition.name })
    .from(presence)
    .innerJoin(definition, eq(definition.fingerprint, presence.fingerprint))
    .where(and(eq(presence.serverId, serverId), isNull(presence.goneAt)));
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

/** Writes the definitions that are not known yet. */
function writeDefinitions(tx: Db, tools: readonly Kept[], now: Date) {
  const rows = tools.map(({ fingerprint, name, shown }) => ({ fingerprint, name, body: shown, firstSeen: now }));
  return tx.insert(definition).select(recordset(definition, rows)).onConflictDoNothing();
}

/**
 * Writes them before the lock is taken that orders visits: what a search finds is derived from them, which takes longer
 * than all else. In order of fingerprint, so that two who write the same do not wait for each other.
 */
export async function prepareDefinitions(tx: Db, tools: readonly Kept[], now: Date): Promise<void> {
  const ordered = tools.toSorted((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
  for (const some of chunks(ordered, ROWS)) await writeDefinitions(tx, some, now);
}

/**
 * Makes these the server's present tools of one provenance. A whole list ends whatever else was present; one that was
 * cut off adds only. Whoever has the lock that orders visits asks as little as can be: one question, for usual lists.
 */
export async function replaceTools(
  tx: Db,
  visit: VisitRecord,
  enumerationId: number,
  provenance: Provenance,
  tools: readonly Kept[],
): Promise<void> {
  const now = visit.at;
  const gone = tx
    .update(presence)
    .set({ goneAt: now, goneEnumeration: enumerationId })
    .where(
      and(
        eq(presence.serverId, visit.serverId),
        isNull(presence.goneAt),
        // A list ends whatever was there in either provenance; what it still names is taken up by the same statement.
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
  // A list that was cut off says nothing of what it does not name.
  const ends = isWhole(visit) || provenance === 'static';
  if (ends && tools.length === 0) await gone;
  for (const [at, some] of [...chunks(tools, ROWS)].entries()) {
    // Most are written by now; one that nobody had is, if it was pruned since.
    const told = writeDefinitions(tx, some, now).returning({ fingerprint: definition.fingerprint });
    await tx
      .with(
        tx.$with('told').as(told),
        ...(ends && at === 0 ? [tx.$with('gone').as(gone.returning({ id: presence.id }))] : []),
      )
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
