import { and, asc, type Column, desc, eq, getTableColumns, inArray, isNull, max, type SQL, sql } from 'drizzle-orm';
import type { CatalogueServer, CatalogueTool } from '#domain/catalogue.ts';
import type { Assessment } from '#domain/verdict.ts';
import type { Db } from '../engine/open.ts';
import { once } from '../engine/prepared.ts';
import { server, sighting } from '../tables/servers.ts';
import { assessment, definition, presence } from '../tables/tools.ts';
import { enumeration } from '../tables/visits.ts';
import { isJudgedHere } from '../verdict/present.ts';
import { toServer } from '../visit/servers.ts';
import { lastVisitsOf } from '../visit/visits.ts';
import { earlierVerdicts } from './earlier.ts';

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

/** A tool as the database writes it: JSON in which texts that are JSON stand as they are. */
type Written = Pick<CatalogueTool, 'definition' | 'fingerprint' | 'provenance'> & {
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly assessment?: Omit<Assessment, 'fingerprint' | 'assessedAt'> & {
    readonly assessedAt: number;
    /** How often the tool was judged. */
    readonly times: number;
  };
};

function ms(at: Column): SQL {
  return sql`(extract(epoch from ${at}) * 1000)::bigint`;
}

/** The present tools of servers, one row a server: to map a row for each tool takes longer than all else together. */
function written(db: Db, which: SQL) {
  // Most tools were judged once: only of the others has what was said before to be asked for.
  const newest = db
    .select({ ...getTableColumns(assessment), times: sql<number>`count(*) over ()`.as('times') })
    .from(assessment)
    .where(isJudgedHere)
    .orderBy(desc(assessment.assessedAt))
    .limit(1)
    .as('newest');
  const judged = sql`case when ${newest.verdict} is null then '' else ',"assessment":{"siblings":' || to_json(${newest.siblings})
    || ',"rules":' || to_json(${newest.rules}) || ',"prompt":' || to_json(${newest.prompt}) || ',"model":' || to_json(${newest.model})
    || ',"verdict":' || ${newest.verdict} || ',"assessedAt":' || ${ms(newest.assessedAt as never)} || ',"times":' || ${newest.times} || '}' end`;
  const one = sql`'{"definition":' || ${definition.body} || ',"fingerprint":' || to_json(${presence.fingerprint})
    || ',"provenance":' || to_json(${presence.provenance}) || ',"firstSeen":' || ${ms(presence.firstSeen)}
    || ',"lastSeen":' || ${ms(presence.lastSeen)} || ${judged} || '}'`;
  return db
    .select({
      serverId: presence.serverId,
      tools: sql<string>`'[' || string_agg(${one}, ',' order by ${definition.name} collate "C", ${presence.id}) || ']'`,
    })
    .from(presence)
    .innerJoin(server, eq(server.id, presence.serverId))
    .innerJoin(definition, eq(definition.fingerprint, presence.fingerprint))
    .leftJoinLateral(newest, sql`true`)
    .where(and(which, isNull(presence.goneAt)))
    .groupBy(presence.serverId);
}

const ofOne = once((db) => written(db, eq(presence.serverId, sql.placeholder('id'))).prepare('tools_of_one'));

/** The present tools of servers in order of name, each with its newest assessment, whatever rules made it. */
export async function toolsOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, readonly CatalogueTool[]>> {
  const rows = await (ids.length === 1
    ? ofOne(db).execute({ id: ids[0] })
    : written(db, inArray(presence.serverId, [...ids])));
  const read = rows.map(({ serverId, tools }) => ({ serverId, tools: JSON.parse(tools) as readonly Written[] }));
  const again = read.filter(({ tools }) => tools.some((tool) => tool.assessment && tool.assessment.times > 1));
  const earlier = await earlierVerdicts(
    db,
    again.map(({ serverId }) => serverId),
  );
  return new Map(
    read.map(({ serverId, tools }) => [
      serverId,
      tools.map((tool) => toolOf(tool, earlier.of(serverId, tool.fingerprint))),
    ]),
  );
}

function toolOf(
  { definition, fingerprint, provenance, firstSeen, lastSeen, assessment: judged }: Written,
  earlier: CatalogueTool['earlier'],
): CatalogueTool {
  const tool = { definition, fingerprint, provenance, firstSeen: new Date(firstSeen), lastSeen: new Date(lastSeen) };
  if (!judged) return tool;
  const { siblings, rules, prompt, model, verdict } = judged;
  const assessedAt = new Date(judged.assessedAt);
  return {
    ...tool,
    assessment: { fingerprint, siblings, rules, prompt, model, verdict, assessedAt },
    ...(earlier && { earlier }),
  };
}

function listOf<T>(lists: Map<string, T[]>, id: string): T[] {
  const known = lists.get(id);
  if (known) return known;
  const list: T[] = [];
  lists.set(id, list);
  return list;
}
