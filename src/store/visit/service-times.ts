import { desc, gte, sql } from 'drizzle-orm';
import type { Db } from '../engine/open.ts';
import { artefact, attempt, enumeration } from '../tables/visits.ts';

/** What visits of the past came to, on average. Times in milliseconds of the clock. */
export interface ServiceTimes {
  readonly visits: number;
  /** Starts of a server in one visit. */
  readonly starts: number;
  /** Of the whole visit, and of its starts alone. */
  readonly ms: number;
  readonly startsMs: number;
  readonly tools: number;
  /** Visits that met a version for the first time, and how long those took apart from their starts. */
  readonly installs: number;
  readonly installMs: number;
  /** Visits that had one before to compare with, how many of them met other versions, and days between the two in all. */
  readonly compared: number;
  readonly changed: number;
  readonly daysBetween: number;
}

/** Newest visits that are looked at. */
const VISITS = 20_000;

/** Averages over the visits since `since`, the newest 20,000 of them; undefined where there is none. */
export async function serviceTimes(db: Db, since: Date): Promise<ServiceTimes | undefined> {
  const newest = db
    .select({ id: enumeration.id })
    .from(enumeration)
    .where(gte(enumeration.at, since))
    .orderBy(desc(enumeration.id))
    .limit(VISITS);
  const started = sql`select ${attempt.enumerationId} as id, count(*) as starts, sum(${attempt.ms}) as ms
    from ${attempt} where ${attempt.enumerationId} in ${newest} group by 1`;
  // What the visit before it asked, to tell whether anything had changed.
  const earlier = sql`select one.asked, one.at from ${enumeration} as one
    where one.server_id = visit.server_id and one.id < visit.id order by one.id desc limit 1`;
  const met = sql`exists (select 1 from ${artefact} where ${artefact.purl} = visit.purl
    and ${artefact.version} = visit.version and ${artefact.integrity} = visit.integrity and ${artefact.firstSeen} = visit.at)`;
  const [row] = await db
    .select({
      visits: number(sql`count(*)`),
      starts: number(sql`avg(starts)`),
      ms: number(sql`avg(ms)`),
      startsMs: number(sql`avg(starts_ms)`),
      tools: number(sql`avg(tool_count)`),
      installs: number(sql`count(*) filter (where met)`),
      installMs: number(sql`avg(greatest(ms - starts_ms, 0)) filter (where met)`),
      compared: number(sql`count(asked_before)`),
      changed: number(sql`count(*) filter (where asked <> asked_before)`),
      daysBetween: number(sql`sum(days) filter (where asked_before is not null)`),
    })
    .from(
      sql`(select visit.ms, visit.tool_count, visit.asked, earlier.asked as asked_before,
        extract(epoch from visit.at - earlier.at) / 86400 as days,
        coalesce(started.starts, 0) as starts, coalesce(started.ms, 0) as starts_ms, ${met} as met
        from ${enumeration} as visit
        left join (${started}) as started on started.id = visit.id
        left join lateral (${earlier}) as earlier on true
        where visit.id in ${newest}) as visits`,
    );
  return row && row.visits > 0 ? row : undefined;
}

function number(value: ReturnType<typeof sql>) {
  return sql<number>`coalesce(${value}, 0)::float8`;
}
