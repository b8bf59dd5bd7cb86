import { bigint, bigserial, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { Authorization, Egress, Gate, LaunchContext, Outcome, Phase, Rejection, Runtime } from '#domain/launch.ts';
import type { Input } from '#domain/server.ts';
import type { JsonObject } from '#domain/tool.ts';
import { jsonText, moment } from '../engine/columns.ts';

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
    commit: text('commit'),
    /** Names of the official registry that it says are its own; null where it was not read for them. */
    bears: jsonText<readonly string[]>('bears'),
    firstSeen: moment('first_seen').notNull(),
  },
  (table) => [primaryKey({ columns: [table.purl, table.version, table.integrity] })],
);

/** An installed tree in the store that machines share, by what it was made of: which object it is, and what that hashes to. */
export const storedTree = pgTable('stored_tree', {
  key: text('key').primaryKey(),
  sha256: text('sha256').notNull(),
  bytes: bigint('bytes', { mode: 'number' }).notNull(),
  unpacked: bigint('unpacked', { mode: 'number' }).notNull(),
  storedAt: moment('stored_at').notNull(),
});

/** A way in which a server was started. */
export const launch = pgTable(
  'launch',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    serverId: text('server_id').notNull(),
    hash: text('hash').notNull(),
    resolver: text('resolver').notNull(),
    runtime: text('runtime').$type<Runtime>().notNull().default('node'),
    image: text('image'),
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
    /** What was asked, in order: packages in the version they had, addresses of remote servers. The same means nothing new. */
    asked: jsonText<readonly string[]>('asked'),
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
    /** Absent where it was not asked, as before this was kept. */
    prompts: jsonText<readonly JsonObject[]>('prompts'),
    resources: jsonText<readonly JsonObject[]>('resources'),
    gates: jsonText<readonly Gate[]>('gates'),
    tokens: integer('tokens'),
    remote: text('remote'),
    authorization: jsonText<Authorization>('authorization'),
    ms: integer('ms').notNull(),
  },
  (table) => [index('enumeration_server').on(table.serverId, table.id), index('enumeration_at').on(table.at)],
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
    peakMemory: bigint('peak_memory', { mode: 'number' }),
    egress: jsonText<readonly Egress[]>('egress'),
    ms: integer('ms').notNull(),
  },
  (table) => [primaryKey({ columns: [table.enumerationId, table.number] })],
);
