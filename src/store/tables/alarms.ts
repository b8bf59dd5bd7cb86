import { sql } from 'drizzle-orm';
import { bigserial, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { moment } from '../engine/columns.ts';

/** Something that went wrong and that somebody is to be told of: once, however long it lasts. */
export const alarm = pgTable(
  'alarm',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    /** What went wrong, as one of a few words, and with which source; empty where it is the night. */
    kind: text('kind').notNull(),
    subject: text('subject').notNull(),
    detail: text('detail').notNull(),
    since: moment('since').notNull(),
    /** When it was over; null while it lasts. */
    overAt: moment('over_at'),
    /** When it was told; null where nobody could be, or is named to be. */
    toldAt: moment('told_at'),
    tries: integer('tries').notNull(),
  },
  (table) => [uniqueIndex('alarm_open').on(table.kind, table.subject).where(sql`over_at is null`)],
);
