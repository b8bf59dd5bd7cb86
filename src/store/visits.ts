import { and, eq } from 'drizzle-orm';
import type { Visit } from '#domain/catalogue.ts';
import type { Artefact } from '#domain/launch.ts';
import { lastVisit } from './enumerations.ts';
import type { Db } from './open.ts';
import { artefact } from './tables/visits.ts';

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
    ms: row.ms,
  };
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
