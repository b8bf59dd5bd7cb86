import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { LaunchContext, Outcome, Phase, Rejection } from '#domain/launch.ts';
import type { AliasKind, Input, PackageRef, RemoteRef, Repository, Sighting } from '#domain/server.ts';
import type { JsonObject, Provenance, ToolDefinition } from '#domain/tool.ts';
import type { Category, Risk, Verdict } from '#domain/verdict.ts';
import { jsonText } from './columns.ts';

const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

/** Single facts about this catalogue: which rules its assessments were due for, … */
export const fact = pgTable('fact', { key: text('key').primaryKey(), value: text('value').notNull() });

/** A place that lists servers. The watermark moves only when a pass came through whole. */
export const source = pgTable('source', {
  id: text('id').primaryKey(),
  watermark: moment('watermark'),
  lastTried: moment('last_tried'),
  lastGood: moment('last_good'),
  error: text('error'),
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
  },
  (table) => [
    uniqueIndex('server_slug').on(table.slug),
    index('server_enumerate_due').on(table.enumerateDue),
    index('server_classify_due').on(table.classifyDue),
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
    lastSeen: moment('last_seen').notNull(),
    supersededAt: moment('superseded_at'),
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

/** One published version of a package. */
export const artefact = pgTable(
  'artefact',
  {
    purl: text('purl').notNull(),
    version: text('version').notNull(),
    name: text('name').notNull(),
    integrity: text('integrity').notNull(),
    license: text('license'),
    publishedAt: text('published_at'),
    firstSeen: moment('first_seen').notNull(),
  },
  (table) => [primaryKey({ columns: [table.purl, table.version, table.integrity] })],
);

/** A way in which a server was started. */
export const launch = pgTable(
  'launch',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    serverId: text('server_id').notNull(),
    hash: text('hash').notNull(),
    resolver: text('resolver').notNull(),
    purl: text('purl').notNull(),
    version: text('version').notNull(),
    integrity: text('integrity').notNull(),
    entry: text('entry').notNull(),
    args: jsonText<readonly string[]>('args').notNull(),
    inputs: jsonText<readonly Input[]>('inputs').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [uniqueIndex('launch_hash').on(table.serverId, table.hash)],
);

/** One visit to one server, however it ended. */
export const enumeration = pgTable(
  'enumeration',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    serverId: text('server_id').notNull(),
    runId: bigint('run_id', { mode: 'number' }),
    launchId: bigint('launch_id', { mode: 'number' }),
    purl: text('purl'),
    version: text('version'),
    integrity: text('integrity'),
    sandbox: text('sandbox').notNull(),
    at: moment('at').notNull(),
    outcome: text('outcome').$type<Outcome>().notNull(),
    phase: text('phase').$type<Phase>(),
    reason: text('reason'),
    detail: text('detail'),
    wants: jsonText<readonly string[]>('wants').notNull(),
    context: jsonText<LaunchContext>('context'),
    protocolVersion: text('protocol_version'),
    serverInfo: jsonText<JsonObject>('server_info'),
    capabilities: jsonText<JsonObject>('capabilities'),
    instructions: jsonText<string>('instructions'),
    rejections: jsonText<readonly Rejection[]>('rejections').notNull(),
    toolCount: integer('tool_count').notNull(),
    ms: integer('ms').notNull(),
  },
  (table) => [index('enumeration_server').on(table.serverId, table.id)],
);

/** One start of a server within a visit. */
export const attempt = pgTable(
  'attempt',
  {
    enumerationId: bigint('enumeration_id', { mode: 'number' }).notNull(),
    number: integer('number').notNull(),
    rung: text('rung').notNull(),
    context: jsonText<LaunchContext>('context').notNull(),
    outcome: text('outcome').$type<'listed' | 'failed'>().notNull(),
    phase: text('phase').$type<Phase>(),
    reason: text('reason'),
    detail: text('detail'),
    stderr: text('stderr'),
    protocolVersion: text('protocol_version'),
    toolCount: integer('tool_count'),
    ms: integer('ms').notNull(),
  },
  (table) => [primaryKey({ columns: [table.enumerationId, table.number] })],
);

/** What a tool said of itself, by fingerprint: the same definition on many servers stands here once. */
export const definition = pgTable('definition', {
  fingerprint: text('fingerprint').primaryKey(),
  name: text('name').notNull(),
  body: jsonText<ToolDefinition>('body').notNull(),
  firstSeen: moment('first_seen').notNull(),
});

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
    index('presence_fingerprint').on(table.fingerprint),
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
