import { sql } from 'drizzle-orm';
import { Missing } from '#core/errors.ts';
import type { Db } from '../engine/open.ts';

/**
 * Stands in a database while a catalogue is being brought into it, in a schema of its own, and is stored before the
 * first table is made: whatever kills the copy leaves it there.
 */
const MARK = sql.raw('arriving.catalogue');

export async function isIncomplete(db: Db): Promise<boolean> {
  const [row] = await db.select({ is: sql<boolean>`to_regclass('arriving.catalogue') is not null` }).from(one);
  return row!.is;
}

const one = sql`(select 1) as one`;

/** Throws `Missing` for a database into which a catalogue was, or is being, brought and that is not whole. */
export async function refuseIncomplete(db: Db): Promise<void> {
  if (!(await isIncomplete(db))) return;
  const [row] = await db.select({ since: sql<string>`since::text`, what: sql<string>`what` }).from(sql`${MARK}`);
  throw new Missing(
    `The database is not whole: ${row?.what ?? 'a copy'} into it began at ${row?.since ?? 'an unknown time'} and has not ended. Where that was cut off, start it again with the same command: it begins anew.`,
  );
}

/** Marks the database as not whole: from here on nothing opens it but another copy. */
export async function markIncomplete(db: Db, what: string): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`create schema if not exists arriving`);
    await tx.execute(sql`create table if not exists ${MARK} (since timestamptz not null, what text not null)`);
    await tx.execute(sql`delete from ${MARK}`);
    await tx.execute(sql`insert into ${MARK} values (now(), ${what})`);
  });
}

export async function markComplete(db: Db): Promise<void> {
  await db.execute(sql`drop schema arriving cascade`);
}
