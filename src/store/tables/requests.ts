import { bigint, bigserial, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { Scope } from '#domain/request.ts';
import type { Category, Risk } from '#domain/verdict.ts';
import { jsonText, moment } from '../engine/columns.ts';

/** Who may write. The token itself is not here: of it only the hash is kept. */
export const token = pgTable(
  'token',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    name: text('name').notNull(),
    hash: text('hash').notNull(),
    scopes: jsonText<readonly Scope[]>('scopes').notNull(),
    /** Scans that it may ask for in a day. */
    scansPerDay: integer('scans_per_day').notNull(),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at'),
    revokedAt: moment('revoked_at'),
  },
  (table) => [uniqueIndex('token_hash').on(table.hash)],
);

/** A server that somebody asks to have looked at, by one of its addresses; known to the catalogue or not. */
export const scanRequest = pgTable(
  'scan_request',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    tokenId: bigint('token_id', { mode: 'number' }).notNull(),
    address: text('address').notNull(),
    askedAt: moment('asked_at').notNull(),
    /** When a crawl took it up. */
    takenAt: moment('taken_at'),
  },
  (table) => [
    index('scan_request_token').on(table.tokenId, table.askedAt),
    index('scan_request_open').on(table.takenAt, table.address),
  ],
);

/** A verdict that somebody holds to be wrong, and why. A person answers it, in data/curations.yaml or not at all. */
export const dispute = pgTable(
  'dispute',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    tokenId: bigint('token_id', { mode: 'number' }).notNull(),
    serverId: text('server_id').notNull(),
    tool: jsonText<string>('tool').notNull(),
    fingerprint: text('fingerprint').notNull(),
    category: text('category').$type<Category>(),
    risk: text('risk').$type<Risk>(),
    reason: text('reason').notNull(),
    askedAt: moment('asked_at').notNull(),
    closedAt: moment('closed_at'),
  },
  (table) => [index('dispute_token').on(table.tokenId, table.askedAt)],
);
