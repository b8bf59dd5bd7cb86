import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm';
import { fingerprint } from '#core/hash.ts';
import type { Sighting } from '#domain/server.ts';
import { among } from '../engine/bulk.ts';
import { chunks } from '../engine/chunks.ts';
import { storable } from '../engine/columns.ts';
import type { Db } from '../engine/open.ts';
import { publishableSighting } from '../engine/publishable.ts';
import { sighting } from '../tables/servers.ts';
import { loadKin, type Seen } from './kin.ts';
import { type Joining, placeGroups } from './regroup.ts';
import { writeServers } from './settle.ts';

/** What a batch of sightings came to. */
export interface Recorded {
  readonly new: number;
  readonly changed: number;
  readonly same: number;
  /** Ids of servers founded or touched by new or changed sightings. */
  readonly servers: readonly string[];
  readonly merged: readonly { readonly winner: string; readonly loser: string; readonly address: string }[];
  /** Numbers of the sightings that the batch holds: which of a source's listings it still has. */
  readonly listed: readonly number[];
  /** Rows written, changed or deleted. */
  readonly rows: number;
}

/** Any fixed number: joins look at all servers, so that only one process at a time may join. */
const JOIN_LOCK = 0x6a6f696e;

/**
 * Stores one source's sightings and sorts them into servers, whole or not at all. A listing that says what it said
 * before costs one comparison and no write; a changed one keeps its old version as history, and everything that shares
 * an address with its old or new version is joined anew. Batches of 500 to 2,000 cost least.
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
    const before = await currentOf(tx, source, [...fresh.keys()]);
    const same: number[] = [];
    const back: number[] = [];
    const differing: { readonly listing: string; readonly sighting: Sighting; readonly hash: string }[] = [];
    for (const [listing, one] of fresh) {
      const row = before.get(listing);
      const hash = fingerprint(one);
      if (row?.hash !== hash) differing.push({ listing, sighting: one, hash });
      else same.push(row.id);
      if (row?.hash === hash && row.unlistedAt !== null) back.push(row.id);
    }
    for (const ids of chunks(back)) await tx.update(sighting).set({ unlistedAt: null }).where(among(sighting.id, ids));
    const counts = { same: same.length, changed: differing.filter(({ listing }) => before.has(listing)).length };
    if (differing.length === 0) return { ...counts, new: 0, servers: [], merged: [], listed: same, rows: back.length };

    const old = await dataOf(
      tx,
      differing.flatMap(({ listing }) => before.get(listing)?.id ?? []),
    );
    const seen = differing.map(({ listing, sighting: found, hash }): Seen => {
      const row = before.get(listing);
      const earlier = row && { id: row.id, sighting: old.get(row.id)! };
      const one = earlier ? joining.withHistory(earlier.sighting, found) : found;
      return { sighting: one, listing, hash, before: earlier, id: undefined, former: row?.serverId };
    });
    await supersede(tx, [...old.keys()], now);
    const kin = await loadKin(tx, seen, joining);
    const former = new Map([...seen, ...kin.sightings].map((one) => [one.sighting, one.former]));
    const standing = [...kin.servers.values()].filter((row) => row.mergedInto === null);
    const placements = placeGroups(kin.groups, standing, (one) => former.get(one), joining);
    const { rows, listed, ...written } = await writeServers(tx, { source, placements, seen, kin, now, joining });
    const all = { listed: [...same, ...listed], rows: back.length + old.size + rows };
    return { ...counts, new: seen.length - counts.changed, ...written, ...all };
  });
}

/** Lets the database count anew what it has: after much growth it else plans for tables that are still small. */
export async function countAnew(db: Db): Promise<void> {
  await db.execute(sql`analyze sighting, mention, alias, server, likeness`);
}

/** Ids read at a time: a source may have a million listings. */
const PAGE = 20_000;

/**
 * Marks what a source no longer lists, after it was read to its end; `listed` are the numbers of what it still has.
 * Such a listing stays what it was: it is only known since when nobody repeats it. Returns how many there are.
 */
export async function markUnlisted(db: Db, source: string, listed: ReadonlySet<number>, now: Date): Promise<number> {
  let marked = 0;
  for (let after = 0; ; ) {
    const page = await db
      .select({ id: sighting.id })
      .from(sighting)
      .where(
        and(
          eq(sighting.source, source),
          isNull(sighting.supersededAt),
          isNull(sighting.unlistedAt),
          gt(sighting.id, after),
        ),
      )
      .orderBy(asc(sighting.id))
      .limit(PAGE);
    const gone = page.map(({ id }) => id).filter((id) => !listed.has(id));
    for (const ids of chunks(gone)) await db.update(sighting).set({ unlistedAt: now }).where(among(sighting.id, ids));
    marked += gone.length;
    if (page.length < PAGE) return marked;
    after = page.at(-1)!.id;
  }
}

/** A sighting whose every text can be stored and fingerprinted. */
function cleaned(one: Sighting): Sighting {
  const text = JSON.stringify(publishableSighting(one));
  return JSON.parse(
    text,
    // NUL and surrogates are escaped in JSON; nearly no listing has any.
    /\\u(0000|[dD])/.test(text)
      ? (_, value: unknown) => (typeof value === 'string' ? storable(value) : value)
      : undefined,
  ) as Sighting;
}

/** A source's current sightings of these listings, without what they say. */
async function currentOf(tx: Db, source: string, listings: readonly string[]) {
  const { id, listing, hash, serverId, unlistedAt } = sighting;
  const found = new Map<string, { id: number; hash: string; serverId: string; unlistedAt: Date | null }>();
  for (const part of chunks(listings)) {
    const current = and(eq(sighting.source, source), among(listing, part), isNull(sighting.supersededAt));
    const rows = await tx.select({ id, listing, hash, serverId, unlistedAt }).from(sighting).where(current);
    for (const row of rows) found.set(row.listing, row);
  }
  return found;
}

async function dataOf(tx: Db, ids: readonly number[]): Promise<ReadonlyMap<number, Sighting>> {
  const found = new Map<number, Sighting>();
  for (const part of chunks(ids))
    for (const { id, data } of await tx
      .select({ id: sighting.id, data: sighting.data })
      .from(sighting)
      .where(among(sighting.id, part)))
      found.set(id, data);
  return found;
}

async function supersede(tx: Db, superseded: readonly number[], now: Date): Promise<void> {
  for (const ids of chunks(superseded))
    await tx.update(sighting).set({ supersededAt: now }).where(among(sighting.id, ids));
}
