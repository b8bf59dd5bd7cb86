import { and, desc, eq, inArray, isNull, or, sql } from 'drizzle-orm';
import type { CatalogueServer, ServerSummary, Statistics } from '#domain/catalogue.ts';
import type { Depth } from '#domain/search.ts';
import { CATEGORIES, RISKS, type Risk } from '#domain/verdict.ts';
import { among } from '../engine/bulk.ts';
import type { Db } from '../engine/open.ts';
import { once } from '../engine/prepared.ts';
import { lastSeenOf } from '../listing/last-seen.ts';
import { alias, server } from '../tables/servers.ts';
import { assessment, presence } from '../tables/tools.ts';
import { enumeration } from '../tables/visits.ts';
import { isJudgedHere, isPresent } from '../verdict/present.ts';
import { toServer } from '../visit/servers.ts';
import { lastVisitsOf } from '../visit/visits.ts';
import { addressesOf, isShown } from './hidden.ts';
import { toolsOf, wholeServers } from './whole.ts';

const byKey = once((db) => {
  const key = sql.placeholder('key');
  return db
    .select()
    .from(server)
    .where(or(eq(server.id, key), eq(server.slug, key)))
    .orderBy(desc(eq(server.id, key)))
    .limit(1)
    .prepare('server_by_key');
});

/**
 * A server with everything the catalogue says of it, by id, slug, purl or any other address it was known under.
 * `canonical` is false when it answered to something other than its id or present slug. Servers with an address among
 * `hide` are not there. `depth`: of the server itself and its tools, and with `visit` its last visit, and no more.
 */
export async function findServer(
  db: Db,
  key: string,
  hide: readonly string[] = [],
  depth?: Depth,
): Promise<{ readonly server: CatalogueServer; readonly canonical: boolean } | undefined> {
  if (key.includes('\0') || !key.isWellFormed()) return undefined;
  let [row] = await byKey(db).execute({ key });
  let canonical = row !== undefined;
  if (!row) {
    const kinds = ['slug', 'purl', 'registry', 'repository', 'remote'];
    const [hit] = await db
      .select({ row: server })
      .from(alias)
      .innerJoin(server, eq(server.id, alias.serverId))
      .where(inArray(alias.address, [key, ...kinds.map((kind) => `${kind}:${key}`)]))
      .limit(1);
    row = hit?.row;
  }
  // A merged server's row leads to the one it turned out to be; chains are short and end.
  for (let hops = 0; row?.mergedInto && hops < 20; hops++) {
    canonical = false;
    [row] = await db.select().from(server).where(eq(server.id, row.mergedInto));
  }
  if (row && hide.length > 0 && (await addressesOf(db, row.id)).some((address) => hide.includes(address)))
    return undefined;
  if (!row) return undefined;
  const found = depth ? await part(db, row, depth) : (await wholeServers(db, [row], await lastSeenOf(db, [row])))[0]!;
  return { server: found, canonical };
}

/** A server with what look-ups of tools and policies are made of: a third of the questions that a whole one takes. */
async function part(db: Db, row: typeof server.$inferSelect, depth: Depth): Promise<CatalogueServer> {
  const [tools, visits] = await Promise.all([
    toolsOf(db, [row.id]),
    depth === 'visit' ? lastVisitsOf(db, [row.id]) : new Map<string, never>(),
  ]);
  const visit = visits.get(row.id);
  return {
    ...toServer(row),
    ...{ firstSeen: row.firstSeen, lastSeen: row.lastSeen, sources: [], tools: tools.get(row.id) ?? [] },
    ...(visit && { visit }),
  };
}

/** What each present tool was last found to be, one row a tool: what lists and totals are made of. */
function assessedTools(db: Db, hide: readonly string[], serverIds?: readonly string[]) {
  return db
    .selectDistinctOn([presence.id], {
      id: presence.id,
      serverId: presence.serverId,
      provenance: presence.provenance,
      category: assessment.category,
      risk: assessment.risk,
    })
    .from(presence)
    .innerJoin(server, eq(server.id, presence.serverId))
    .leftJoin(assessment, isJudgedHere)
    .where(and(isPresent(db, hide), serverIds && inArray(presence.serverId, serverIds)))
    .orderBy(presence.id, desc(assessment.assessedAt));
}

/** The columns that lists are made of: a row holds JSON that takes long to read, and the static site lists every server. */
export const LISTED = {
  id: server.id,
  slug: server.slug,
  name: server.name,
  title: server.title,
  description: server.description,
  firstSeen: server.firstSeen,
  lastSeen: server.lastSeen,
  revision: server.revision,
};
export type ListedRow = Pick<typeof server.$inferSelect, keyof typeof LISTED>;

/** What lists show of these servers, in the same order. */
export async function summariesOf(
  db: Db,
  rows: readonly ListedRow[],
  hide: readonly string[],
): Promise<readonly ServerSummary[]> {
  const ids = rows.map((row) => row.id);
  const outcomes = new Map<string, (typeof enumeration.$inferSelect)['outcome']>();
  const tools = new Map<string, { readonly count: number; readonly risk: Risk | null }>();
  if (ids.length > 0) {
    const visits = await db
      .selectDistinctOn([enumeration.serverId], { serverId: enumeration.serverId, outcome: enumeration.outcome })
      .from(enumeration)
      .where(among(enumeration.serverId, ids))
      .orderBy(enumeration.serverId, desc(enumeration.id));
    for (const { serverId, outcome } of visits) outcomes.set(serverId, outcome);
    const each = assessedTools(db, hide, ids).as('each');
    const order = sql`array[${sql.join(
      RISKS.map((risk) => sql`${risk}::text`),
      sql`, `,
    )}]`;
    const counted = await db
      .select({
        serverId: each.serverId,
        count: sql<number>`count(*)::int`,
        risk: sql<Risk | null>`(${order})[max(array_position(${order}, ${each.risk}))]`,
      })
      .from(each)
      .groupBy(each.serverId);
    for (const { serverId, ...sum } of counted) tools.set(serverId, sum);
  }
  const lastSeen = await lastSeenOf(db, rows);
  return rows.map((row) => ({
    id: row.id,
    slug: row.slug,
    name: row.name,
    ...(row.title !== null && { title: row.title }),
    ...(row.description !== null && { description: row.description }),
    ...(outcomes.has(row.id) && { outcome: outcomes.get(row.id)! }),
    toolCount: tools.get(row.id)?.count ?? 0,
    ...(tools.get(row.id)?.risk && { risk: tools.get(row.id)!.risk! }),
    lastSeen: lastSeen.get(row.id)!,
  }));
}

/** Totals over everything present and shown. */
export async function statistics(db: Db, hide: readonly string[] = []): Promise<Statistics> {
  const live = db
    .select({ id: server.id })
    .from(server)
    .where(and(isNull(server.mergedInto), isShown(db, hide)))
    .as('live');
  const newest = db
    .selectDistinctOn([enumeration.serverId], { serverId: enumeration.serverId, outcome: enumeration.outcome })
    .from(enumeration)
    .orderBy(enumeration.serverId, desc(enumeration.id))
    .as('newest');
  const count = sql<number>`count(*)::int`;
  const outcomes = await db
    .select({ outcome: newest.outcome, count })
    .from(live)
    .leftJoin(newest, eq(newest.serverId, live.id))
    .groupBy(newest.outcome);
  const tools = assessedTools(db, hide).as('tools');
  const kinds = await db
    .select({ category: tools.category, risk: tools.risk, provenance: tools.provenance, count })
    .from(tools)
    .groupBy(tools.category, tools.risk, tools.provenance);
  const byCategory = Object.fromEntries(CATEGORIES.map((word) => [word, 0])) as Record<
    (typeof CATEGORIES)[number],
    number
  >;
  const byRisk = Object.fromEntries(RISKS.map((word) => [word, 0])) as Record<Risk, number>;
  let all = 0;
  let unassessed = 0;
  let fromSource = 0;
  for (const row of kinds) {
    all += row.count;
    if (row.provenance === 'static') fromSource += row.count;
    if (row.category === null || row.risk === null) unassessed += row.count;
    else {
      byCategory[row.category] += row.count;
      byRisk[row.risk] += row.count;
    }
  }
  return {
    servers: outcomes.map((row) => row.count).reduce((a, b) => a + b, 0),
    tools: all,
    byOutcome: Object.fromEntries(outcomes.map((row) => [row.outcome ?? 'unvisited', row.count])),
    byCategory,
    byRisk,
    unassessed,
    static: fromSource,
  };
}
