import { asc, eq, or } from 'drizzle-orm';
import type { Db } from '../engine/open.ts';
import { merge, sighting } from '../tables/servers.ts';

/** A merge of two servers that stood: which address linked them, in which listing, and when. */
export interface MergeTrace {
  readonly winner: string;
  readonly loser: string;
  readonly address: string;
  readonly source: string | null;
  readonly listing: string | null;
  readonly at: Date;
}

/** Every merge that a server took part in, oldest first; those that later facts undid stay among them. */
export async function mergesOf(db: Db, id: string): Promise<readonly MergeTrace[]> {
  const { winner, loser, address, at } = merge;
  return db
    .select({ winner, loser, address, at, source: sighting.source, listing: sighting.listing })
    .from(merge)
    .leftJoin(sighting, eq(sighting.id, merge.sightingId))
    .where(or(eq(merge.winner, id), eq(merge.loser, id)))
    .orderBy(asc(merge.id));
}
