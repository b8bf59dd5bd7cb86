import { eq, sql } from 'drizzle-orm';
import { type PgDatabase, type PgQueryResultHKT, pgSchema, text, timestamp } from 'drizzle-orm/pg-core';
import type { QueueDepth } from '#domain/queue.ts';
import { STAGES } from './queue.ts';

/** As much of pg-boss's own table as a look at it needs. */
const job = pgSchema('pgboss').table('job', {
  name: text('name').notNull(),
  state: text('state').notNull(),
  startAfter: timestamp('start_after', { withTimezone: true }).notNull(),
  sourceName: text('source_name'),
});

/** How deep the queue of each stage is now, by the database's own clock. */
export async function queueDepths(db: PgDatabase<PgQueryResultHKT>): Promise<readonly QueueDepth[]> {
  const open = sql`state in ('created', 'retry')`;
  const count = (which: ReturnType<typeof sql>) => sql<number>`count(*) filter (where ${which})`.mapWith(Number);
  const rows = await db
    .select({
      stage: sql<string>`coalesce(${job.sourceName}, ${job.name})`.as('stage'),
      isDead: sql<boolean>`${job.name} = 'dead'`.as('is_dead'),
      ready: count(sql`${open} and start_after <= now()`),
      delayed: count(sql`${open} and start_after > now()`),
      active: count(sql`state = 'active'`),
      oldest: sql<Date | null>`min(start_after) filter (where ${open} and start_after <= now())`.mapWith(
        (value) => value && new Date(value),
      ),
    })
    .from(job)
    .where(sql`state in ('created', 'retry', 'active')`)
    .groupBy(sql`1`, sql`2`);
  return STAGES.map((stage) => {
    const own = rows.find((row) => row.stage === stage && !row.isDead);
    const dead = rows.find((row) => row.stage === stage && row.isDead);
    const { ready = 0, delayed = 0, active = 0, oldest } = own ?? {};
    return { stage, ready, delayed, active, dead: dead?.ready ?? 0, ...(oldest && { oldest }) };
  });
}

/** When a job of a stage was last taken up or ended, as far back as jobs are kept; undefined where none was. */
export async function lastMove(db: PgDatabase<PgQueryResultHKT>, stage: string): Promise<Date | undefined> {
  const at = sql<Date | null>`max(greatest(started_on, completed_on))`.mapWith((value) => value && new Date(value));
  const [row] = await db.select({ at }).from(job).where(eq(job.name, stage));
  return row?.at ?? undefined;
}
