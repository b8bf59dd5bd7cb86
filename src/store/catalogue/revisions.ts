import { and, asc, count, desc, eq, gt, inArray, isNull, lte, sql } from 'drizzle-orm';
import type { CatalogueServer, CatalogueTool } from '#domain/catalogue.ts';
import type { Revised } from '#domain/revision.ts';
import type { Db } from '../engine/open.ts';
import { revisions, server } from '../tables/servers.ts';
import { assessment, definition, presence } from '../tables/tools.ts';
import { isJudgedHere } from '../verdict/present.ts';
import { toServer } from '../visit/servers.ts';
import { isShown } from './hidden.ts';

/** Key of the lock under which the trigger `server_revised` hands out numbers. */
const REVISIONS = 7_466_302;

/** Tools of servers together that are loaded at once: a few megabytes with their verdicts. */
const TOOLS = 60;
/** Servers looked up first, so that the first line comes soon. */
const FIRST = 10;

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
 * The servers revised after `after` and up to `until`, in the order of their revisions, looked up `atOnce` at
 * a time and loaded by how many tools they have, so that a whole catalogue passes through little memory. Of a server only
 * what a policy is made of is loaded.
 */
export async function* revised(
  db: Db,
  query: { readonly after: number; readonly until: number; readonly atOnce?: number },
  hide: readonly string[] = [],
): AsyncGenerator<Revised> {
  const { until, atOnce = 100 } = query;
  let most = Math.min(FIRST, atOnce);
  for (let after = query.after; after < until; most = atOnce) {
    const rows = await db
      .select()
      .from(server)
      .where(and(gt(server.revision, after), lte(server.revision, until), isShown(db, hide)))
      .orderBy(asc(server.revision))
      .limit(most);
    for (const some of inParts(rows, await toolCounts(db, rows))) {
      const tools = await toolsOf(db, some);
      for (const row of some) {
        const { revision, id } = row;
        if (row.mergedInto !== null) yield { revision, gone: id };
        else yield { revision, server: bare(row, tools.get(id) ?? []) };
      }
    }
    if (rows.length < most) return;
    after = rows.at(-1)!.revision;
  }
}

type Row = typeof server.$inferSelect;

/** Servers in their order, as many at once as have `TOOLS` tools together; one that has more stands alone. */
function* inParts(rows: readonly Row[], counts: ReadonlyMap<string, number>): Generator<readonly Row[]> {
  let part: Row[] = [];
  let tools = 0;
  for (const row of rows) {
    const own = counts.get(row.id) ?? 0;
    if (part.length > 0 && tools + own > TOOLS) {
      yield part;
      part = [];
      tools = 0;
    }
    part.push(row);
    tools += own;
  }
  if (part.length > 0) yield part;
}

async function toolCounts(db: Db, rows: readonly Row[]): Promise<ReadonlyMap<string, number>> {
  if (rows.length === 0) return new Map();
  const ids = rows.map((row) => row.id);
  const counts = await db
    .select({ id: presence.serverId, tools: count() })
    .from(presence)
    .where(and(inArray(presence.serverId, ids), isNull(presence.goneAt)))
    .groupBy(presence.serverId);
  return new Map(counts.map(({ id, tools }) => [id, tools]));
}

function bare(row: Row, tools: readonly CatalogueTool[]): CatalogueServer {
  return { ...toServer(row), firstSeen: row.firstSeen, lastSeen: row.lastSeen, sources: [], tools };
}

async function toolsOf(db: Db, rows: readonly Row[]): Promise<ReadonlyMap<string, readonly CatalogueTool[]>> {
  const found = new Map<string, CatalogueTool[]>();
  if (rows.length === 0) return found;
  const ids = rows.map((row) => row.id);
  const here = await db
    .selectDistinctOn([presence.id], { presence, body: definition.body, assessment })
    .from(presence)
    .innerJoin(definition, eq(definition.fingerprint, presence.fingerprint))
    .innerJoin(server, eq(server.id, presence.serverId))
    .leftJoin(assessment, isJudgedHere)
    .where(and(inArray(presence.serverId, ids), isNull(presence.goneAt)))
    .orderBy(presence.id, desc(assessment.assessedAt));
  for (const { presence: seen, body, assessment: judged } of here) {
    const { fingerprint, provenance, firstSeen, lastSeen } = seen;
    const tool = {
      definition: body,
      fingerprint,
      provenance,
      firstSeen,
      lastSeen,
      ...(judged && { assessment: judged }),
    };
    found.set(seen.serverId, [...(found.get(seen.serverId) ?? []), tool]);
  }
  return found;
}
