import { parseSpec } from '#core/purl.ts';
import type { Sighting } from '#domain/server.ts';
import { sightingOf } from './found.ts';
import { placeKey, placeOf } from './place.ts';
import { textOf } from './texts.ts';

/** What a list says of a server by linking to it. */
export interface Item {
  readonly name: string;
  readonly text: string;
  readonly address: string;
}

/** Whether an address is a repository's, or the page of a package. */
export function isServerAddress(address: string): boolean {
  return (packageAt(address) ?? placeOf({ url: address })) !== undefined;
}

/** The item as a sighting of `list`, one of the lists that a source reads; none where it links to no server. */
export function sightingsOf({ name, text, address }: Item, source: string, list: string): readonly Sighting[] {
  const found = packageAt(address);
  const place = found ? undefined : placeOf({ url: address });
  const key = found?.purl ?? (place && placeKey(place));
  if (key === undefined) return [];
  return [
    sightingOf({
      source,
      listing: `${list} ${key}`.slice(0, 400),
      name,
      description: textOf(text),
      repository: place && { url: address },
      packages: found ? [found] : undefined,
    }),
  ];
}

/** The package whose page an address is. */
function packageAt(address: string): ReturnType<typeof parseSpec> {
  const { hostname, pathname } = new URL(address);
  if (hostname === 'pypi.org') return parseSpec(`pypi:${/^\/project\/([^/]+)/.exec(pathname)?.[1] ?? ''}`);
  if (/^(www\.)?npmjs\.com$/.test(hostname))
    return parseSpec(`npm:${/^\/package\/((?:@[^/]+\/)?[^/]+)/.exec(pathname)?.[1] ?? ''}`);
  return undefined;
}
