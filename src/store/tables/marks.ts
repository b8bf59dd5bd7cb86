import { bigint, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Category, Risk } from '#domain/verdict.ts';
import { byBytes } from '../engine/columns.ts';

/**
 * Under which marks (category, risk, facet) each present tool is found: an index made from assessments alone, in the
 * order in which lists show it. Rows of a tool that has gone since are left until its server is classified again, so
 * whoever reads asks for the presence as well.
 */
export const mark = pgTable(
  'mark',
  {
    key: byBytes('key').notNull(),
    name: byBytes('name').notNull(),
    presenceId: bigint('presence_id', { mode: 'number' }).notNull(),
    serverId: text('server_id').notNull(),
    category: text('category').$type<Category>().notNull(),
    risk: text('risk').$type<Risk>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.key, table.name, table.presenceId] }),
    index('mark_server').on(table.serverId, table.key),
  ],
);
