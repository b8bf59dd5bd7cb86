import { z } from 'zod';
import { SourceUnreachable } from '#core/errors.ts';
import type { Sighting } from '#domain/server.ts';
import { give } from '../found.ts';
import type { DiscoverOptions, Dropped } from '../source.ts';
import { mapNpmManifest } from './package.ts';

/** The most that one page of the feed holds. */
const PAGE = 10_000;
/** Names that servers have. What else is a server, and what is none, the packages themselves say. */
const NAME = /mcp|model-?context/i;
/** Under which the place in the feed is noted. */
const NOTE = 'changes';
const politeness = { concurrency: 4, interval: 50 };

const Feed = z.object({ update_seq: z.number() });
const Page = z.object({ results: z.array(z.unknown()), last_seq: z.number() });
const Change = z.object({ id: z.string().min(1).max(214), deleted: z.boolean().optional().catch(undefined) });

/** Where to ask: the feed of changes, and the registry for what changed; both with a slash at their end. */
export interface Hosts {
  readonly feed: string;
  readonly registry: string;
}

/** Notes where the feed stands now, so that the next pass can go on from here. */
export async function noteFeed({ feed }: Hosts, { http, stop, notes }: DiscoverOptions): Promise<void> {
  const url = new URL(feed);
  const { data } = Feed.safeParse(await http.json(url, { politeness, stop }));
  if (!data) throw new SourceUnreachable(`${url.host} answered without a list of changes at ${url.pathname}`);
  await notes?.write(NOTE, String(data.update_seq));
}

/** Whether an earlier pass noted where it stopped. */
export async function hasNote({ notes }: DiscoverOptions): Promise<boolean> {
  return (await notes?.read(NOTE)) !== undefined;
}

/**
 * The servers among the packages that changed since the noted place in the feed, and known ones that were taken down.
 * The place is noted page by page, after what the page brought was given.
 */
export async function* changedPackages(hosts: Hosts, options: DiscoverOptions): AsyncGenerator<Sighting | Dropped> {
  const { http, stop, notes, known, limit = Number.POSITIVE_INFINITY } = options;
  const before = new Map((await known?.listings())?.map((one) => [one.listing, one]));
  const seen = new Set<string>();
  for (let since = (await notes?.read(NOTE)) ?? '0'; ; ) {
    const url = new URL('_changes', hosts.feed);
    url.search = String(new URLSearchParams({ since, limit: String(PAGE) }));
    const { data } = Page.safeParse(await http.json(url, { politeness, stop }));
    if (!data) throw new SourceUnreachable(`${url.host} answered without a list of changes at ${url.pathname}`);
    for (const result of data.results) {
      const change = Change.safeParse(result).data;
      if (!change) yield { listing: `change after ${since}`, reason: 'it names no package' };
      else if ((NAME.test(change.id) || before.has(change.id)) && !seen.has(change.id)) {
        const found = await newest(change, before.get(change.id), hosts, options);
        if (found) yield* give([found], (one) => one, options, seen);
      }
      if (seen.size >= limit) return;
    }
    const next = String(data.last_seq);
    if (data.results.length > 0 && next === since)
      throw new SourceUnreachable(`${url.host} repeats its pages after ${seen.size} listings (since ${since})`);
    await notes?.write(NOTE, next);
    if (data.results.length < PAGE) return;
    since = next;
  }
}

async function newest(
  { id, deleted }: z.output<typeof Change>,
  before: Sighting | undefined,
  { registry }: Hosts,
  { http, stop }: DiscoverOptions,
): Promise<Sighting | Dropped | undefined> {
  const gone = before && { ...before, status: 'deleted' as const };
  if (deleted === true) return gone;
  try {
    const manifest = await http.json(new URL(`${id.replace('/', '%2f')}/latest`, registry), { politeness, stop });
    return mapNpmManifest(manifest);
  } catch (error) {
    if (error instanceof SourceUnreachable && error.status === 404) return gone;
    throw error;
  }
}
