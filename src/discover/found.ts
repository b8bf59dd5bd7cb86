import type { Sighting } from '#domain/server.ts';
import { type DiscoverOptions, type Dropped, isDropped } from './source.ts';
import { textOf } from './texts.ts';

/** A sighting in the making: what the record does not say is undefined. */
export type Found = Pick<Sighting, 'source' | 'listing' | 'name'> & {
  readonly [K in Exclude<keyof Sighting, 'source' | 'listing' | 'name'>]?: Sighting[K] | undefined;
};

/** The sighting without its undefined fields; lists are empty and the status is active where nothing is said. */
export function sightingOf(found: Found): Sighting {
  const said = Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
  return { packages: [], remotes: [], status: 'active', ...(said as Found) } as Sighting;
}

/** A record that is none, under the name it gives itself, if that can be read. */
export function dropped(record: unknown, key: string, reason: string): Dropped {
  const name = record !== null && typeof record === 'object' ? (record as Record<string, unknown>)[key] : undefined;
  return { listing: textOf(name, 200) ?? '(no name)', reason, isMalformed: true };
}

/** The repository at an address, if there is one. */
export function repositoryAt(address: unknown, subfolder?: unknown): Sighting['repository'] {
  const url = textOf(address, 2_000);
  const folder = textOf(subfolder, 500);
  return url === undefined ? undefined : { url, ...(folder !== undefined && { subfolder: folder }) };
}

/**
 * Gives what `map` makes of records: up to the limit, each listing once. A map says undefined of a record that is none
 * of this source's business.
 */
export function* give<T>(
  records: Iterable<T>,
  map: (record: T) => Sighting | Dropped | undefined,
  { limit = Number.POSITIVE_INFINITY, stop }: Pick<DiscoverOptions, 'limit' | 'stop'>,
  seen = new Set<string>(),
): Generator<Sighting | Dropped> {
  for (const record of records) {
    stop.throwIfAborted();
    if (seen.size >= limit) return;
    const found = map(record);
    if (!found) continue;
    if (isDropped(found)) yield found;
    else if (seen.has(found.listing)) yield { listing: found.listing, reason: 'listed twice; the first entry is kept' };
    else {
      seen.add(found.listing);
      yield found;
    }
  }
}
