import { eq, sql } from 'drizzle-orm';
import { canonical } from '#core/hash.ts';
import type { Server, Sighting } from '#domain/server.ts';
import { among, recordset } from '../engine/bulk.ts';
import { chunks } from '../engine/chunks.ts';
import type { Db } from '../engine/open.ts';
import { alias, mention, merge, server, sighting } from '../tables/servers.ts';
import type { Kin, Seen } from './kin.ts';
import { writeLikeness } from './likeness.ts';
import type { Joining, Placement } from './regroup.ts';
import { retireTools } from './retire.ts';
import { chooseSlugs, yieldSlugs } from './slugs.ts';

interface Work {
  readonly source: string;
  readonly placements: readonly Placement[];
  readonly seen: readonly Seen[];
  readonly kin: Kin;
  readonly now: Date;
  readonly joining: Joining;
}

type Merged = { readonly winner: string; readonly loser: string; readonly address: string };

/** What was written: ids of servers, merges, numbers of the new sightings, and how many rows in all. */
interface Written {
  readonly servers: readonly string[];
  readonly merged: readonly Merged[];
  readonly listed: readonly number[];
  readonly rows: number;
}

/** Writes sightings, servers, addresses and merges as placed. */
export async function writeServers(tx: Db, work: Work): Promise<Written> {
  const { placements, now } = work;
  const rows = work.kin.servers;
  const home = new Map<Sighting, string>();
  for (const { id, group } of placements) for (const one of group.sightings) home.set(one, id);
  const { numbers, rows: sighted } = await writeSightings(tx, work, home);
  const losers = placements.flatMap(({ id, losers: list }) => list.map((loser) => ({ winner: id, ...loser })));
  await yieldSlugs(tx, losers, rows, now);
  const slugs = await chooseSlugs(tx, { ...work, rows }, new Set(losers.map(({ id }) => id)));
  const servers = placements.map(({ id, group }) => work.joining.mergeSightings(id, slugs.get(id)!, group));
  const listed = new Set(work.seen.map((one) => home.get(one.sighting)!));
  const saved = await saveServers(tx, servers, rows, listed, now);
  const written = new Set(saved);
  const wanted = new Map(losers.map(({ id }): [string, readonly string[]] => [id, []]));
  for (const one of servers) if (written.has(one.id)) wanted.set(one.id, work.joining.likenessOf(one));
  const alike = await writeLikeness(tx, wanted);
  for (const { id, winner } of losers) await tx.update(alias).set({ serverId: winner }).where(eq(alias.serverId, id));
  const aliases = await writeAliases(tx, work, slugs, numbers);

  const merged = losers.map(({ winner, id, link }) => {
    const address = link?.address ?? '';
    const sightingId = Math.max(0, ...(link?.sightings.map((one) => numbers.get(one) ?? 0) ?? []));
    return { winner, loser: id, address, sightingId, at: now };
  });
  for (const part of chunks(merged)) await tx.insert(merge).values(part);
  return {
    servers: saved,
    merged: merged.map(({ winner, loser, address }) => ({ winner, loser, address })),
    listed: work.seen.map((one) => numbers.get(one.sighting)!),
    rows: sighted + saved.length + alike + aliases + 2 * merged.length,
  };
}

/** Stores new versions, moves old ones to their present server; gives every sighting's number, and the rows it took. */
async function writeSightings(
  tx: Db,
  { source, seen, kin, now, joining }: Work,
  home: ReadonlyMap<Sighting, string>,
): Promise<{ readonly numbers: ReadonlyMap<Sighting, number>; readonly rows: number }> {
  const numbers = new Map(kin.sightings.map((one) => [one.sighting, one.id!]));
  for (const part of chunks(seen, 500)) {
    const inserted = await tx
      .insert(sighting)
      .select(
        recordset(
          sighting,
          part.map((one) => ({
            source,
            listing: one.listing,
            hash: one.hash,
            serverId: home.get(one.sighting)!,
            data: one.sighting,
            firstSeen: now,
          })),
        ),
      )
      .returning({ id: sighting.id, listing: sighting.listing });
    const ids = new Map(inserted.map(({ id, listing }) => [listing, id]));
    for (const one of part) numbers.set(one.sighting, ids.get(one.listing)!);
  }
  for (const ids of chunks(seen.flatMap((one) => one.before?.id ?? [])))
    await tx.delete(mention).where(among(mention.sightingId, ids));
  const mentions = seen.flatMap((one) =>
    [...new Set(joining.addressesOf(one.sighting))].map((address) => ({
      address,
      sightingId: numbers.get(one.sighting)!,
    })),
  );
  for (const part of chunks(mentions)) await tx.insert(mention).select(recordset(mention, part));
  const moved = kin.sightings.filter((one) => home.get(one.sighting) !== one.former);
  for (const [serverId, list] of Map.groupBy(moved, (one) => home.get(one.sighting)!))
    for (const ids of chunks(list.map(({ id }) => id!)))
      await tx.update(sighting).set({ serverId }).where(among(sighting.id, ids));
  const dropped = seen.flatMap(({ before }) => (before ? joining.addressesOf(before.sighting) : []));
  return { numbers, rows: seen.length + dropped.length + mentions.length + moved.length };
}

/**
 * Founds servers and brings others up to date; those that are the same and not listed in this batch are not written.
 * One whose packages or remotes changed is due for a launch. Returns the ids of those written.
 */
async function saveServers(
  tx: Db,
  servers: readonly Server[],
  rows: Kin['servers'],
  listed: ReadonlySet<string>,
  now: Date,
): Promise<readonly string[]> {
  const changed = servers.flatMap((one) => {
    const row = rows.get(one.id);
    const values = {
      slug: one.slug,
      name: one.name,
      title: one.title ?? null,
      description: one.description ?? null,
      homepage: one.homepage ?? null,
      repository: one.repository ?? null,
      packages: one.packages,
      remotes: one.remotes,
      mergedInto: null,
    };
    const isListed = listed.has(one.id);
    if (row && !isListed && canonical({ ...row, ...values }) === canonical(row)) return [];
    const startsAsBefore = row && waysToStart(row) === waysToStart(one);
    const lastSeen = row && !isListed ? row.lastSeen : now;
    const enumerateDue = startsAsBefore ? row.enumerateDue : now;
    return [{ id: one.id, ...values, firstSeen: row?.firstSeen ?? now, lastSeen, enumerateDue }];
  });
  const columns = {
    slug: server.slug,
    name: server.name,
    title: server.title,
    description: server.description,
    homepage: server.homepage,
    repository: server.repository,
    packages: server.packages,
    remotes: server.remotes,
    lastSeen: server.lastSeen,
    enumerateDue: server.enumerateDue,
    mergedInto: server.mergedInto,
  };
  const set = Object.fromEntries(
    Object.entries(columns).map(([field, column]) => [field, sql.raw(`excluded.${column.name}`)]),
  );
  for (const part of chunks(changed, 500))
    await tx.insert(server).select(recordset(server, part)).onConflictDoUpdate({ target: server.id, set });
  for (const { id, packages } of changed) {
    const row = rows.get(id);
    if (row?.mergedInto === null) await retireTools(tx, id, { before: row.packages, after: packages }, now);
  }
  return changed.map(({ id }) => id);
}

/** What a launch depends on. Versions are left out: every visit asks for the newest one itself. */
function waysToStart({ packages, remotes }: Pick<Server, 'packages' | 'remotes'>): string {
  return canonical([packages.map(({ version: _, ...rest }) => rest), remotes]);
}

/**
 * Gives each server the addresses that are its own now. Addresses that it had before stay until another proves them.
 * Returns how many rows that took.
 */
async function writeAliases(
  tx: Db,
  { placements, now, joining }: Work,
  slugs: ReadonlyMap<string, string>,
  numbers: ReadonlyMap<Sighting, number>,
): Promise<number> {
  const wanted = placements.flatMap(({ id, group }) => {
    const proofs = new Map<string, number>();
    for (const one of group.sightings)
      for (const address of joining.addressesOf(one)) if (!proofs.has(address)) proofs.set(address, numbers.get(one)!);
    const own = group.aliases.map(({ kind, key }) => ({
      kind,
      key,
      sightingId: proofs.get(`${kind}:${key}`) ?? null,
    }));
    const slug = { kind: 'slug' as const, key: slugs.get(id)!, sightingId: null };
    return [...own, slug].map((one) => ({ ...one, address: `${one.kind}:${one.key}`, serverId: id, since: now }));
  });
  let rows = 0;
  for (const part of chunks(wanted)) {
    const written = await tx
      .insert(alias)
      .select(recordset(alias, part))
      .onConflictDoUpdate({
        target: alias.address,
        set: { serverId: sql.raw('excluded.server_id'), sightingId: sql.raw('excluded.sighting_id'), since: now },
        setWhere: sql`${alias.serverId} <> excluded.server_id`,
      })
      .returning({ serverId: alias.serverId });
    rows += written.length;
  }
  return rows;
}
