import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  doublePrecision,
  integer,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { JsonObject } from '#domain/tool.ts';
import { jsonText, moment } from '../engine/columns.ts';

/** Single facts about this catalogue: which rules its assessments were due for, … */
export const fact = pgTable('fact', { key: text('key').primaryKey(), value: text('value').notNull() });

/** A place that lists servers. The watermark moves only when a pass came through whole. */
export const source = pgTable('source', {
  id: text('id').primaryKey(),
  watermark: moment('watermark'),
  lastTried: moment('last_tried'),
  lastGood: moment('last_good'),
  error: text('error'),
  /** When it was last read to its end, not only for changes, and how many listings it had then. */
  sweptAt: moment('swept_at'),
  listings: integer('listings'),
  /** How many it had when it was read to its end and not believed, until somebody accepts that or it is believed again. */
  unbelieved: integer('unbelieved'),
});

/** What a host answered last, so that it is asked whether that still holds instead of for the whole. */
export const remembered = pgTable('remembered', {
  url: text('url').primaryKey(),
  etag: text('etag').notNull(),
  body: text('body').notNull(),
  usedAt: moment('used_at').notNull(),
});

/** One run of the nightly crawl or of one of its stages. */
export const run = pgTable(
  'run',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    job: text('job').notNull(),
    startedAt: moment('started_at').notNull(),
    finishedAt: moment('finished_at'),
    options: jsonText<JsonObject>('options').notNull(),
    summary: jsonText<JsonObject>('summary'),
    /** How far a night that workers share has come: the stage whose jobs were queued last. Null: one process runs it. */
    step: text('step'),
  },
  // Workers share one night at a time, whoever begins it.
  () => [uniqueIndex('run_night').on(sql`(step is not null)`).where(sql`step is not null and finished_at is null`)],
);

/** What the judge has cost a run so far, over all workers. */
export const judgeSpending = pgTable('judge_spending', {
  runId: bigint('run_id', { mode: 'number' }).primaryKey(),
  requests: integer('requests').notNull(),
  tokens: bigint('tokens', { mode: 'number' }).notNull(),
  dollars: doublePrecision('dollars').notNull(),
});

/** A host's turns, shared by all workers: when it may be asked next, to the microsecond of the database's clock. */
export const hostPace = pgTable('host_pace', {
  host: text('host').primaryKey(),
  nextAt: timestamp('next_at', { withTimezone: true }).notNull(),
});

/** Something that one worker at a time may do, and until when its word holds if it does not come back. */
export const lease = pgTable('lease', { key: text('key').primaryKey(), until: moment('until').notNull() });
