import { and, asc, desc, eq, gt, inArray, type SQL, sql } from 'drizzle-orm';
import type { ListedTool, Shelf, ToolName, ToolPlace } from '#domain/lists.ts';
import type { Db } from './open.ts';
import { isJudgedHere, isPresent } from './present.ts';
import { server } from './tables/servers.ts';
import { assessment, definition, folded, ordered, presence } from './tables/tools.ts';

const foldedName = sql<string>`${folded(definition.name)}`;
const orderedName = sql<string>`${ordered(definition.name)}`;

function alike(db: Db, hide: readonly string[], names: readonly string[], after?: ToolPlace | undefined) {
  return db
    .selectDistinctOn([orderedName, presence.id], {
      folded: foldedName,
      ordered: orderedName,
      id: presence.id,
      name: definition.name,
      provenance: presence.provenance,
      server: { id: server.id, slug: server.slug, name: server.name, title: server.title },
      category: assessment.category,
      risk: assessment.risk,
    })
    .from(definition)
    .innerJoin(presence, eq(presence.fingerprint, definition.fingerprint))
    .innerJoin(server, eq(server.id, presence.serverId))
    .leftJoin(assessment, isJudgedHere)
    .where(
      and(
        inArray(
          foldedName,
          names.map((name) => name.toWellFormed()),
        ),
        isPresent(db, hide),
        after && sql`(${orderedName}, ${presence.id}) > (${after.name}, ${after.id})`,
      ),
    )
    .orderBy(orderedName, asc(presence.id), desc(assessment.assessedAt));
}

function toListed({
  name,
  provenance,
  server: on,
  category,
  risk,
}: Awaited<ReturnType<typeof alike>>[number]): ListedTool {
  const { title, ...rest } = on;
  return {
    name,
    server: { ...rest, ...(title !== null && { title }) },
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
  if (query.folded.includes('\0')) return { tools: [] };
  const rows = await alike(db, hide, [query.folded], query.after).limit(query.limit + 1);
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return {
    tools: page.map(toListed),
    ...(rows.length > query.limit && last && { next: { name: last.ordered, id: last.id } }),
  };
}

/** The same for many names at once, as far as they are known: all tools of each, by folded name. */
export async function toolsAlikeEach(
  db: Db,
  names: readonly string[],
  hide: readonly string[] = [],
): Promise<ReadonlyMap<string, readonly (ListedTool & { readonly place: ToolPlace })[]>> {
  if (names.length === 0) return new Map();
  const rows = await alike(db, hide, names);
  const listed = rows.map((row) => ({
    folded: row.folded,
    tool: { ...toListed(row), place: { name: row.ordered, id: row.id } },
  }));
  const groups = Map.groupBy(listed, (row) => row.folded);
  return new Map([...groups].map(([key, group]) => [key, group.map(({ tool }) => tool)]));
}

function named(db: Db, hide: readonly string[], where?: SQL) {
  return db
    .select({
      folded: foldedName,
      name: sql<string>`min(${definition.name} collate "C")`,
      servers: sql<number>`count(distinct ${presence.serverId})`.mapWith(Number),
    })
    .from(definition)
    .innerJoin(presence, eq(presence.fingerprint, definition.fingerprint))
    .innerJoin(server, eq(server.id, presence.serverId))
    .where(and(isPresent(db, hide), where))
    .groupBy(foldedName)
    .orderBy(foldedName);
}

/** Every folded name of present tools in the order of its bytes, with one of its spellings and the number of servers. */
export async function toolNames(db: Db, hide: readonly string[] = []): Promise<readonly ToolName[]> {
  return named(db, hide);
}

// What `shelfOf` of the domain says, in the database.
const shelfId = sql<string>`coalesce(substring(${foldedName} from '^[a-z0-9]{1,2}'), 'other')`;

/** Shelves of names in order, those that hold something. */
export async function nameShelves(db: Db, hide: readonly string[] = []): Promise<readonly Shelf[]> {
  return db
    .select({ id: shelfId, names: sql<number>`count(distinct ${foldedName})`.mapWith(Number) })
    .from(definition)
    .innerJoin(presence, eq(presence.fingerprint, definition.fingerprint))
    .innerJoin(server, eq(server.id, presence.serverId))
    .where(isPresent(db, hide))
    .groupBy(shelfId)
    .orderBy(shelfId);
}

/** The names on a shelf, in the order of their bytes from after `cursor`, a folded name; at most `limit`. */
export async function namesOnShelf(
  db: Db,
  { id, cursor, limit }: { readonly id: string; readonly cursor?: string | undefined; readonly limit: number },
  hide: readonly string[] = [],
): Promise<{ readonly names: readonly ToolName[]; readonly next?: string }> {
  if (!/^[a-z0-9]{1,2}$|^other$/.test(id)) return { names: [] };
  // A range of the index, where the shelf is one.
  const range = id === 'other' ? undefined : sql`${foldedName} >= ${id} and ${foldedName} < ${`${id}\u{10ffff}`}`;
  const after = cursor === undefined ? undefined : sql`${foldedName} > ${cursor.replaceAll('\0', '').toWellFormed()}`;
  const rows = await named(db, hide, and(eq(shelfId, id), range, after)).limit(limit + 1);
  const names = rows.slice(0, limit);
  return { names, ...(rows.length > limit && { next: names.at(-1)!.folded }) };
}

/** Folded names that servers revised after a revision have or ever had: where what is said of a name may have changed. */
export async function namesTouched(db: Db, since: number): Promise<readonly string[]> {
  const rows = await db
    .selectDistinct({ folded: foldedName })
    .from(server)
    .innerJoin(presence, eq(presence.serverId, server.id))
    .innerJoin(definition, eq(definition.fingerprint, presence.fingerprint))
    .where(gt(server.revision, since))
    .orderBy(foldedName);
  return rows.map((row) => row.folded);
}
