import { parsePurl } from '#core/purl.ts';
import type { Sighting } from '#domain/server.ts';
import { give, sightingOf } from '../found.ts';
import { aliasOf } from '../identity.ts';
import type { DiscoverOptions, Dropped, Source } from '../source.ts';

/** An address that somebody asked to have looked at, as a sighting: the address and nothing else is known. */
export function mapRequested(address: string): Sighting | Dropped {
  const { kind, key } = aliasOf(address);
  const found = kind === 'purl' ? parsePurl(key) : undefined;
  if (found) return sightingOf({ source: 'requested', listing: address, name: found.name, packages: [{ purl: key }] });
  const url = kind === 'remote' ? URL.parse(key) : null;
  if (!url) return { listing: address, reason: 'neither a package nor a remote address' };
  const remotes = [{ type: 'streamable-http' as const, url: key }];
  return sightingOf({ source: 'requested', listing: address, name: url.host, remotes });
}

/** Asks nobody: what people asked for by POST /v1/scans is listed until it was looked at, and stays known afterwards. */
async function* discover(options: DiscoverOptions): AsyncGenerator<Sighting | Dropped> {
  yield* give((await options.known?.requested()) ?? [], mapRequested, options);
}

export default {
  id: 'requested',
  title: 'What people asked for',
  terms:
    'Addresses of packages and remote servers that holders of a token asked to have looked at; nothing of who asked.',
  can: { sweep: false, recent: true },
  discover,
} satisfies Source;
