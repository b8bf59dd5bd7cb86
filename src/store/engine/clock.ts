import { sql } from 'drizzle-orm';
import type { Db } from './open.ts';

/** Two clocks that run at the same pace do not drift apart by more than a few milliseconds in this time. */
const READ_EVERY_MS = 60_000;

/**
 * The clock of a PostgreSQL server, which all workers on it go by: what one writes another compares, and their own
 * clocks may be wrong, or jump. Between readings time passes as this process measures it, whatever its clock says.
 */
export async function databaseClock(db: Db): Promise<() => Date> {
  let read = await reading(db);
  let isAsked = false;
  return () => {
    const passed = performance.now() - read.at;
    if (passed > READ_EVERY_MS && !isAsked) {
      isAsked = true;
      // A database that is away tells no time; the last reading holds until it is back.
      void reading(db)
        .then(
          (found) => {
            read = found;
          },
          () => {},
        )
        .finally(() => {
          isAsked = false;
        });
    }
    return new Date(read.time + passed);
  };
}

async function reading(db: Db): Promise<{ readonly time: number; readonly at: number }> {
  const asked = performance.now();
  const [row] = await db
    .select({ time: sql<number>`(extract(epoch from clock_timestamp()) * 1000)::float8` })
    .from(sql`(select 1) as one`);
  return { time: Number(row!.time), at: (asked + performance.now()) / 2 };
}
