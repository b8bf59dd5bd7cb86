import { and, asc, desc, eq, gt, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import type { ListedTool, Shelf, ToolName, ToolPlace } from '#domain/lists.ts';
import type { Category, Risk } from '#domain/verdict.ts';
import type { Db } from '../engine/open.ts';
import { server } from '../tables/servers.ts';
import { assessment, definition, ordered, presence } from '../tables/tools.ts';
import { isShown } from './hidden.ts';

const byName = sql<string>`${ordered(definition.name)}`;

/** Present tools of which something holds, in order of name and then as they were first met. */
function tools(db: Db, hide: readonly string[], where: SQL | undefined) {
  const newest = db
    .select({ category: assessment.category, risk: assessment.risk })
    .from(assessment)
    .where(and(eq(assessment.fingerprint, presence.fingerprint), eq(assessment.siblings, server.siblings)))
    .orderBy(desc(assessment.assessedAt))
    .limit(1)
    .as('newest');
  return db
    .select({
      folded: sql<string>`${definition.folded}`,
      ordered: byName,
      id: presence.id,
      name: definition.name,
      provenance: presence.provenance,
      serverId: server.id,
      slug: server.slug,
      server: server.name,
      title: server.title,
      category: sql<Category | null>`${newest.category}`,
      risk: sql<Risk | null>`${newest.risk}`,
    })
    .from(definition)
    .innerJoin(presence, eq(presence.fingerprint, definition.fingerprint))
    .innerJoin(server, eq(server.id, presence.serverId))
    .leftJoinLateral(newest, sql`true`)
    .where(and(isNull(presence.goneAt), isNull(server.mergedInto), isShown(db, hide), where))
    .orderBy(byName, asc(presence.id));
}

function toListed(row: Awaited<ReturnType<typeof tools>>[number]): ListedTool {
  const { name, provenance, serverId, slug, title, category, risk } = row;
  return {
    name,
    server: { id: serverId, slug, name: row.server, ...(title !== null && { title }) },
    provenance,
    ...(category !== null && risk !== null && { verdict: { category, risk } }),
  };
}

/**
 * Present tools whose names read alike (`foldedName` of the domain), in order of name and then as they were first met,
 * from after a place; at most `limit`.
 */
export async function toolsAlike(
  db: Db,
  query: { readonly folded: string; readonly after?: ToolPlace | undefined; readonly limit: number },
  hide: readonly string[] = [],
): Promise<{ readonly tools: readonly ListedTool[]; readonly next?: ToolPlace }> {
  const { folded, after, limit } = query;
  if (folded.includes('\0')) return { tools: [] };
  const from = after && sql`(${byName}, ${presence.id}) > (${after.name}, ${after.id})`;
  const rows = await tools(db, hide, and(eq(definition.folded, folded.toWellFormed()), from)).limit(limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    tools: page.map(toListed),
    ...(rows.length > limit && last && { next: { name: last.ordered, id: last.id } }),
  };
}

/** The same for many names at once, as far as they are known: all tools of each, by folded name. */
export async function toolsAlikeEach(
  db: Db,
  names: readonly string[],
  hide: readonly string[] = [],
): Promise<ReadonlyMap<string, readonly (ListedTool & { readonly place: ToolPlace })[]>> {
  const rows = await tools(db, hide, inArray(definition.folded, [...names]));
  const found = new Map<string, (ListedTool & { readonly place: ToolPlace })[]>();
  for (const row of rows) {
    const tool = { ...toListed(row), place: { name: row.ordered, id: row.id } };
    const known = found.get(row.folded);
    if (known) known.push(tool);
    else found.set(row.folded, [tool]);
  }
  return found;
}

/** Folded names of present tools with one of their spellings and the number of servers, in the order of their bytes. */
function named(db: Db, hide: readonly string[], where?: SQL) {
  // A server counts once, however often it has the name: grouping twice is what the database does without sorting.
  const each = db
    .select({
      folded: sql<string>`${definition.folded}`.as('folded'),
      name: sql<string>`min(${definition.name} collate "C")`.as('name'),
    })
    .from(definition)
    .innerJoin(presence, eq(presence.fingerprint, definition.fingerprint))
    .innerJoin(server, eq(server.id, presence.serverId))
    .where(and(isNull(presence.goneAt), isNull(server.mergedInto), isShown(db, hide), where))
    .groupBy(definition.folded, presence.serverId)
    .as('each');
  return db
    .select({
      folded: sql<string>`${each.folded}`,
      name: sql<string>`min(${each.name})`,
      servers: sql<number>`count(*)`.mapWith(Number),
    })
    .from(each)
    .groupBy(each.folded)
    .orderBy(each.folded);
}

/** Every folded name of present tools in the order of its bytes, with one of its spellings and the number of servers. */
export async function toolNames(db: Db, hide: readonly string[] = []): Promise<readonly ToolName[]> {
  return named(db, hide);
}

// What `shelfOf` of the domain says, in the database.
const shelfId = (folded: SQL) => sql<string>`coalesce(substring(${folded} from '^[a-z0-9]{1,2}'), 'other')`;

/** Shelves of names in order, those that hold something. */
export async function nameShelves(db: Db, hide: readonly string[] = []): Promise<readonly Shelf[]> {
  const each = db
    .selectDistinct({ folded: sql<string>`${definition.folded}`.as('folded') })
    .from(definition)
    .innerJoin(presence, eq(presence.fingerprint, definition.fingerprint))
    .innerJoin(server, eq(server.id, presence.serverId))
    .where(and(isNull(presence.goneAt), isNull(server.mergedInto), isShown(db, hide)))
    .as('each');
  const id = shelfId(sql`${each.folded}`);
  return db
    .select({ id, names: sql<number>`count(*)`.mapWith(Number) })
    .from(each)
    .groupBy(id)
    .orderBy(id);
}

/** The names on a shelf, in the order of their bytes from after `cursor`, a folded name; at most `limit`. */
export async function namesOnShelf(
  db: Db,
  { id, cursor, limit }: { readonly id: string; readonly cursor?: string | undefined; readonly limit: number },
  hide: readonly string[] = [],
): Promise<{ readonly names: readonly ToolName[]; readonly next?: string }> {
  if (!/^[a-z0-9]{1,2}$|^other$/.test(id)) return { names: [] };
  const { folded } = definition;
  // A range of the index, where the shelf is one.
  const range = id === 'other' ? undefined : sql`${folded} >= ${id} and ${folded} < ${`${id}\u{10ffff}`}`;
  const after = cursor === undefined ? undefined : gt(folded, cursor.replaceAll('\0', '').toWellFormed());
  const rows = await named(db, hide, and(eq(shelfId(sql`${folded}`), id), range, after)).limit(limit + 1);
  const names = rows.slice(0, limit);
  return { names, ...(rows.length > limit && { next: names.at(-1)!.folded }) };
}

/** Folded names that servers revised after a revision have or ever had: where what is said of a name may have changed. */
export async function namesTouched(db: Db, since: number): Promise<readonly string[]> {
  const rows = await db
    .selectDistinct({ folded: sql<string>`${definition.folded}` })
    .from(server)
    .innerJoin(presence, eq(presence.serverId, server.id))
    .innerJoin(definition, eq(definition.fingerprint, presence.fingerprint))
    .where(gt(server.revision, since))
    .orderBy(definition.folded);
  return rows.map((row) => row.folded);
}
