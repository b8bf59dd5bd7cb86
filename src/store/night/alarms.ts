import { and, desc, eq, inArray, isNull, lt, notInArray, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../engine/open.ts';
import { alarm } from '../tables/alarms.ts';

export type Alarm = typeof alarm.$inferSelect;

/** What an alarm is about: one of a few words, and the source that it is about, if any. */
export interface Event {
  readonly kind: string;
  readonly subject: string;
  readonly detail: string;
}

/** Notes that something is wrong since then. One that is wrong already is left as it is: it is one event. */
export async function raiseAlarm(db: Db, { kind, subject, detail }: Event, since: Date): Promise<void> {
  await db.insert(alarm).values({ kind, subject, detail, since, tries: 0 }).onConflictDoNothing();
}

/** Notes that it is over; the next time is another event. */
export async function endAlarm(db: Db, { kind, subject }: Omit<Event, 'detail'>, now: Date): Promise<void> {
  await db
    .update(alarm)
    .set({ overAt: now })
    .where(and(eq(alarm.kind, kind), eq(alarm.subject, subject), isNull(alarm.overAt)));
}

/** Notes that all of a kind are over but those about these. */
export async function endOtherAlarms(db: Db, kind: string, subjects: readonly string[], now: Date): Promise<void> {
  const others = subjects.length > 0 ? notInArray(alarm.subject, [...subjects]) : undefined;
  await db
    .update(alarm)
    .set({ overAt: now })
    .where(and(eq(alarm.kind, kind), isNull(alarm.overAt), others));
}

/**
 * Takes up the alarms that nobody was told of and that were tried fewer times than `most`, each for one process: whoever
 * gets one is the one to tell it.
 */
export async function alarmsToTell(db: Db, most: number): Promise<readonly Alarm[]> {
  return takeUp(db, most, undefined);
}

/** The same for alarms of some kinds, whose second and third tries are an hour apart or more. */
export async function alarmsToTellAgain(
  db: Db,
  most: number,
  kinds: readonly string[],
  now: Date,
): Promise<readonly Alarm[]> {
  const isTime = sql`(${alarm.tries} = 0 or ${alarm.since} + ${alarm.tries} * interval '1 hour' <= ${now.toISOString()})`;
  return takeUp(db, most, and(inArray(alarm.kind, [...kinds]), isTime));
}

function takeUp(db: Db, most: number, which: SQL | undefined): Promise<readonly Alarm[]> {
  return db
    .update(alarm)
    .set({ tries: sql`${alarm.tries} + 1` })
    .where(and(isNull(alarm.toldAt), isNull(alarm.overAt), lt(alarm.tries, most), which))
    .returning();
}

export async function markTold(db: Db, id: number, now: Date): Promise<void> {
  await db.update(alarm).set({ toldAt: now }).where(eq(alarm.id, id));
}

/** What is wrong now, the newest first. */
export async function openAlarms(db: Db): Promise<readonly Alarm[]> {
  return db.select().from(alarm).where(isNull(alarm.overAt)).orderBy(desc(alarm.since), desc(alarm.id));
}
