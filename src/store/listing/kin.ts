import { and, isNull } from 'drizzle-orm';
import type { Sighting, SightingGroup } from '#domain/server.ts';
import { among } from '../engine/bulk.ts';
import { chunks } from '../engine/chunks.ts';
import type { Db } from '../engine/open.ts';
import { mention, server, sighting } from '../tables/servers.ts';
import type { Joining } from './regroup.ts';

/** A current sighting on its way to a server. */
export interface Seen {
  readonly sighting: Sighting;
  readonly listing: string;
  readonly hash: string;
  /** The version that it replaces. */
  readonly before: { readonly id: number; readonly sighting: Sighting } | undefined;
  /** Its number, once stored. */
  readonly id: number | undefined;
  /** The server that it belonged to. */
  readonly former: string | undefined;
}

/** All that new or changed sightings can change, joined. */
export interface Kin {
  /** Stored sightings that hang together with the new ones. */
  readonly sightings: readonly Seen[];
  readonly groups: readonly SightingGroup[];
  /** Rows of the servers that these belonged to, or whose ids their groups may claim. */
  readonly servers: ReadonlyMap<string, typeof server.$inferSelect>;
}

/**
 * Finds and joins what hangs together with these sightings: current ones that share an address with them, or with
 * those, and so on, and everything else of the servers that this touches. Bounded by what really belongs together;
 * packages that many unrelated listings name count as no address.
 */
export async function loadKin(tx: Db, seen: readonly Seen[], joining: Joining): Promise<Kin> {
  const found = new Map<number, Seen>();
  const servers = new Map<string, typeof server.$inferSelect>();
  const asked = { addresses: new Set<string>(), servers: new Set<string>() };
  const fresh = (asked: Set<string>, keys: Iterable<string>) => {
    const unasked = [...new Set(keys)].filter((key) => !asked.has(key));
    for (const key of unasked) asked.add(key);
    return chunks(unasked);
  };
  const add = (rows: readonly (typeof sighting.$inferSelect)[]) =>
    rows.flatMap(({ id, data, listing, hash, serverId }) => {
      if (found.has(id)) return [];
      found.set(id, { sighting: data, listing, hash, before: undefined, id, former: serverId });
      return joining.addressesOf(data);
    });

  let addresses = seen.flatMap((one) => [
    ...joining.addressesOf(one.sighting),
    ...(one.before ? joining.addressesOf(one.before.sighting) : []),
  ]);
  for (;;) {
    while (addresses.length > 0) {
      const next: string[] = [];
      for (const part of fresh(asked.addresses, addresses)) {
        const sharing = await tx
          .selectDistinct({ id: mention.sightingId })
          .from(mention)
          .where(among(mention.address, part));
        const unknown = sharing.map(({ id }) => id).filter((id) => !found.has(id));
        // Not joined to the mentions: a database without statistics yet would read all sightings for that.
        for (const ids of chunks(unknown)) {
          const rows = await tx.select().from(sighting).where(among(sighting.id, ids));
          next.push(...add(rows.filter(({ supersededAt }) => supersededAt === null)));
        }
      }
      addresses = next;
    }
    const all = [...seen, ...found.values()];
    const groups = joining.join(all.map((one) => one.sighting));
    const ids = [...groups.flatMap((group) => joining.idsOf(group)), ...all.flatMap((one) => one.former ?? [])];
    const known = found.size;
    for (const part of fresh(asked.servers, ids)) {
      for (const row of await tx.select().from(server).where(among(server.id, part))) servers.set(row.id, row);
      const rows = await tx
        .select()
        .from(sighting)
        .where(and(among(sighting.serverId, part), isNull(sighting.supersededAt)));
      addresses.push(...add(rows));
    }
    if (found.size === known) return { sightings: [...found.values()], groups, servers };
  }
}
