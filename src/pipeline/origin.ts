import { existsSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { join } from '#discover/join.ts';
import type { Relation } from '#domain/catalogue.ts';
import type { Sighting } from '#domain/server.ts';
import { findServer } from '#store/catalogue/catalogue.ts';
import { InUse } from '#store/engine/lock.ts';
import { type Db, openStore } from '#store/engine/open.ts';
import { listingHistory } from '#store/listing/likeness.ts';
import { type MergeTrace, mergesOf } from '#store/listing/merges.ts';
import type { Surroundings } from '#world.ts';
import { bearingsOf } from './related.ts';

/** Why the catalogue holds a server for one: who lists it, what links the listings, and what it was merged with. */
export interface Origin {
  readonly id: string;
  readonly slug: string;
  /** Each as `source listing`. */
  readonly listings: readonly string[];
  readonly links: readonly { readonly address: string; readonly between: readonly [string, string] }[];
  readonly merges: readonly MergeTrace[];
  readonly related: readonly Relation[];
}

const keyOf = ({ source, listing }: Sighting) => `${source} ${listing}`;

/** A server's origin by any address of it; undefined where the catalogue does not have it. */
export async function originOf(db: Db, key: string): Promise<Origin | undefined> {
  const found = await findServer(db, key);
  if (!found) return undefined;
  const { id, slug } = found.server;
  const history = await listingHistory(db, id);
  const current = history.filter(({ supersededAt }) => supersededAt === null).map(({ data }) => data);
  const links = join(current).flatMap((group) => group.links);
  return {
    id,
    slug,
    listings: current.map(keyOf).sort(),
    links: links.map(({ address, sightings: [a, b] }) => ({ address, between: [keyOf(a), keyOf(b)] as const })),
    merges: await mergesOf(db, id),
    related: (await bearingsOf(db, found.server)).related,
  };
}

/** The same from the catalogue of these settings, where there is one that nobody else has open; it is not made for this. */
export async function originIn({ settings }: Pick<Surroundings, 'settings'>, key: string): Promise<Origin | undefined> {
  const { databaseUrl: url, home } = settings;
  if (!url && !existsSync(joinPath(home, 'database'))) return undefined;
  try {
    await using store = await openStore({ url, home });
    return await originOf(store.db, key);
  } catch (error) {
    if (error instanceof InUse) return undefined;
    throw error;
  }
}
