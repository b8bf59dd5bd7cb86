import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import { beginNight } from '#store/night/nights.ts';
import type { Cluster } from './cluster.ts';
import type { Night } from './trouble.ts';
import type { Wire } from './wire.ts';

/** Settings of a worker whose clock is three days ahead, and after two seconds four days behind. */
export const JUMPING = {
  NODE_OPTIONS: `--import ${join(import.meta.dirname, 'clock-jump.mjs')}?${3 * 86_400_000},${-7 * 86_400_000},2000`,
};

/** Jobs of a night that wait or are being worked on. */
export async function openJobs({ db }: Pick<Night, 'db'>): Promise<number> {
  const open = sql<number>`(select count(*)::int from pgboss.job where name not like '\\_\\_%' and state < 'completed')`;
  const [row] = await db.select({ open }).from(sql`(select 1) as one`);
  return row!.open;
}

/** PostgreSQL crashes, and comes back after `ms`. */
export async function crash(own: Cluster, wait: () => Promise<void>): Promise<void> {
  await own.stop('immediate');
  await wait();
  await own.start();
}

/** A second night is begun while one is under way: it is the same. */
export async function overlap({ db }: Night): Promise<void> {
  expect((await beginNight(db, { limit: 0 }, new Date())).begun).toBe(false);
}

/** Nothing passes between a worker and the database until the others have done what is to be done. */
export async function partition(night: Night, machine: number, cable: Wire): Promise<void> {
  night.cutOff(machine);
  cable.cut();
  await night.until(async () => (await openJobs(night)) === 0);
  cable.mend();
}

/** The database's disk is full until `wait` is over. */
export async function fill(own: Cluster, wait: () => Promise<void>): Promise<void> {
  const filler = join(own.folder, 'filler');
  const piece = Buffer.alloc(64 * 1024);
  try {
    for (;;) writeFileSync(filler, piece, { flag: 'a' });
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
  }
  await wait();
  writeFileSync(filler, '');
  // It may have crashed over it.
  await own.stop('immediate');
  await own.start();
}
