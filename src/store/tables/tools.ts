import { type Column, type SQL, sql } from 'drizzle-orm';
import { bigint, bigserial, index, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { NAME_ORDERED } from '#domain/lists.ts';
import type { Provenance, ToolDefinition } from '#domain/tool.ts';
import type { Category, Risk, Verdict } from '#domain/verdict.ts';
import { byBytes, jsonText, moment } from '../engine/columns.ts';

/** The name as far as lists are ordered by it. */
export function ordered(name: Column | SQL): SQL {
  return sql`left(${name}, ${sql.raw(String(NAME_ORDERED))}) collate "C"`;
}

/** What `foldedName` of the domain makes of a name, in the database. */
function folded(name: SQL): SQL {
  return sql`lower(regexp_replace(${ordered(name)}, '[-_. /:]', '', 'g'))`;
}

/** The hints that the protocol has. */
export const HINTS = ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint'] as const;

/**
 * The hints of the protocol that a definition declares. JSON text escapes quotes inside strings, so what reads like a
 * key is one; that it stands in `annotations` is taken for granted, as nobody names parameters so.
 */
const HINTS_DECLARED = sql.raw(
  HINTS.flatMap((hint) =>
    [true, false].map((value) => `case when body like '%"${hint}":${value}%' then ' ${hint}:${value}' else '' end`),
  ).join(' || '),
);

/** What a tool said of itself, by fingerprint: the same definition on many servers stands here once. */
export const definition = pgTable(
  'definition',
  {
    fingerprint: text('fingerprint').primaryKey(),
    name: text('name').notNull(),
    body: jsonText<ToolDefinition>('body').notNull(),
    firstSeen: moment('first_seen').notNull(),
    /** `foldedName` of the domain; kept by the database. */
    folded: byBytes('folded').generatedAlwaysAs(folded(sql.raw('name'))),
    /** What its author declares in annotations, as `readOnlyHint:true`; kept by the database. */
    hints: text('hints').generatedAlwaysAs(HINTS_DECLARED),
  },
  (table) => [
    index('definition_name').on(ordered(table.name), table.fingerprint),
    index('definition_folded').on(table.folded),
  ],
);

/** From when to when a server had a definition. `gone_at` is set when a later list came without it. */
export const presence = pgTable(
  'presence',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    serverId: text('server_id').notNull(),
    fingerprint: text('fingerprint').notNull(),
    provenance: text('provenance').$type<Provenance>().notNull(),
    firstSeen: moment('first_seen').notNull(),
    lastSeen: moment('last_seen').notNull(),
    goneAt: moment('gone_at'),
    firstEnumeration: bigint('first_enumeration', { mode: 'number' }).notNull(),
    lastEnumeration: bigint('last_enumeration', { mode: 'number' }).notNull(),
    /** The visit that came without it; its context may differ, and then this is no removal. */
    goneEnumeration: bigint('gone_enumeration', { mode: 'number' }),
  },
  (table) => [
    uniqueIndex('presence_current').on(table.serverId, table.fingerprint, table.provenance).where(sql`gone_at is null`),
    index('presence_server').on(table.serverId, table.firstEnumeration),
    index('presence_fingerprint').on(table.fingerprint),
    index('presence_first').on(table.firstEnumeration),
    index('presence_gone').on(table.goneEnumeration),
  ],
);

/** A verdict under the five things that may change it. */
export const assessment = pgTable(
  'assessment',
  {
    fingerprint: text('fingerprint').notNull(),
    siblings: text('siblings').notNull(),
    rules: text('rules').notNull(),
    prompt: text('prompt').notNull(),
    model: text('model').notNull(),
    category: text('category').$type<Category>().notNull(),
    risk: text('risk').$type<Risk>().notNull(),
    verdict: jsonText<Verdict>('verdict').notNull(),
    assessedAt: moment('assessed_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.fingerprint, table.siblings, table.rules, table.prompt, table.model] }),
    index('assessment_newest').on(table.fingerprint, table.siblings, table.assessedAt),
  ],
);
