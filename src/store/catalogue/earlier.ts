import { and, asc, eq, exists, inArray, isNull, ne } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { EarlierVerdict } from '#domain/catalogue.ts';
import type { Db } from '../engine/open.ts';
import { server } from '../tables/servers.ts';
import { assessment, presence } from '../tables/tools.ts';
import { isJudgedHere } from '../verdict/present.ts';

/**
 * What the present tools of servers were found to be before, on the same definition and among the same siblings: newest
 * first, by server and fingerprint (`of`). Two verdicts in a row that say the same are one, so a tool of which only the
 * rules changed has none.
 */
export async function earlierVerdicts(
  db: Db,
  serverIds: readonly string[],
): Promise<{ of(serverId: string, fingerprint: string): readonly EarlierVerdict[] | undefined }> {
  const found = new Map<string, readonly EarlierVerdict[]>();
  const key = (serverId: string, fingerprint: string) => `${serverId} ${fingerprint}`;
  const of = (serverId: string, fingerprint: string) => found.get(key(serverId, fingerprint));
  if (serverIds.length === 0) return { of };
  const other = alias(assessment, 'other');
  const isOther = and(
    eq(other.fingerprint, assessment.fingerprint),
    eq(other.siblings, assessment.siblings),
    ne(other.assessedAt, assessment.assessedAt),
  );
  const rows = await db
    .selectDistinct({
      serverId: presence.serverId,
      fingerprint: assessment.fingerprint,
      category: assessment.category,
      risk: assessment.risk,
      at: assessment.assessedAt,
    })
    .from(presence)
    .innerJoin(server, eq(server.id, presence.serverId))
    .innerJoin(assessment, isJudgedHere)
    .where(
      and(
        inArray(presence.serverId, [...serverIds]),
        isNull(presence.goneAt),
        exists(db.select({ at: other.assessedAt }).from(other).where(isOther)),
      ),
    )
    .orderBy(asc(assessment.assessedAt));
  for (const [id, all] of Map.groupBy(rows, (row) => key(row.serverId, row.fingerprint))) {
    const turns = all.filter((row, at) => row.category !== all[at - 1]?.category || row.risk !== all[at - 1]?.risk);
    const earlier = turns
      .slice(0, -1)
      .map(({ category, risk }, at): EarlierVerdict => ({ category, risk, until: turns[at + 1]!.at }));
    if (earlier.length > 0) found.set(id, earlier.reverse());
  }
  return { of };
}
