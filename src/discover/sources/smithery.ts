import { z } from 'zod';
import { SourceUnreachable } from '#core/errors.ts';
import type { Sighting } from '#domain/server.ts';
import { dropped, give, repositoryAt, sightingOf } from '../found.ts';
import { placeOf } from '../place.ts';
import { type DiscoverOptions, type Dropped, homeOf, isDropped, type Source } from '../source.ts';
import { Text, Web } from '../texts.ts';

const PAGE = 100;
/** How often the pages are read at most. */
const ROUNDS = 2;
const politeness = { concurrency: 1, interval: 200 };
/** Pages are counted off an order that usage changes; a fixed seed keeps it still while they are read. */
const SEED = 1;

const Entry = z.object({
  qualifiedName: z.string().regex(/^[^\s\p{Cc}]{1,200}$/u),
  displayName: Text,
  description: Text,
  homepage: Web,
  verified: z.unknown().optional(),
});

const Page = z.object({
  servers: z.array(z.unknown()),
  pagination: z.object({ totalPages: z.number(), totalCount: z.number().optional().catch(undefined) }),
});

/** One entry of Smithery's list as a sighting. Its deployments answer only with Smithery's key, and are left out. */
export function mapSmitheryEntry(record: unknown): Sighting | Dropped {
  const { data } = Entry.safeParse(record);
  if (!data) return dropped(record, 'qualifiedName', 'not an entry of the list: qualifiedName is missing');
  const { qualifiedName, displayName, description, homepage } = data;
  const isPlace = homepage !== undefined && placeOf({ url: homepage }) !== undefined;
  return sightingOf({
    source: 'smithery',
    listing: qualifiedName,
    name: qualifiedName,
    title: displayName,
    description,
    homepage,
    repository: isPlace ? repositoryAt(homepage) : undefined,
    verified: data.verified === true ? { publisher: qualifiedName.split('/')[0]!, proof: 'badge' } : undefined,
  });
}

/**
 * Reads all pages, and once more where they held fewer entries than there are: what moved to a page that was read already
 * while others were read is found there. Still fewer is a failure, or what slipped through would pass for gone.
 */
async function* discover(options: DiscoverOptions): AsyncGenerator<Sighting | Dropped> {
  const { limit = Number.POSITIVE_INFINITY } = options;
  const seen = new Set<string>();
  let told = { count: 0, left: 0 };
  for (let round = 1; round <= ROUNDS; round++) {
    told = yield* pages(options, seen, round > 1);
    if (seen.size >= limit || seen.size + told.left >= told.count) return;
  }
  throw new SourceUnreachable(`Smithery counts ${told.count} servers, and its pages held ${seen.size + told.left}`);
}

/** Every page once. Returns how many entries there were at least while they were read, and how many were none. */
async function* pages(
  options: DiscoverOptions,
  seen: Set<string>,
  again: boolean,
): AsyncGenerator<Sighting | Dropped, { readonly count: number; readonly left: number }> {
  const { http, settings, stop, limit = Number.POSITIVE_INFINITY } = options;
  const headers = { authorization: `Bearer ${settings.smitheryKey}` };
  let [count, left] = [Number.POSITIVE_INFINITY, 0];
  for (let number = 1, last = 1; number <= last && seen.size < limit; number++) {
    const url = new URL('servers', homeOf(settings, 'smithery', 'https://api.smithery.ai'));
    url.search = String(new URLSearchParams({ page: `${number}`, pageSize: `${PAGE}`, seed: `${SEED}` }));
    const { data } = Page.safeParse(await http.json(url, { politeness, stop, headers }));
    if (!data) throw new SourceUnreachable(`${url.host} answered without a list of servers at ${url.pathname}`);
    const before = seen.size;
    const found = data.servers.map(mapSmitheryEntry);
    left += found.filter(isDropped).length;
    yield* give(again ? found.filter((one) => !seen.has(one.listing)) : found, (one) => one, options, seen);
    if (!again && data.servers.length > 0 && seen.size === before && seen.size < limit)
      throw new SourceUnreachable(`${url.host} repeats its pages after ${seen.size} listings (page ${number})`);
    count = Math.min(count, data.pagination.totalCount ?? 0);
    if (data.servers.length === 0) break;
    last = data.pagination.totalPages;
  }
  return { count, left };
}

export default {
  id: 'smithery',
  title: 'Smithery',
  terms: 'Names, descriptions and links from Smithery (smithery.ai), read with a key of its API.',
  can: { sweep: true, recent: false },
  needs: ['smitheryKey'],
  politeness,
  discover,
} satisfies Source;
