import { and, asc, eq, exists, inArray, isNull, like, lte, or, type SQL, sql } from 'drizzle-orm';
import { GONE_AFTER, REASONS, type Reason } from '#domain/freshness.ts';
import type { Db } from '../engine/open.ts';
import { scanRequest } from '../tables/requests.ts';
import { alias, server, sighting } from '../tables/servers.ts';
import { enumeration } from '../tables/visits.ts';

/** Which servers can be visited at all: those with a package of one of these types or, with `remotes`, an address. */
export interface Visitable {
  readonly purlTypes: readonly string[];
  readonly remotes?: boolean;
}

/** A server that a night looks at, and why. */
export interface Due {
  readonly id: string;
  readonly reason: Exclude<Reason, 'gone'>;
}

/** Servers that a run should look at, at most `limit`, in the order of their reasons and the longest waiting first. */
export async function visitsDue(
  db: Db,
  options: Visitable & { readonly limit: number; readonly now: Date },
): Promise<readonly Due[]> {
  const launchable = isLaunchable(db, options);
  if (!launchable) return [];
  const reason = reasonAt(db, options.now);
  return db
    .select({ id: server.id, reason: sql<Due['reason']>`${reason}` })
    .from(server)
    .where(and(isNull(server.mergedInto), launchable, sql`${reason} <> 'gone'`))
    .orderBy(
      sql`array_position(${ORDER}, ${reason})`,
      sql`${server.checkedAt} asc nulls first`,
      asc(server.firstSeen),
      asc(server.id),
    )
    .limit(options.limit);
}

/** How many servers there are by reason; those that nothing here can visit are not counted. */
export async function countDue(
  db: Db,
  options: Visitable & { readonly now: Date },
): Promise<Readonly<Record<Reason, number>>> {
  const launchable = isLaunchable(db, options);
  const reason = reasonAt(db, options.now);
  const rows = launchable
    ? await db
        .select({ reason: sql<Reason>`${reason}`, servers: sql<number>`count(*)::int` })
        .from(server)
        .where(and(isNull(server.mergedInto), launchable))
        .groupBy(sql`1`)
    : [];
  const counts = new Map(rows.map((row) => [row.reason, row.servers]));
  return Object.fromEntries(REASONS.map((one) => [one, counts.get(one) ?? 0])) as Record<Reason, number>;
}

/** How many servers have tools that wait for an assessment. */
export async function countUnjudged(db: Db, now: Date): Promise<number> {
  return db.$count(server, and(isNull(server.mergedInto), lte(server.classifyDue, now)));
}

const ORDER = sql.raw(`array[${REASONS.map((one) => `'${one}'`).join(', ')}]`);

function isLaunchable(db: Db, { purlTypes, remotes }: Visitable): SQL | undefined {
  const wanted = [
    ...purlTypes.map((type) => like(alias.address, `purl:pkg:${type}/%`)),
    ...(remotes ? [like(alias.address, 'remote:%')] : []),
  ];
  if (wanted.length === 0) return undefined;
  const addresses = db
    .select({ one: sql`1` })
    .from(alias)
    .where(and(eq(alias.serverId, server.id), or(...wanted)));
  return exists(addresses);
}

function reasonAt(db: Db, now: Date): SQL {
  const requested = db
    .select({ id: alias.serverId })
    .from(scanRequest)
    .innerJoin(alias, eq(alias.address, scanRequest.address))
    .where(isNull(scanRequest.takenAt));
  const isDue = sql`${server.enumerateDue} <= ${now.toISOString()}::timestamptz`;
  return sql`case
    when ${inArray(server.id, requested)} then 'requested'
    when ${isNull(server.checkedAt)} then 'new'
    when ${server.lastSeen} > ${server.checkedAt} then 'changed'
    when ${isGone(db)} then 'gone'
    when ${isDue} and ${server.failures} = 0 then 'weekly'
    when ${isDue} then 'retry'
    else 'unchanged' end`;
}

/** What a visit notes that asked for packages and found that none of them is there, and asked nothing else. */
const NOTHING_THERE = String.raw`^\["[^"]* (not-found|no-version)"(,"[^"]* (not-found|no-version)")*\]$`;

/**
 * Holds for a server whose last visits in a row all found no package of it, or that failed as often and that no source
 * lists any more. A listing of it that changes, or comes back, ends that.
 */
export function isGone(db: Db): SQL {
  const last = sql`(select ${enumeration.asked} as asked from ${enumeration}
    where ${enumeration.serverId} = ${server.id} order by ${enumeration.id} desc limit ${GONE_AFTER})`;
  const there = sql`(select 1 from ${last} as last where last.asked is null or last.asked !~ ${NOTHING_THERE})`;
  const listed = db
    .select({ one: sql`1` })
    .from(sighting)
    .where(and(eq(sighting.serverId, server.id), isNull(sighting.supersededAt), isNull(sighting.unlistedAt)));
  return and(sql`${server.failures} >= ${GONE_AFTER}`, or(sql`not exists ${there}`, sql`not ${exists(listed)}`))!;
}
