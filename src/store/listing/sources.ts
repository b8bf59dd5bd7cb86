import { and, asc, eq, isNotNull } from 'drizzle-orm';
import type { SourceStatus } from '#domain/lists.ts';
import type { Db } from '../engine/open.ts';
import { run, source } from '../tables/runs.ts';

export type SourceState = typeof source.$inferSelect;

export async function sourceState(db: Db, id: string): Promise<SourceState | undefined> {
  const [row] = await db.select().from(source).where(eq(source.id, id));
  return row;
}

/** Every source that was ever asked, in order of id. */
export async function sourceStates(db: Db): Promise<readonly SourceState[]> {
  return db.select().from(source).orderBy(asc(source.id));
}

/** The same as pages show it. */
export async function sourceStatuses(db: Db): Promise<readonly SourceStatus[]> {
  return (await sourceStates(db)).map(({ id, lastTried, lastGood, error, listings, sweptAt }) => ({
    id,
    ...(lastTried && { lastTried }),
    ...(lastGood && { lastGood }),
    ...(error !== null && { error }),
    ...(listings !== null && { listings }),
    ...(sweptAt && { sweptAt }),
  }));
}

/**
 * Records how a pass over a source ended. A good one that came through whole moves the watermark to when it began;
 * a failed one leaves the watermark where it was, so that nothing between is missed. `listings`: how many there are,
 * where it was read to its end; `unbelieved`: how many there were where that was not believed.
 */
export async function recordPass(
  db: Db,
  id: string,
  pass: {
    readonly began: Date;
    readonly error?: string | undefined;
    readonly whole: boolean;
    readonly listings?: number | undefined;
    readonly unbelieved?: number | undefined;
  },
): Promise<void> {
  const { began, error, whole, listings, unbelieved } = pass;
  const set =
    error === undefined
      ? {
          lastTried: began,
          lastGood: began,
          error: null,
          ...(whole && { watermark: began }),
          ...(listings !== undefined && { listings, sweptAt: began, unbelieved: null }),
        }
      : { lastTried: began, error, ...(unbelieved !== undefined && { unbelieved }) };
  await db
    .insert(source)
    .values({ id, ...set })
    .onConflictDoUpdate({ target: source.id, set });
}

/** What was accepted of a source: how many listings it had before, how many are taken for all now, and the run of that. */
export interface Accepted {
  readonly run: number;
  readonly before: number | null;
  readonly listings: number;
}

/**
 * Takes what a source had when it was last read and not believed for what it has: the next pass is measured by that.
 * Recorded as a run of its own, with who accepted it. Undefined where nothing of it is held back.
 */
export async function acceptListings(db: Db, id: string, by: string, now: Date): Promise<Accepted | undefined> {
  return db.transaction(async (tx) => {
    const [held] = await tx
      .select({ before: source.listings, unbelieved: source.unbelieved })
      .from(source)
      .where(and(eq(source.id, id), isNotNull(source.unbelieved)))
      .for('update');
    if (!held) return undefined;
    const [before, listings] = [held.before, held.unbelieved!];
    await tx.update(source).set({ listings, unbelieved: null }).where(eq(source.id, id));
    const options = { source: id, by };
    const summary = { before, listings };
    const [row] = await tx
      .insert(run)
      .values({ job: 'accept', options, summary, startedAt: now, finishedAt: now })
      .returning({ id: run.id });
    return { run: row!.id, before, listings };
  });
}
