import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { fingerprint } from '#core/hash.ts';
import type { Sighting } from '#domain/server.ts';
import { chunks } from './chunks.ts';
import { storable } from './columns.ts';
import { loadKin, type Seen } from './kin.ts';
import type { Db } from './open.ts';
import { type Joining, placeGroups } from './regroup.ts';
import { writeServers } from './settle.ts';
import { server, sighting } from './tables/servers.ts';

/** What a batch of sightings came to. */
export interface Recorded {
  readonly new: number;
  readonly changed: number;
  readonly same: number;
  /** Ids of servers founded or touched by new or changed sightings. */
  readonly servers: readonly string[];
  readonly merged: readonly { readonly winner: string; readonly loser: string; readonly address: string }[];
}

/** Any fixed number: joins look at all servers, so that only one process at a time may join. */
const JOIN_LOCK = 0x6a6f696e;

/**
 * Stores one source's sightings and sorts them into servers, whole or not at all. A listing that says what it said
 * before only gets a new `last_seen`; a changed one keeps its old version as history, and everything that shares an
 * address with its old or new version is joined anew. Batches of 500 to 2,000 cost least.
 */
export async function recordSightings(
  db: Db,
  source: string,
  batch: readonly Sighting[],
  now: Date,
  joining: Joining,
): Promise<Recorded> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${JOIN_LOCK})`);
    const fresh = new Map(batch.map((one) => [storable(one.listing), cleaned(one)]));
    const before = new Map<string, typeof sighting.$inferSelect>();
    for (const listings of chunks([...fresh.keys()]))
      for (const row of await tx
        .select()
        .from(sighting)
        .where(and(eq(sighting.source, source), inArray(sighting.listing, listings), isNull(sighting.supersededAt))))
        before.set(row.listing, row);

    const same: (typeof sighting.$inferSelect)[] = [];
    const seen: Seen[] = [];
    for (const [listing, one] of fresh) {
      const row = before.get(listing);
      const hash = fingerprint(one);
      if (row?.hash === hash) same.push(row);
      else seen.push({ sighting: one, listing, hash, before: row, id: undefined, former: row?.serverId });
    }
    await touch(tx, same, now);
    const counts = { same: same.length, changed: seen.filter((one) => one.before).length };
    if (seen.length === 0) return { ...counts, new: 0, servers: [], merged: [] };

    await supersede(tx, seen, now);
    const kin = await loadKin(tx, seen, joining);
    const former = new Map([...seen, ...kin.sightings].map((one) => [one.sighting, one.former]));
    const standing = [...kin.servers.values()].filter((row) => row.mergedInto === null);
    const placements = placeGroups(kin.groups, standing, (one) => former.get(one), joining);
    const written = await writeServers(tx, { source, placements, seen, kin, now, joining });
    return { ...counts, new: seen.length - counts.changed, ...written };
  });
}

/** A sighting whose every text can be stored and fingerprinted. */
function cleaned(one: Sighting): Sighting {
  return JSON.parse(JSON.stringify(one), (_, value: unknown) =>
    typeof value === 'string' ? storable(value) : value,
  ) as Sighting;
}

async function touch(tx: Db, same: readonly (typeof sighting.$inferSelect)[], now: Date): Promise<void> {
  for (const rows of chunks(same)) {
    const ids = rows.map(({ id }) => id);
    await tx.update(sighting).set({ lastSeen: now }).where(inArray(sighting.id, ids));
    const servers = [...new Set(rows.map(({ serverId }) => serverId))];
    await tx.update(server).set({ lastSeen: now }).where(inArray(server.id, servers));
  }
}

async function supersede(tx: Db, seen: readonly Seen[], now: Date): Promise<void> {
  for (const ids of chunks(seen.flatMap((one) => one.before?.id ?? [])))
    await tx.update(sighting).set({ supersededAt: now }).where(inArray(sighting.id, ids));
}
