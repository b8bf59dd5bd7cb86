import { and, eq, isNull, type SQL } from 'drizzle-orm';
import { isShown } from '../catalogue/hidden.ts';
import type { Db } from '../engine/open.ts';
import { server } from '../tables/servers.ts';
import { assessment, presence } from '../tables/tools.ts';

/**
 * Joins a tool to what was said of it among the tools that its server has now. There may be several; the last is the one
 * with the greatest `assessedAt`.
 */
export const isJudgedHere = and(
  eq(assessment.fingerprint, presence.fingerprint),
  eq(assessment.siblings, server.siblings),
)!;

/** Holds for tools that a server still has, of servers that stand and none of whose addresses is among `hide`. */
export function isPresent(db: Db, hide: readonly string[]): SQL {
  return and(isNull(presence.goneAt), isNull(server.mergedInto), isShown(db, hide))!;
}
