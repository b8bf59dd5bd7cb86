import { bigserial, integer, pgTable, text } from 'drizzle-orm/pg-core';
import type { JsonObject } from '#domain/tool.ts';
import { jsonText, moment } from '../columns.ts';

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
});

/** What a host answered last, so that it is asked whether that still holds instead of for the whole. */
export const remembered = pgTable('remembered', {
  url: text('url').primaryKey(),
  etag: text('etag').notNull(),
  body: text('body').notNull(),
  usedAt: moment('used_at').notNull(),
});

/** One run of the nightly crawl or of one of its stages. */
export const run = pgTable('run', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  job: text('job').notNull(),
  startedAt: moment('started_at').notNull(),
  finishedAt: moment('finished_at'),
  options: jsonText<JsonObject>('options').notNull(),
  summary: jsonText<JsonObject>('summary'),
});
