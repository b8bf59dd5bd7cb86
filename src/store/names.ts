import { and, asc, countDistinct, desc, eq, gt, isNull, ne, sql } from 'drizzle-orm';
import type { ListedTool, ToolName } from '#domain/lists.ts';
import { isShown } from './hidden.ts';
import type { Db } from './open.ts';
import { server } from './tables/servers.ts';
import { assessment, definition, folded, ordered, presence } from './tables/tools.ts';

/** Present tools, with their definitions and servers; what a name leads to. */
function present(db: Db, hide: readonly string[]) {
  return {
    where: and(isNull(presence.goneAt), isNull(server.mergedInto), isShown(db, hide)),
    byName: sql<string>`${ordered(definition.name)}`,
  };
}

/** All present tools of exactly this name, in order of their servers' slugs from after `cursor`, a slug; at most `limit`. */
export async function toolsNamed(
  db: Db,
  query: { readonly name: string; readonly cursor?: string | undefined; readonly limit: number },
  hide: readonly string[] = [],
): Promise<{ readonly tools: readonly ListedTool[]; readonly next?: string }> {
  const { name, cursor, limit } = query;
  if (name.includes('\0')) return { tools: [] };
  const { where, byName } = present(db, hide);
  const bySlug = sql`${server.slug} collate "C"`;
  const rows = await db
    // A server may have a name in two provenances; its own list comes first.
    .selectDistinctOn([bySlug], {
      provenance: presence.provenance,
      server: { id: server.id, slug: server.slug, name: server.name, title: server.title },
      category: assessment.category,
      risk: assessment.risk,
    })
    .from(definition)
    .innerJoin(presence, eq(presence.fingerprint, definition.fingerprint))
    .innerJoin(server, eq(server.id, presence.serverId))
    .leftJoin(
      assessment,
      and(eq(assessment.fingerprint, presence.fingerprint), eq(assessment.siblings, server.siblings)),
    )
    .where(
      and(
        sql`${byName} = ${ordered(sql`${name}::text`)}`,
        eq(definition.name, name),
        where,
        cursor === undefined ? undefined : gt(bySlug, cursor),
      ),
    )
    .orderBy(bySlug, asc(presence.id), desc(assessment.assessedAt))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  return {
    tools: page.map(({ provenance, server: { title, ...on }, category, risk }) => ({
      name,
      server: { ...on, ...(title !== null && { title }) },
      provenance,
      ...(category !== null && risk !== null && { verdict: { category, risk } }),
    })),
    ...(rows.length > limit && { next: page.at(-1)!.server.slug }),
  };
}

/** Other names that differ from this one in capitals and in the signs between their words only; at most `limit`. */
export async function spellingsOf(
  db: Db,
  query: { readonly name: string; readonly limit: number },
  hide: readonly string[] = [],
): Promise<readonly ToolName[]> {
  const { name, limit } = query;
  if (name.includes('\0')) return [];
  const { where } = present(db, hide);
  return db
    .select({ name: definition.name, servers: countDistinct(presence.serverId) })
    .from(definition)
    .innerJoin(presence, eq(presence.fingerprint, definition.fingerprint))
    .innerJoin(server, eq(server.id, presence.serverId))
    .where(and(sql`${folded(definition.name)} = ${folded(sql`${name}::text`)}`, ne(definition.name, name), where))
    .groupBy(definition.name)
    .orderBy(sql`${definition.name} collate "C"`)
    .limit(limit);
}

/** Names of present tools in the order of their bytes, from after `cursor`, a name; at most `limit`, each once. */
export async function toolNames(
  db: Db,
  query: { readonly cursor?: string | undefined; readonly limit: number },
  hide: readonly string[] = [],
): Promise<{ readonly names: readonly ToolName[]; readonly next?: string }> {
  const { cursor, limit } = query;
  const { where, byName } = present(db, hide);
  const whole = sql`${definition.name} collate "C"`;
  const rows = await db
    .select({ name: definition.name, servers: countDistinct(presence.serverId) })
    .from(definition)
    .innerJoin(presence, eq(presence.fingerprint, definition.fingerprint))
    .innerJoin(server, eq(server.id, presence.serverId))
    .where(
      and(
        where,
        cursor === undefined ? undefined : sql`(${byName}, ${whole}) > (${ordered(sql`${cursor}::text`)}, ${cursor})`,
      ),
    )
    .groupBy(byName, definition.name)
    .orderBy(byName, whole)
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  return { names: page, ...(rows.length > limit && { next: page.at(-1)!.name }) };
}
