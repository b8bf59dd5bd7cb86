import { asc, eq } from 'drizzle-orm';
import type { SourceStatus } from '#domain/lists.ts';
import type { Db } from './open.ts';
import { source } from './tables/runs.ts';

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
 * where it was read to its end.
 */
export async function recordPass(
  db: Db,
  id: string,
  pass: {
    readonly began: Date;
    readonly error?: string | undefined;
    readonly whole: boolean;
    readonly listings?: number | undefined;
  },
): Promise<void> {
  const { began, error, whole, listings } = pass;
  const set =
    error === undefined
      ? {
          lastTried: began,
          lastGood: began,
          error: null,
          ...(whole && { watermark: began }),
          ...(listings !== undefined && { listings, sweptAt: began }),
        }
      : { lastTried: began, error };
  await db
    .insert(source)
    .values({ id, ...set })
    .onConflictDoUpdate({ target: source.id, set });
}
