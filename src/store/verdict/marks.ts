import { and, asc, desc, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import { facetMark, type Mark, type MarkedName, NAME_ORDERED } from '#domain/lists.ts';
import { CATEGORIES, type Category, RISKS, type Risk, type Verdict } from '#domain/verdict.ts';
import { isShown } from '../catalogue/hidden.ts';
import { among, recordset } from '../engine/bulk.ts';
import { chunks } from '../engine/chunks.ts';
import type { Db } from '../engine/open.ts';
import { readFact, writeFact } from '../night/runs.ts';
import { mark } from '../tables/marks.ts';
import { server } from '../tables/servers.ts';
import { assessment, definition, presence } from '../tables/tools.ts';
import { isJudgedHere } from './present.ts';

type Row = typeof mark.$inferSelect;

/** Everything that a tool with this verdict is listed under. */
export function marksOf({ category, risk, facets }: Verdict): readonly Mark[] {
  const shown = Object.entries(facets).flatMap(([name, { value }]) => facetMark(name, value) ?? []);
  return [`category:${category}`, `risk:${risk}`, ...shown];
}

/** Brings the marks of these servers' present tools up to date with their newest verdicts; the same costs one read. */
export async function writeMarks(tx: Db, serverIds: readonly string[]): Promise<void> {
  for (const ids of chunks(serverIds, 50)) {
    const judged = await tx
      .selectDistinctOn([presence.id], {
        presenceId: presence.id,
        serverId: presence.serverId,
        name: definition.name,
        verdict: assessment.verdict,
      })
      .from(presence)
      .innerJoin(server, eq(server.id, presence.serverId))
      .innerJoin(definition, eq(definition.fingerprint, presence.fingerprint))
      .innerJoin(assessment, isJudgedHere)
      .where(and(inArray(presence.serverId, ids), isNull(presence.goneAt)))
      .orderBy(presence.id, desc(assessment.assessedAt));
    const wanted = new Map<string, Row>();
    for (const { verdict, name, ...row } of judged)
      for (const key of marksOf(verdict)) {
        const one = { ...row, key, name: ordered(name), category: verdict.category, risk: verdict.risk };
        wanted.set(identity(one), one);
      }
    const known = await tx.select().from(mark).where(among(mark.serverId, ids));
    const stale = known.filter((row) => !wanted.delete(identity(row)));
    for (const [key, rows] of Map.groupBy(stale, (row) => row.key))
      for (const few of chunks(rows.map((row) => row.presenceId)))
        await tx.delete(mark).where(and(eq(mark.key, key), among(mark.serverId, ids), among(mark.presenceId, few)));
    for (const few of chunks([...wanted.values()])) await tx.insert(mark).select(recordset(mark, few));
  }
}

function identity({ key, presenceId, name, serverId, category, risk }: Row): string {
  return JSON.stringify([key, presenceId, name, serverId, category, risk]);
}

/** The name as far as lists are ordered by it: what `left` of the database gives, which counts characters. */
function ordered(name: string): string {
  return name.length <= NAME_ORDERED ? name : [...name].slice(0, NAME_ORDERED).join('');
}

/** Marks every server of a catalogue that was judged before there were marks; elsewhere one look. */
export async function markAll(db: Db): Promise<void> {
  if ((await readFact(db, 'marks')) !== undefined) return;
  const rows = await db
    .select({ id: server.id })
    .from(server)
    .where(isNotNull(server.siblings))
    .orderBy(asc(server.id));
  for (const some of chunks(rows, 50))
    await db.transaction((tx) =>
      writeMarks(
        tx,
        some.map(({ id }) => id),
      ),
    );
  await writeFact(db, 'marks', '1');
}

/** Names of present tools under a mark by the number of servers that have them, the most first; at most `limit`. */
export async function markedNames(
  db: Db,
  query: { readonly mark: Mark; readonly limit: number },
  hide: readonly string[] = [],
): Promise<{ readonly names: readonly MarkedName[]; readonly tools: number }> {
  // A server counts once, however often it has the name: grouping twice is what the database does without sorting.
  const kinds = [...CATEGORIES, ...RISKS];
  const found = kinds.map(
    (word, at) => sql`((${word} in (${mark.category}, ${mark.risk}))::int << ${sql.raw(String(at))})`,
  );
  const each = db
    .select({
      name: mark.name,
      slug: sql<string>`min(${server.slug} collate "C")`.as('slug'),
      tools: sql<number>`count(*)`.as('tools'),
      kinds: sql<number>`bit_or(${sql.join(found, sql` | `)})`.as('kinds'),
    })
    .from(mark)
    .innerJoin(presence, and(eq(presence.id, mark.presenceId), isNull(presence.goneAt)))
    .innerJoin(server, eq(server.id, mark.serverId))
    .where(and(eq(mark.key, query.mark), isNull(server.mergedInto), isShown(db, hide)))
    .groupBy(mark.name, mark.serverId)
    .as('each');
  const servers = sql<number>`count(*)`.mapWith(Number);
  const rows = await db
    .select({
      name: each.name,
      servers,
      all: sql<number>`sum(sum(${each.tools})) over ()`.mapWith(Number),
      slug: sql<string>`min(${each.slug})`,
      kinds: sql<number>`bit_or(${each.kinds})`.mapWith(Number),
    })
    .from(each)
    .groupBy(each.name)
    .orderBy(desc(servers), asc(each.name))
    .limit(query.limit);
  const has = (bits: number, word: Category | Risk) => (bits & (1 << kinds.indexOf(word))) !== 0;
  return {
    tools: rows[0]?.all ?? 0,
    names: rows.map(({ name, servers: number, slug, kinds: bits }) => ({
      name,
      servers: number,
      ...(number === 1 && { slug }),
      categories: CATEGORIES.filter((word) => has(bits, word)),
      risks: RISKS.filter((word) => has(bits, word)),
    })),
  };
}
