import { parsePurl } from '#core/purl.ts';
import type { Sighting } from '#domain/server.ts';
import { give, sightingOf } from '../found.ts';
import type { Borne, DiscoverOptions, Dropped, Source } from '../source.ts';

/** What a fetched package says of itself as a sighting. */
export function mapBorne({ purl, names }: Borne): Sighting | Dropped {
  const found = parsePurl(purl);
  if (!found) return { listing: purl, reason: 'not the address of a package' };
  return sightingOf({
    source: 'packages',
    listing: purl,
    name: found.name,
    // Which version it was is no reason to keep to it.
    packages: [{ purl }],
    bears: names,
  });
}

/** Asks nobody: launches fetched these packages, and what they say of which server they are counts from the next night on. */
async function* discover(options: DiscoverOptions): AsyncGenerator<Sighting | Dropped> {
  yield* give((await options.known?.borne()) ?? [], mapBorne, options);
}

export default {
  id: 'packages',
  title: 'The packages themselves',
  terms: 'Which name of the official registry a package says is its own, read when it was fetched to be launched.',
  can: { sweep: true, recent: false },
  discover,
} satisfies Source;
