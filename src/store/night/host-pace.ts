import { lt, sql } from 'drizzle-orm';
import type { Pace } from '#core/politeness.ts';
import type { Db } from '../engine/open.ts';
import { hostPace } from '../tables/runs.ts';

/** Forgets hosts that nobody has asked for a day: strangers name new ones every night. */
export async function forgetHosts(db: Db): Promise<void> {
  await db.delete(hostPace).where(lt(hostPace.nextAt, sql`clock_timestamp() - interval '1 day'`));
}

/** Turns at hosts for all workers on a database, by its clock; one statement each. */
export function sharedPace(db: Db): Pace {
  return {
    async turn(host, interval) {
      const step = sql`${interval} * interval '1 millisecond'`;
      const [row] = await db
        .insert(hostPace)
        .values({ host, nextAt: sql`clock_timestamp() + ${step}` })
        .onConflictDoUpdate({
          target: hostPace.host,
          set: { nextAt: sql`greatest(${hostPace.nextAt}, clock_timestamp()) + ${step}` },
        })
        .returning({
          wait: sql<number>`(extract(epoch from ${hostPace.nextAt} - ${step} - clock_timestamp()) * 1000)::float8`,
        });
      return Math.max(0, Number(row!.wait));
    },
    async pause(host, ms) {
      const until = sql`clock_timestamp() + ${ms} * interval '1 millisecond'`;
      await db
        .insert(hostPace)
        .values({ host, nextAt: until })
        .onConflictDoUpdate({
          target: hostPace.host,
          set: { nextAt: sql`greatest(${hostPace.nextAt}, excluded.next_at)` },
        });
    },
  };
}
