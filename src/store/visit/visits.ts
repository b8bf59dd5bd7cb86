import { and, asc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { Visit } from '#domain/catalogue.ts';
import type { Artefact, Attempt } from '#domain/launch.ts';
import type { Db } from '../engine/open.ts';
import { once } from '../engine/prepared.ts';
import { server } from '../tables/servers.ts';
import { artefact, attempt, enumeration } from '../tables/visits.ts';
import { isGone } from './due.ts';

function newestVisits(db: Db, which: SQL) {
  const newest = sql`(select max(one.id) from ${enumeration} one where one.server_id = ${server.id})`;
  return db
    .select({ visit: enumeration, artefact, gone: sql<boolean>`${isGone(db)}` })
    .from(server)
    .innerJoin(enumeration, eq(enumeration.id, newest))
    .leftJoin(
      artefact,
      and(
        eq(artefact.purl, enumeration.purl),
        eq(artefact.version, enumeration.version),
        eq(artefact.integrity, enumeration.integrity),
      ),
    )
    .where(which);
}

const visitOfOne = once((db) => newestVisits(db, eq(server.id, sql.placeholder('id'))).prepare('visit_of_one'));

/** The newest visit to each of these servers as pages and API show it, its artefact included. */
export async function lastVisitsOf(db: Db, serverIds: readonly string[]): Promise<ReadonlyMap<string, Visit>> {
  const rows = await (serverIds.length === 1
    ? visitOfOne(db).execute({ id: serverIds[0] })
    : newestVisits(db, inArray(server.id, [...serverIds])));
  const attempts = await attemptsOf(
    db,
    rows.map((row) => row.visit.id),
  );
  return new Map(
    rows.map((row) => [
      row.visit.serverId,
      visitOf(row.visit, row.artefact, attempts.get(row.visit.id) ?? [], row.gone),
    ]),
  );
}

function visitOf(
  row: typeof enumeration.$inferSelect,
  package_: typeof artefact.$inferSelect | null,
  attempts: readonly Attempt[],
  gone: boolean,
): Visit {
  return {
    at: row.at,
    outcome: row.outcome,
    ...(gone && { gone }),
    ...(row.phase !== null && { phase: row.phase }),
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.detail !== null && { detail: row.detail }),
    wants: row.wants,
    rejections: row.rejections,
    ...(package_ && { artefact: artefactOf(package_) }),
    ...(row.context !== null && { context: row.context }),
    ...(row.protocolVersion !== null && { protocolVersion: row.protocolVersion }),
    ...(row.serverInfo !== null && { serverInfo: row.serverInfo }),
    ...(row.capabilities !== null && { capabilities: row.capabilities }),
    ...(row.instructions !== null && { instructions: row.instructions }),
    ...(row.prompts !== null && { prompts: row.prompts }),
    ...(row.resources !== null && { resources: row.resources }),
    ...(row.gates !== null && { gates: row.gates }),
    ...(row.tokens !== null && { tokens: row.tokens }),
    ...(row.remote !== null && { remote: row.remote }),
    ...(row.authorization !== null && { authorization: row.authorization }),
    attempts,
    ms: row.ms,
  };
}

function startsOf(db: Db, which: SQL) {
  return db.select().from(attempt).where(which).orderBy(asc(attempt.enumerationId), asc(attempt.number));
}

const attemptsOfOne = once((db) =>
  startsOf(db, eq(attempt.enumerationId, sql.placeholder('visit'))).prepare('starts_of_one'),
);

async function attemptsOf(db: Db, visits: readonly number[]): Promise<ReadonlyMap<number, readonly Attempt[]>> {
  const found = new Map<number, Attempt[]>();
  if (visits.length === 0) return found;
  const rows = await (visits.length === 1
    ? attemptsOfOne(db).execute({ visit: visits[0] })
    : startsOf(db, inArray(attempt.enumerationId, [...visits])));
  for (const row of rows) {
    const one = {
      rung: row.rung,
      context: row.context,
      outcome: row.outcome,
      ...(row.phase !== null && { phase: row.phase }),
      ...(row.reason !== null && { reason: row.reason }),
      ...(row.detail !== null && { detail: row.detail }),
      ...(row.stderr !== null && { stderr: row.stderr }),
      ...(row.protocolVersion !== null && { protocolVersion: row.protocolVersion }),
      ...(row.toolCount !== null && { toolCount: row.toolCount }),
      ...(row.peakMemory !== null && { peakMemory: row.peakMemory }),
      ...(row.egress !== null && { egress: row.egress }),
      ms: row.ms,
    };
    found.set(row.enumerationId, [...(found.get(row.enumerationId) ?? []), one]);
  }
  return found;
}

function artefactOf(row: typeof artefact.$inferSelect): Artefact {
  return {
    purl: row.purl,
    name: row.name,
    version: row.version,
    integrity: row.integrity,
    ...(row.license !== null && { license: row.license }),
    ...(row.publishedAt !== null && { publishedAt: row.publishedAt }),
    ...(row.commit !== null && { commit: row.commit }),
  };
}
