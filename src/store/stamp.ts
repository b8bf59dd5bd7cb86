import { sql } from 'drizzle-orm';
import type { Db } from './open.ts';
import { run, source } from './tables/runs.ts';
import { revisions, server, sighting } from './tables/servers.ts';
import { enumeration } from './tables/visits.ts';

/**
 * Another text whenever what the catalogue shows may have changed: servers judged, visited, listed or renamed, sources
 * asked, runs ended. Every part is the end of an index or a small table. A change that is still being written when this
 * is asked may show a moment after it moved.
 */
export async function stamp(db: Db): Promise<string> {
  const [row] = await db
    .select({
      stamp: sql<string>`concat_ws(' ',
      (select last_value from ${sql.identifier(revisions.seqName!)}),
      (select max(${server.revision}) from ${server}),
      (select max(${enumeration.id}) from ${enumeration}),
      (select max(${sighting.id}) from ${sighting}),
      (select max(${source.lastTried}) from ${source}),
      (select max(${run.finishedAt}) from (select finished_at from ${run} order by id desc limit 20) ${run}))`,
    })
    .from(sql`(select 1) as one`);
  return row!.stamp;
}
