import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  index,
  integer,
  pgSequence,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { AliasKind, PackageRef, RemoteRef, Repository, Sighting } from '#domain/server.ts';
import { jsonText, moment } from '../engine/columns.ts';

/** Numbers for `server.revision`; handed out by the trigger `server_revised`. */
export const revisions = pgSequence('server_revision');

/** One server. `merged_into`: it turned out to be another; the row stays so that history and old addresses hold. */
export const server = pgTable(
  'server',
  {
    id: text('id').primaryKey(),
    slug: text('slug').notNull(),
    name: text('name').notNull(),
    title: text('title'),
    description: text('description'),
    homepage: text('homepage'),
    repository: jsonText<Repository>('repository'),
    packages: jsonText<readonly PackageRef[]>('packages').notNull(),
    remotes: jsonText<readonly RemoteRef[]>('remotes').notNull(),
    firstSeen: moment('first_seen').notNull(),
    /** When a listing of it was last new or changed: a pass that finds nothing new writes nothing. */
    lastSeen: moment('last_seen').notNull(),
    mergedInto: text('merged_into'),
    /** When it is to be launched again even if nothing of it changed. */
    enumerateDue: moment('enumerate_due').notNull(),
    /** When a run last asked for its newest version. */
    checkedAt: moment('checked_at'),
    /** Failed launches in a row; each doubles the wait. */
    failures: integer('failures').notNull().default(0),
    /** Set while tools of it wait for an assessment. */
    classifyDue: moment('classify_due'),
    /** Hash of the names of its present tools, part of every assessment's key. */
    siblings: text('siblings'),
    /** Grows whenever its policy may have changed: set by a trigger when it is classified, renamed or merged. 0: never. */
    revision: bigint('revision', { mode: 'number' }).notNull().default(0),
  },
  (table) => [
    uniqueIndex('server_slug').on(table.slug),
    index('server_slug_order').on(sql`${table.slug} collate "C"`),
    index('server_newest').on(table.firstSeen, table.id),
    index('server_enumerate_due').on(table.enumerateDue),
    index('server_classify_due').on(table.classifyDue),
    index('server_revision_order').on(table.revision),
  ],
);

/** What a source said of one listing. A changed listing gets a new row; the old one is superseded, never overwritten. */
export const sighting = pgTable(
  'sighting',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    source: text('source').notNull(),
    listing: text('listing').notNull(),
    hash: text('hash').notNull(),
    serverId: text('server_id').notNull(),
    data: jsonText<Sighting>('data').notNull(),
    firstSeen: moment('first_seen').notNull(),
    supersededAt: moment('superseded_at'),
    /** Since when its source no longer lists it. Until then it was last seen when the source last came through. */
    unlistedAt: moment('unlisted_at'),
  },
  (table) => [
    uniqueIndex('sighting_current').on(table.source, table.listing).where(sql`superseded_at is null`),
    index('sighting_server').on(table.serverId),
  ],
);

/** Every address that a current sighting names, whether it is its server's own or not: what joining starts from. */
export const mention = pgTable(
  'mention',
  {
    address: text('address').notNull(),
    sightingId: bigint('sighting_id', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.address, table.sightingId] }),
    index('mention_sighting').on(table.sightingId),
  ],
);

/** An address under which a server is known: `<kind>:<key>`. Belongs to one server at a time. */
export const alias = pgTable(
  'alias',
  {
    address: text('address').primaryKey(),
    kind: text('kind').$type<AliasKind>().notNull(),
    key: text('key').notNull(),
    serverId: text('server_id').notNull(),
    /** The sighting that proved it; null for slugs. */
    sightingId: bigint('sighting_id', { mode: 'number' }),
    since: moment('since').notNull(),
  },
  (table) => [index('alias_server').on(table.serverId)],
);

/** Two servers found to be one: which alias linked them, and in which sighting. */
export const merge = pgTable('merge', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  winner: text('winner').notNull(),
  loser: text('loser').notNull(),
  address: text('address').notNull(),
  sightingId: bigint('sighting_id', { mode: 'number' }).notNull(),
  at: moment('at').notNull(),
});

/** What a server is like: servers that share a key may be one, or copies of one. An index, made from the server alone. */
export const likeness = pgTable(
  'likeness',
  { key: text('key').notNull(), serverId: text('server_id').notNull() },
  (table) => [primaryKey({ columns: [table.key, table.serverId] }), index('likeness_server').on(table.serverId)],
);
