import { and, desc, eq, gt, like } from 'drizzle-orm';
import type { AnnotatedTool } from '#domain/catalogue.ts';
import type { Db } from '../engine/open.ts';
import { server } from '../tables/servers.ts';
import { assessment, definition, presence } from '../tables/tools.ts';
import { toServer } from '../visit/servers.ts';
import { isJudgedHere, isPresent } from './present.ts';

/**
 * Present and assessed tools whose authors annotate them, in the order in which they were first met, from after `after`;
 * at most `limit`. `next` goes on from there.
 */
export async function annotatedTools(
  db: Db,
  query: { readonly after?: number | undefined; readonly limit: number },
  hide: readonly string[] = [],
): Promise<{ readonly tools: readonly AnnotatedTool[]; readonly next?: number }> {
  const rows = await db
    .selectDistinctOn([presence.id], { id: presence.id, server, body: definition.body, verdict: assessment.verdict })
    .from(presence)
    .innerJoin(server, eq(server.id, presence.serverId))
    .innerJoin(definition, eq(definition.fingerprint, presence.fingerprint))
    .innerJoin(assessment, isJudgedHere)
    .where(
      and(
        isPresent(db, hide),
        // A cheap sieve over the text: every hint of the protocol is a key that ends so.
        like(definition.body, '%Hint"%'),
        query.after === undefined ? undefined : gt(presence.id, query.after),
      ),
    )
    .orderBy(presence.id, desc(assessment.assessedAt))
    .limit(query.limit + 1);
  const page = rows.slice(0, query.limit);
  return {
    tools: page.map(({ server: row, body, verdict }) => ({ server: toServer(row), definition: body, verdict })),
    ...(rows.length > query.limit && page.length > 0 && { next: page.at(-1)!.id }),
  };
}
