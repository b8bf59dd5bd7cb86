import { and, asc, eq, gt, inArray, isNotNull, isNull, lt, min, ne, type SQL, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import { type Came, type Change, changesOf, type Seen, type Went } from '#domain/change.ts';
import type { Db } from '../engine/open.ts';
import { server } from '../tables/servers.ts';
import { definition, presence } from '../tables/tools.ts';
import { enumeration } from '../tables/visits.ts';
import { isShown } from './hidden.ts';

/** What of a visit decides whether two lists can be compared. */
const seen = {
  visit: enumeration.id,
  at: enumeration.at,
  version: enumeration.version,
  sandbox: enumeration.sandbox,
  context: enumeration.context,
  remote: enumeration.remote,
};

/**
 * What changed in the tools of servers, oldest first, from after the visit `since`: at most `visits` visits that changed
 * something, each whole. `next` is the `since` that goes on from there; absent at the end. The order is the order in
 * which visits were stored: nothing is ever put in before what was given out.
 */
export async function listChanges(
  db: Db,
  query: { readonly since: number; readonly visits: number; readonly serverId?: string | undefined },
  hide: readonly string[] = [],
): Promise<{ readonly changes: readonly Change[]; readonly next?: number }> {
  const ids = await changedVisits(db, query, hide);
  const page = ids.slice(0, query.visits);
  return { changes: await changesIn(db, page), ...(ids.length > page.length && { next: page.at(-1)! }) };
}

/**
 * The same from the newest to the oldest, from before the visit `before`; the changes of one visit are in order of name.
 * `next` is the `before` that goes on from there.
 */
export async function latestChanges(
  db: Db,
  query: { readonly before?: number | undefined; readonly visits: number; readonly serverId?: string | undefined },
  hide: readonly string[] = [],
): Promise<{ readonly changes: readonly Change[]; readonly next?: number }> {
  const ids = await changedVisits(db, query, hide);
  const page = ids.slice(0, query.visits);
  const changes = await changesIn(db, page);
  return {
    changes: changes.toSorted((a, b) => b.visit - a.visit),
    ...(ids.length > page.length && { next: page.at(-1)! }),
  };
}

/** Everything that these visits changed, oldest first. */
export async function changesIn(db: Db, visits: readonly number[]): Promise<readonly Change[]> {
  if (visits.length === 0) return [];
  return changesOf(await arrivals(db, visits), await departures(db, visits));
}

async function changedVisits(
  db: Db,
  query: { readonly visits: number; readonly serverId?: string | undefined } & (
    | { readonly since: number }
    | { readonly before?: number | undefined }
  ),
  hide: readonly string[],
): Promise<readonly number[]> {
  const { visits, serverId } = query;
  const forwards = 'since' in query;
  const side = (visit: typeof presence.firstEnumeration | typeof presence.goneEnumeration) =>
    db
      .selectDistinct({ visit: sql<number>`${visit}`.mapWith(Number).as('visit') })
      .from(presence)
      .innerJoin(server, eq(server.id, presence.serverId))
      .where(
        and(
          forwards ? gt(visit, query.since) : query.before === undefined ? undefined : lt(visit, query.before),
          isNotNull(visit),
          isNull(server.mergedInto),
          isShown(db, hide),
          serverId === undefined ? undefined : eq(presence.serverId, serverId),
        ),
      )
      .orderBy(forwards ? sql`visit` : sql`visit desc`)
      .limit(visits + 1);
  const rows = await unionAll(side(presence.firstEnumeration), side(presence.goneEnumeration));
  const order = forwards ? 1 : -1;
  return [...new Set(rows.map((row) => row.visit))].sort((a, b) => order * (a - b)).slice(0, visits + 1);
}

const tool = {
  serverId: presence.serverId,
  slug: server.slug,
  provenance: presence.provenance,
  definition: definition.body,
  fingerprint: definition.fingerprint,
};

function tools(db: Db, visit: SQL, where: SQL | undefined) {
  return db
    .select({ ...tool, seen, last: presence.lastEnumeration })
    .from(presence)
    .innerJoin(definition, eq(definition.fingerprint, presence.fingerprint))
    .innerJoin(server, eq(server.id, presence.serverId))
    .innerJoin(enumeration, eq(enumeration.id, visit))
    .where(where)
    .orderBy(asc(enumeration.id), sql`${definition.name} collate "C"`, asc(presence.id));
}

async function arrivals(db: Db, visits: readonly number[]): Promise<readonly Came[]> {
  const rows = await tools(db, sql`${presence.firstEnumeration}`, inArray(presence.firstEnumeration, [...visits]));
  if (rows.length === 0) return [];
  const firsts = await db
    .select({ serverId: presence.serverId, visit: min(presence.firstEnumeration) })
    .from(presence)
    .where(
      and(inArray(presence.serverId, [...new Set(rows.map((row) => row.serverId))]), ne(presence.provenance, 'static')),
    )
    .groupBy(presence.serverId);
  const first = new Map(firsts.map((row) => [row.serverId, Number(row.visit)]));
  return rows.map(({ last: _, ...row }) => ({
    ...row,
    initial: row.provenance === 'static' || first.get(row.serverId) === row.seen.visit,
  }));
}

async function departures(db: Db, visits: readonly number[]): Promise<readonly Went[]> {
  const rows = await tools(db, sql`${presence.goneEnumeration}`, inArray(presence.goneEnumeration, [...visits]));
  if (rows.length === 0) return [];
  const before = await db
    .select(seen)
    .from(enumeration)
    .where(inArray(enumeration.id, [...new Set(rows.map((row) => row.last))]));
  const known = new Map<number, Seen>(before.map((row) => [row.visit, row]));
  return rows.map(({ last, ...row }) => ({ ...row, before: known.get(last) ?? row.seen }));
}
