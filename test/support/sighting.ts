import { parseSpec } from '#core/purl.ts';
import type { ListingStatus, Sighting, SightingGroup } from '#domain/server.ts';

/** What a test says of a listing; the rest is filled in. */
export interface Given {
  readonly source?: string;
  readonly name?: string;
  readonly specs?: readonly string[];
  readonly repository?: string;
  readonly subfolder?: string;
  readonly forgeId?: string;
  readonly formerly?: readonly string[];
  readonly remotes?: readonly string[];
  readonly registryName?: string;
  readonly status?: ListingStatus;
  readonly bears?: readonly string[];
}

/** A sighting whose listing is its number. */
export function listing(given: Given, number = 0): Sighting {
  const { source = 'list', name = `name ${number}`, specs = [], remotes = [] } = given;
  const { repository: url, subfolder, forgeId, formerly } = given;
  return {
    source,
    listing: String(number),
    name,
    ...(given.registryName && { registryName: given.registryName }),
    ...(url && {
      repository: { url, ...(subfolder && { subfolder }), ...(forgeId && { forgeId }), ...(formerly && { formerly }) },
    }),
    packages: specs.flatMap((spec) => parseSpec(spec) ?? []),
    remotes: remotes.map((url) => ({ type: 'streamable-http', url })),
    status: given.status ?? 'active',
    ...(given.bears && { bears: given.bears }),
  };
}

/** Groups as sorted lists of listings. */
export function split(groups: readonly SightingGroup[]): string[][] {
  return groups
    .map(({ sightings }) => sightings.map((one) => one.listing).sort())
    .sort((a, b) => (a[0]! < b[0]! ? -1 : 1));
}
