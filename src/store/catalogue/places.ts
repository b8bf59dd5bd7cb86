import { and, asc, count, eq, gt, isNull, lte, max, sql } from 'drizzle-orm';
import type { Db } from '../engine/open.ts';
import { server } from '../tables/servers.ts';
import { definition, presence } from '../tables/tools.ts';
import { isShown } from './hidden.ts';

const isServer = (db: Db, hide: readonly string[]) => and(isNull(server.mergedInto), isShown(db, hide));

/** How many parts of at most `each` there are: of servers, and of tools, of whose parts some may be empty. */
export async function placeParts(
  db: Db,
  each: number,
  hide: readonly string[] = [],
): Promise<{ readonly servers: number; readonly tools: number }> {
  const [servers] = await db.select({ all: count() }).from(server).where(isServer(db, hide));
  const [tools] = await db.select({ last: max(presence.id) }).from(presence);
  return { servers: Math.ceil((servers?.all ?? 0) / each), tools: Math.ceil((tools?.last ?? 0) / each) };
}

/** The slugs of one part of the servers, from 0, in order of slug. */
export async function serverPlaces(
  db: Db,
  part: number,
  each: number,
  hide: readonly string[] = [],
): Promise<readonly string[]> {
  const rows = await db
    .select({ slug: server.slug })
    .from(server)
    .where(isServer(db, hide))
    .orderBy(sql`${server.slug} collate "C"`)
    .limit(each)
    .offset(part * each);
  return rows.map(({ slug }) => slug);
}

/** Server and name of each present tool of one part, from 0. A part is a range of what was ever met: it never grows. */
export async function toolPlaces(
  db: Db,
  part: number,
  each: number,
  hide: readonly string[] = [],
): Promise<readonly { readonly slug: string; readonly name: string }[]> {
  return db
    .select({ slug: server.slug, name: definition.name })
    .from(presence)
    .innerJoin(server, eq(server.id, presence.serverId))
    .innerJoin(definition, eq(definition.fingerprint, presence.fingerprint))
    .where(
      and(
        gt(presence.id, part * each),
        lte(presence.id, (part + 1) * each),
        isNull(presence.goneAt),
        isServer(db, hide),
      ),
    )
    .orderBy(asc(presence.id));
}
