import { setTimeout as sleep } from 'node:timers/promises';
import { and, eq, lt, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../engine/open.ts';
import { lease } from '../tables/runs.ts';

/** After so long without a word from its holder, a lease is anybody's; four words fit in. */
const SECONDS = 20;
const RENEW_MS = 5_000;
const ASK_MS = 500;

/**
 * Does something that one worker at a time may do, and waits until nobody else does it. Of a holder that was killed it
 * is free after twenty seconds. Rejects with the reason of an aborted `stop`, and with whatever `work` rejects with.
 */
export async function withLease<T>(db: Db, key: string, stop: AbortSignal, work: () => Promise<T>): Promise<T> {
  let until = await take(db, key);
  while (!until) {
    await sleep(ASK_MS, undefined, { signal: stop }).catch(() => stop.throwIfAborted());
    until = await take(db, key);
  }
  const mine = () => and(eq(lease.key, key), eq(lease.until, until!));
  let renewing: Promise<void> = Promise.resolve();
  const renewal = setInterval(() => {
    // A database that is away for so long has given the lease to somebody else by then.
    renewing = renew().catch(() => {});
  }, RENEW_MS);
  const renew = async () => {
    const [row] = await db.update(lease).set({ until: later }).where(mine()).returning({ until: lease.until });
    until = row?.until ?? until;
  };
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    await renewing;
    await db
      .delete(lease)
      .where(mine())
      .catch(() => {});
  }
}

const later = sql`clock_timestamp() + ${SECONDS} * interval '1 second'`;

/**
 * Whether it is this process that does something which one of all does every so many seconds: true for the first that
 * asks in that time.
 */
export async function takesTurn(db: Db, key: string, seconds: number): Promise<boolean> {
  return (await take(db, key, sql`clock_timestamp() + ${seconds} * interval '1 second'`)) !== undefined;
}

async function take(db: Db, key: string, until: SQL = later): Promise<Date | undefined> {
  const [row] = await db
    .insert(lease)
    .values({ key, until })
    .onConflictDoUpdate({ target: lease.key, set: { until }, setWhere: lt(lease.until, sql`clock_timestamp()`) })
    .returning({ until: lease.until });
  return row?.until;
}
