import { eq, type SQL, sql } from 'drizzle-orm';
import { siblingsHash } from '#core/definition.ts';
import { fingerprint } from '#core/hash.ts';
import type { Artefact, Enumeration, Launch } from '#domain/launch.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import { storable } from '../engine/columns.ts';
import type { Db } from '../engine/open.ts';
import { publishableVisit } from '../engine/publishable.ts';
import { server } from '../tables/servers.ts';
import { artefact, attempt, enumeration, launch } from '../tables/visits.ts';
import { hasListed, isWhole, keptTools, prepareDefinitions, presentNames, replaceTools } from './presence.ts';

/** A visit to record: what was launched, what came of it, and the tools read from source where none were listed. */
export interface VisitRecord {
  readonly serverId: string;
  readonly runId?: number;
  readonly at: Date;
  readonly sandbox: string;
  /** What was asked, in order, in the state that it was in; the same again means that nothing is new. */
  readonly asked?: readonly string[];
  readonly artefact?: Artefact;
  readonly launch?: Launch;
  readonly enumeration: Enumeration;
  readonly staticTools: readonly ToolDefinition[];
  /** When to launch it again even if it does not change. */
  readonly due: Date;
}

/** Key of the lock that puts visits in order; any number that nothing else locks. */
export const VISITS = 7_466_301;

/**
 * Stores a visit whole or not at all: artefact, launch, every attempt, definitions and their presence, and when the
 * server is due next. A list that was cut off adds to what is known and ends nothing; a whole one replaces what was listed or static before; static tools replace static ones only, so
 * that a server that once listed keeps what it said. Returns the number of tools now present.
 */
export async function recordVisit(db: Db, visit: VisitRecord): Promise<number> {
  const { outcome, provenance = 'listed', tools } = visit.enumeration;
  const listed = outcome === 'listed';
  // Made ready before the lock is taken, which all others wait for.
  const found = publishableVisit(visit.enumeration);
  const kept = keptTools(listed ? tools : visit.staticTools);
  return db.transaction(async (tx) => {
    // The lock is held until the end is stored, and others wait. To wait for the disk is left to whoever says that the job
    // is done, which is stored after this: a server that crashes before has lost neither or both, and the job comes again.
    await tx.execute(sql`select set_config('synchronous_commit', 'off', true)`);
    const keeps = async () => listed || (kept.length > 0 && !(await hasListed(tx, visit.serverId)));
    if (await keeps()) await prepareDefinitions(tx, kept, visit.at);
    if (isWhole(visit)) await noteVisited(tx, visit, kept);
    // One at a time, so that visits are stored in the order of their numbers: the feed of changes goes by these.
    await tx.execute(sql`select pg_advisory_xact_lock(${VISITS})`);
    const id = await saveVisit(tx, visit, found);
    if (await keeps()) await replaceTools(tx, visit, id, listed ? provenance : 'static', kept);
    if (isWhole(visit)) return kept.length;
    const present = await presentNames(tx, visit.serverId);
    await noteVisited(tx, visit, present);
    return present.length;
  });
}

/** Notes on the server that it was visited, when it is due again, and which tools it has now. */
async function noteVisited(tx: Db, visit: VisitRecord, tools: readonly { readonly name: string }[]): Promise<void> {
  await tx
    .update(server)
    .set({
      checkedAt: visit.at,
      enumerateDue: visit.due,
      failures: visit.enumeration.outcome === 'listed' ? 0 : sql`${server.failures} + 1`,
      ...(tools.length > 0 && { siblings: siblingsHash(tools.map(({ name }) => name)), classifyDue: visit.at }),
    })
    .where(eq(server.id, visit.serverId));
}

/** Artefact, launch, the visit and its attempts, in one statement: all others wait meanwhile. Returns the visit's number. */
async function saveVisit(tx: Db, visit: VisitRecord, found: Enumeration): Promise<number> {
  const bears = visit.artefact && tx.$with('bears').as(saveArtefact(tx, visit.artefact, visit.at));
  const way = visit.launch && tx.$with('way').as(saveLaunch(tx, visit.serverId, visit.launch, visit.at));
  const made = tx.$with('made').as(saveEnumeration(tx, visit, found, way ? sql`(select id from ${way})` : null));
  const { attempts } = found;
  const tried = attempts.length > 0 && tx.$with('tried').as(saveAttempts(tx, attempts, sql`(select id from ${made})`));
  const [row] = await tx
    .with(...[bears, way, made, tried].filter((one) => one !== undefined && one !== false))
    .select({ id: made.id })
    .from(made);
  return row!.id;
}

function saveArtefact(tx: Db, found: Artefact, now: Date) {
  return tx
    .insert(artefact)
    .values({
      purl: found.purl,
      version: found.version,
      name: storable(found.name),
      integrity: found.integrity,
      license: found.license === undefined ? null : storable(found.license),
      publishedAt: found.publishedAt ?? null,
      commit: found.commit ?? null,
      bears: found.bears ?? null,
      firstSeen: now,
    })
    .onConflictDoUpdate({
      target: [artefact.purl, artefact.version, artefact.integrity],
      set: { bears: sql`excluded.bears` },
      // What one reading found, a visit that got less far does not take back.
      setWhere: sql`excluded.bears is not null and ${artefact.bears} is distinct from excluded.bears`,
    })
    .returning({ purl: artefact.purl });
}

function saveLaunch(tx: Db, serverId: string, way: Launch, now: Date) {
  const { purl, version, integrity } = way.artefact;
  const facts = {
    resolver: way.resolver,
    runtime: way.runtime,
    image: way.image ?? null,
    purl,
    version,
    integrity,
    entry: way.entry,
    args: way.args,
    inputs: way.inputs,
  };
  const hash = fingerprint(facts);
  return tx
    .insert(launch)
    .values({ serverId, hash, ...facts, createdAt: now })
    .onConflictDoUpdate({ target: [launch.serverId, launch.hash], set: { hash } })
    .returning({ id: launch.id });
}

function saveEnumeration(tx: Db, visit: VisitRecord, found: Enumeration, launchId: SQL | null) {
  return tx
    .insert(enumeration)
    .values({
      serverId: visit.serverId,
      runId: visit.runId ?? null,
      launchId,
      purl: visit.artefact?.purl ?? null,
      version: visit.artefact?.version ?? null,
      integrity: visit.artefact?.integrity ?? null,
      sandbox: visit.sandbox,
      asked: visit.asked ?? null,
      at: visit.at,
      outcome: found.outcome,
      phase: found.phase ?? null,
      reason: found.reason === undefined ? null : storable(found.reason),
      detail: found.detail === undefined ? null : storable(found.detail),
      wants: found.wants,
      context: found.context ?? null,
      protocolVersion: found.protocolVersion === undefined ? null : storable(found.protocolVersion),
      serverInfo: found.serverInfo ?? null,
      capabilities: found.capabilities ?? null,
      instructions: found.instructions ?? null,
      rejections: found.rejections,
      toolCount: found.tools.length,
      prompts: found.prompts ?? null,
      resources: found.resources ?? null,
      gates: found.gates ?? null,
      tokens: found.tokens ?? null,
      remote: found.remote === undefined ? null : storable(found.remote),
      authorization: found.authorization ?? null,
      ms: Math.round(found.ms),
    })
    .returning({ id: enumeration.id });
}

function saveAttempts(tx: Db, attempts: Enumeration['attempts'], enumerationId: SQL) {
  return tx
    .insert(attempt)
    .values(
      attempts.map((one, number) => ({
        enumerationId,
        number,
        rung: one.rung,
        context: one.context,
        outcome: one.outcome,
        phase: one.phase ?? null,
        reason: one.reason === undefined ? null : storable(one.reason),
        detail: one.detail === undefined ? null : storable(one.detail),
        stderr: one.stderr === undefined ? null : storable(one.stderr),
        protocolVersion: one.protocolVersion === undefined ? null : storable(one.protocolVersion),
        toolCount: one.toolCount ?? null,
        peakMemory: one.peakMemory ?? null,
        egress: one.egress ?? null,
        ms: Math.round(one.ms),
      })),
    )
    .returning({ number: attempt.number });
}
