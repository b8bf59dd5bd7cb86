import { z } from 'zod';
import { SourceUnreachable } from '#core/errors.ts';
import type { Sighting } from '#domain/server.ts';
import { dropped, give, repositoryAt, sightingOf } from '../found.ts';
import { placeOf } from '../place.ts';
import { type DiscoverOptions, type Dropped, homeOf, type Source } from '../source.ts';
import { Text, Web } from '../texts.ts';

const PAGE = 100;
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
  pagination: z.object({ totalPages: z.number() }),
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

async function* discover(options: DiscoverOptions): AsyncGenerator<Sighting | Dropped> {
  const { http, settings, stop, limit = Number.POSITIVE_INFINITY } = options;
  const seen = new Set<string>();
  const headers = { authorization: `Bearer ${settings.smitheryKey}` };
  for (let number = 1, last = 1; number <= last && seen.size < limit; number++) {
    const url = new URL('servers', homeOf(settings, 'smithery', 'https://api.smithery.ai'));
    url.search = String(new URLSearchParams({ page: `${number}`, pageSize: `${PAGE}`, seed: `${SEED}` }));
    const { data } = Page.safeParse(await http.json(url, { politeness, stop, headers }));
    if (!data) throw new SourceUnreachable(`${url.host} answered without a list of servers at ${url.pathname}`);
    const before = seen.size;
    yield* give(data.servers, mapSmitheryEntry, options, seen);
    if (data.servers.length > 0 && seen.size === before && seen.size < limit)
      throw new SourceUnreachable(`${url.host} repeats its pages after ${seen.size} listings (page ${number})`);
    if (data.servers.length === 0) return;
    last = data.pagination.totalPages;
  }
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
