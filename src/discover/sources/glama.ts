import { z } from 'zod';
import { SourceUnreachable } from '#core/errors.ts';
import type { Sighting } from '#domain/server.ts';
import { dropped, give, repositoryAt, sightingOf } from '../found.ts';
import { type DiscoverOptions, type Dropped, homeOf, type Source } from '../source.ts';
import { List, Text, Web } from '../texts.ts';

const PAGE = 100;
const politeness = { concurrency: 1, interval: 100 };

const Entry = z.object({
  id: z.string().regex(/^[\w-]{1,100}$/),
  name: Text,
  description: Text,
  namespace: Text,
  /** `author:official` among them says that the maker of what it speaks for made it. */
  attributes: List,
  /** Its page at Glama, which their licence wants linked from each listing. */
  url: Web,
  repository: z.object({ url: Web }).nullish().catch(undefined),
});

const Page = z.object({
  servers: z.array(z.unknown()),
  pageInfo: z.object({ endCursor: z.string().nullish().catch(undefined), hasNextPage: z.boolean() }),
});

/** One entry of Glama's list as a sighting. */
export function mapGlamaEntry(record: unknown): Sighting | Dropped {
  const { data } = Entry.safeParse(record);
  if (!data) return dropped(record, 'id', 'not an entry of the list: id is missing');
  const { id, name, description, url, repository } = data;
  return sightingOf({
    source: 'glama',
    listing: id,
    name: name ?? id,
    title: name,
    description,
    homepage: url,
    repository: repositoryAt(repository?.url),
    verified: data.attributes.includes('author:official')
      ? { publisher: data.namespace ?? name ?? id, proof: 'badge' }
      : undefined,
  });
}

async function* discover(options: DiscoverOptions): AsyncGenerator<Sighting | Dropped> {
  const { http, settings, stop, limit = Number.POSITIVE_INFINITY } = options;
  const seen = new Set<string>();
  const cursors = new Set<string>();
  const headers = { authorization: `Bearer ${settings.glamaKey}` };
  for (let after: string | undefined; seen.size < limit; ) {
    const url = new URL('api/mcp/v1/servers', homeOf(settings, 'glama', 'https://glama.ai'));
    url.searchParams.set('first', String(PAGE));
    if (after !== undefined) url.searchParams.set('after', after);
    const { data } = Page.safeParse(await http.json(url, { politeness, stop, headers }));
    if (!data) throw new SourceUnreachable(`${url.host} answered without a list of servers at ${url.pathname}`);
    yield* give(data.servers, mapGlamaEntry, options, seen);
    after = data.pageInfo.hasNextPage ? (data.pageInfo.endCursor ?? undefined) : undefined;
    if (after === undefined) return;
    if (cursors.has(after)) throw new SourceUnreachable(`${url.host} repeats its pages after ${seen.size} listings`);
    cursors.add(after);
  }
}

export default {
  id: 'glama',
  title: 'Glama',
  terms: 'Listings from Glama (glama.ai), under its API Data License: named here, and each linked to its page there.',
  can: { sweep: true, recent: false },
  needs: ['glamaKey'],
  politeness,
  discover,
} satisfies Source;
