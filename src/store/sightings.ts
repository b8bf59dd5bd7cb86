import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { fingerprint } from '#core/hash.ts';
import type { Sighting } from '#domain/server.ts';
import { chunks } from './chunks.ts';
import { storable } from './columns.ts';
import type { Db } from './open.ts';
import { type Joining, placeGroups } from './regroup.ts';
import { mention, server, sighting } from './schema.ts';
import { type Seen, writeServers } from './settle.ts';

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
    const former = new Map([...seen, ...kin].map((one) => [one.sighting, one.former]));
    const groups = joining.join([...former.keys()]);
    const candidates = new Set(groups.flatMap((group) => joining.idsOf(group)));
    for (const id of former.values()) if (id !== undefined) candidates.add(id);
    const rows = new Map<string, typeof server.$inferSelect>();
    for (const ids of chunks([...candidates]))
      for (const row of await tx.select().from(server).where(inArray(server.id, ids))) rows.set(row.id, row);

    const standing = [...rows.values()].filter((row) => row.mergedInto === null);
    const placements = placeGroups(groups, standing, (one) => former.get(one), joining);
    const written = await writeServers(tx, { source, placements, rows, seen, kin, now, joining });
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

/**
 * The current sightings that share an address with these, or with those, and so on: all that the new ones can change.
 * Bounded by what really hangs together; packages that many unrelated listings name count as no address.
 */
async function loadKin(tx: Db, seen: readonly Seen[], joining: Joining): Promise<readonly Seen[]> {
  const kin = new Map<number, Seen>();
  const asked = new Set<string>();
  let frontier = seen.flatMap((one) => [
    ...joining.addressesOf(one.sighting),
    ...(one.before ? joining.addressesOf(one.before.data) : []),
  ]);
  while (frontier.length > 0) {
    const addresses = [...new Set(frontier)].filter((address) => !asked.has(address));
    frontier = [];
    for (const chunk of chunks(addresses)) {
      for (const address of chunk) asked.add(address);
      const rows = await tx
        .selectDistinctOn([sighting.id], { row: sighting })
        .from(mention)
        .innerJoin(sighting, eq(sighting.id, mention.sightingId))
        .where(and(inArray(mention.address, chunk), isNull(sighting.supersededAt)));
      for (const { row } of rows) {
        if (kin.has(row.id)) continue;
        const { id, data, listing, hash, serverId } = row;
        kin.set(id, { sighting: data, listing, hash, before: undefined, id, former: serverId });
        frontier.push(...joining.addressesOf(data));
      }
    }
  }
  return [...kin.values()];
}
