import { desc, eq } from 'drizzle-orm';
import type { RunStatus } from '#domain/lists.ts';
import type { JsonObject } from '#domain/tool.ts';
import type { Db } from '../engine/open.ts';
import { fact, run } from '../tables/runs.ts';

/** Opens a run's record and returns its number. */
export async function startRun(db: Db, job: string, options: JsonObject, now: Date): Promise<number> {
  const [row] = await db.insert(run).values({ job, options, startedAt: now }).returning({ id: run.id });
  return row!.id;
}

export async function finishRun(db: Db, id: number, summary: JsonObject, now: Date): Promise<void> {
  await db.update(run).set({ summary, finishedAt: now }).where(eq(run.id, id));
}

/** A run by its number. */
export async function runOf(db: Db, id: number): Promise<typeof run.$inferSelect | undefined> {
  const [row] = await db.select().from(run).where(eq(run.id, id));
  return row;
}

/** The last run of a job that ended, with what it said of itself. */
export async function lastRun(db: Db, job: string): Promise<typeof run.$inferSelect | undefined> {
  const rows = await db.select().from(run).where(eq(run.job, job)).orderBy(desc(run.id)).limit(10);
  return rows.find((row) => row.finishedAt);
}

export async function readFact(db: Db, key: string): Promise<string | undefined> {
  const [row] = await db.select().from(fact).where(eq(fact.key, key));
  return row?.value;
}

export async function writeFact(db: Db, key: string, value: string): Promise<void> {
  await db.insert(fact).values({ key, value }).onConflictDoUpdate({ target: fact.key, set: { value } });
}

/** The last runs of a job, newest first, also those that did not end; at most `limit`. */
export async function recentRuns(db: Db, job: string, limit: number): Promise<readonly RunStatus[]> {
  const rows = await db.select().from(run).where(eq(run.job, job)).orderBy(desc(run.id)).limit(limit);
  return rows.map(({ startedAt, finishedAt, summary }) => ({
    job,
    startedAt,
    ...(finishedAt && { finishedAt }),
    ...(summary && { summary }),
  }));
}
