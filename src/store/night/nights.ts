import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { JsonObject } from '#domain/tool.ts';
import type { Db } from '../engine/open.ts';
import { judgeSpending, run } from '../tables/runs.ts';

/** A run that workers share. */
export interface Night {
  readonly run: number;
  /** The stage whose jobs were queued last; `begun` before the first. */
  readonly step: string;
  readonly startedAt: Date;
  readonly options: JsonObject;
}

const underWay = and(isNotNull(run.step), isNull(run.finishedAt));

/** The night that is under way, if one is. There is never a second. */
export async function nightUnderWay(db: Db): Promise<Night | undefined> {
  const [row] = await db.select().from(run).where(underWay);
  return row && { run: row.id, step: row.step!, startedAt: row.startedAt, options: row.options };
}

/** Begins a night, or answers with the one that is under way: `begun` tells which. */
export async function beginNight(
  db: Db,
  options: JsonObject,
  now: Date,
): Promise<{ readonly run: number; readonly begun: boolean }> {
  const [row] = await db
    .insert(run)
    .values({ job: 'nightly', options, startedAt: now, step: 'begun' })
    .onConflictDoNothing()
    .returning({ id: run.id });
  if (row) return { run: row.id, begun: true };
  const found = await nightUnderWay(db);
  // It ended between the two statements.
  return found ? { run: found.run, begun: false } : beginNight(db, options, now);
}

/**
 * Takes a night from one step to the next with whatever `queue` does, all of it or nothing. False where another worker
 * has done so already.
 */
export async function passOn(
  db: Db,
  night: Pick<Night, 'run' | 'step'>,
  next: string,
  queue: (tx: Db) => Promise<void>,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const moved = await tx
      .update(run)
      .set({ step: next })
      .where(and(eq(run.id, night.run), eq(run.step, night.step), isNull(run.finishedAt)))
      .returning({ id: run.id });
    if (moved.length === 0) return false;
    await queue(tx);
    return true;
  });
}

/** Ends a night. False where another worker has done so already. */
export async function endNight(db: Db, night: number, summary: JsonObject, now: Date): Promise<boolean> {
  const ended = await db
    .update(run)
    .set({ summary, finishedAt: now })
    .where(and(eq(run.id, night), isNull(run.finishedAt)))
    .returning({ id: run.id });
  return ended.length > 0;
}

/** What a run has spent on the judge. */
export interface Spending {
  readonly requests: number;
  readonly tokens: number;
  readonly dollars: number;
}

/** Adds to what a run has spent on the judge, and answers with what all workers together have. */
export async function addSpending(db: Db, runId: number, { requests, tokens, dollars }: Spending): Promise<Spending> {
  const [row] = await db
    .insert(judgeSpending)
    .values({ runId, requests, tokens, dollars })
    .onConflictDoUpdate({
      target: judgeSpending.runId,
      set: {
        requests: sql`${judgeSpending.requests} + excluded.requests`,
        tokens: sql`${judgeSpending.tokens} + excluded.tokens`,
        dollars: sql`${judgeSpending.dollars} + excluded.dollars`,
      },
    })
    .returning();
  return row!;
}
