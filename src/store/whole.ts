import { and, asc, desc, eq, getTableColumns, inArray, isNull, max, sql } from 'drizzle-orm';
import type { CatalogueServer, CatalogueTool } from '#domain/catalogue.ts';
import { earlierVerdicts } from './earlier.ts';
import type { Db } from './open.ts';
import { isJudgedHere } from './present.ts';
import { toServer } from './servers.ts';
import { server, sighting } from './tables/servers.ts';
import { assessment, definition, presence } from './tables/tools.ts';
import { enumeration } from './tables/visits.ts';
import { lastVisitsOf } from './visits.ts';

type Row = typeof server.$inferSelect;

/**
 * Servers with everything the catalogue says of each, in the order of their rows: the same few questions however many
 * there are. `lastSeen` is when a listing was last new or changed, unless it is given.
 */
export async function wholeServers(
  db: Db,
  rows: readonly Row[],
  lastSeen?: ReadonlyMap<string, Date>,
): Promise<readonly CatalogueServer[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const [sources, visits, listed, tools] = await Promise.all([
    sourcesOf(db, ids),
    lastVisitsOf(db, ids),
    lastListings(db, ids),
    toolsOf(db, ids),
  ]);
  return rows.map((row) => {
    const visit = visits.get(row.id);
    const listedAt = listed.get(row.id);
    return {
      ...toServer(row),
      firstSeen: row.firstSeen,
      lastSeen: lastSeen?.get(row.id) ?? row.lastSeen,
      sources: sources.get(row.id) ?? [],
      ...(visit && { visit }),
      ...(listedAt && { listedAt }),
      tools: tools.get(row.id) ?? [],
    };
  });
}

/** The same by id; those that turned out to be others are left out. */
export async function wholeServersById(db: Db, ids: readonly string[]): Promise<readonly CatalogueServer[]> {
  const rows = await db
    .select()
    .from(server)
    .where(and(inArray(server.id, [...ids]), isNull(server.mergedInto)));
  return wholeServers(db, rows);
}

async function sourcesOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await db
    .selectDistinct({ id: sighting.serverId, source: sighting.source })
    .from(sighting)
    .where(and(inArray(sighting.serverId, [...ids]), isNull(sighting.supersededAt), isNull(sighting.unlistedAt)))
    .orderBy(asc(sighting.source));
  const found = new Map<string, string[]>();
  for (const { id, source } of rows) listOf(found, id).push(source);
  return found;
}

async function lastListings(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, Date | null>> {
  const rows = await db
    .select({ id: enumeration.serverId, at: max(enumeration.at) })
    .from(enumeration)
    .where(and(inArray(enumeration.serverId, [...ids]), eq(enumeration.outcome, 'listed')))
    .groupBy(enumeration.serverId);
  return new Map(rows.map(({ id, at }) => [id, at]));
}

/** The present tools of servers in order of name, each with its newest assessment, whatever rules made it. */
export async function toolsOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, readonly CatalogueTool[]>> {
  // Most tools were judged once: only of the others has what was said before to be asked for.
  const times = sql<number>`count(*) over ()`.mapWith(Number).as('times');
  const newest = db
    .select({ ...getTableColumns(assessment), times })
    .from(assessment)
    .where(isJudgedHere)
    .orderBy(desc(assessment.assessedAt))
    .limit(1)
    .as('newest');
  const asked = db
    .select({
      serverId: presence.serverId,
      definition: definition.body,
      fingerprint: presence.fingerprint,
      provenance: presence.provenance,
      firstSeen: presence.firstSeen,
      lastSeen: presence.lastSeen,
      siblings: newest.siblings,
      rules: newest.rules,
      prompt: newest.prompt,
      model: newest.model,
      verdict: newest.verdict,
      assessedAt: newest.assessedAt,
      times: newest.times,
    })
    .from(presence)
    .innerJoin(server, eq(server.id, presence.serverId))
    .innerJoin(definition, eq(definition.fingerprint, presence.fingerprint))
    .leftJoinLateral(newest, sql`true`)
    .where(and(inArray(presence.serverId, [...ids]), isNull(presence.goneAt)))
    .orderBy(sql`${definition.name} collate "C"`, asc(presence.id));
  const rows = await (ids.length === 1 ? asked.prepare('tools_of_one').execute() : asked);
  const again = new Set(rows.filter((row) => Number(row.times) > 1).map(({ serverId }) => serverId));
  const earlier = await earlierVerdicts(db, [...again]);
  const found = new Map<string, CatalogueTool[]>();
  for (const { serverId, siblings, rules, prompt, model, verdict, assessedAt, times: _, ...tool } of rows) {
    const { fingerprint } = tool;
    const judged = verdict !== null && { fingerprint, siblings, rules, prompt, model, verdict, assessedAt };
    const before = earlier.of(serverId, fingerprint);
    listOf(found, serverId).push({
      ...tool,
      ...(judged && { assessment: judged as never }),
      ...(before && { earlier: before }),
    });
  }
  return found;
}

function listOf<T>(lists: Map<string, T[]>, id: string): T[] {
  const known = lists.get(id);
  if (known) return known;
  const list: T[] = [];
  lists.set(id, list);
  return list;
}
