import { and, asc, eq } from 'drizzle-orm';
import type { Visit } from '#domain/catalogue.ts';
import type { Artefact, Attempt } from '#domain/launch.ts';
import { lastVisit } from './enumerations.ts';
import type { Db } from './open.ts';
import { artefact, attempt } from './tables/visits.ts';

/** The newest visit to a server as pages and API show it, its artefact included. */
export async function lastVisitOf(db: Db, serverId: string): Promise<Visit | undefined> {
  const row = await lastVisit(db, serverId);
  if (!row) return undefined;
  const found = await artefactOf(db, row);
  return {
    at: row.at,
    outcome: row.outcome,
    ...(row.phase !== null && { phase: row.phase }),
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.detail !== null && { detail: row.detail }),
    wants: row.wants,
    rejections: row.rejections,
    ...(found && { artefact: found }),
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
    attempts: await attemptsOf(db, row.id),
    ms: row.ms,
  };
}

async function attemptsOf(db: Db, enumerationId: number): Promise<readonly Attempt[]> {
  const rows = await db
    .select()
    .from(attempt)
    .where(eq(attempt.enumerationId, enumerationId))
    .orderBy(asc(attempt.number));
  return rows.map((row) => ({
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
  }));
}

async function artefactOf(
  db: Db,
  key: { readonly purl: string | null; readonly version: string | null; readonly integrity: string | null },
): Promise<Artefact | undefined> {
  if (key.purl === null || key.version === null || key.integrity === null) return undefined;
  const [row] = await db
    .select()
    .from(artefact)
    .where(and(eq(artefact.purl, key.purl), eq(artefact.version, key.version), eq(artefact.integrity, key.integrity)));
  if (!row) return undefined;
  return {
    purl: row.purl,
    name: row.name,
    version: row.version,
    integrity: row.integrity,
    ...(row.license !== null && { license: row.license }),
    ...(row.publishedAt !== null && { publishedAt: row.publishedAt }),
  };
}
