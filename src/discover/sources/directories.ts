import { SourceUnreachable } from '#core/errors.ts';
import { openPages, type Pages } from '#core/robots.ts';
import type { Sighting } from '#domain/server.ts';
import { give } from '../found.ts';
import { readHtmlList } from '../html-list.ts';
import { sightingsOf } from '../linked.ts';
import { type DiscoverOptions, type Dropped, homeOf, type Source } from '../source.ts';

const politeness = { concurrency: 1, interval: 1_000 };
/** Pages of one directory. */
const MOST_PAGES = 1_000;

/**
 * No directory is asked that nobody named. Those that show servers on pages alone say nowhere that a crawler may take
 * their lists (mcpmarket, cursor.directory, mcpservers.org), or keep crawlers from their data by robots.txt (mcp.so).
 */
async function* discover(options: DiscoverOptions): AsyncGenerator<Sighting | Dropped> {
  const { http, settings, limit = Number.POSITIVE_INFINITY } = options;
  const pages = openPages(http);
  const seen = new Set<string>();
  let failed: unknown;
  for (const start of settings.directories ?? []) {
    if (seen.size >= limit) return;
    try {
      yield* listed(new URL(start), pages, options, seen);
    } catch (error) {
      if (!(error instanceof SourceUnreachable)) throw error;
      failed ??= error;
    }
  }
  // The other directories hold; that one is missing must still be said.
  if (failed) throw failed;
}

async function* listed(
  start: URL,
  pages: Pages,
  options: DiscoverOptions,
  seen: Set<string>,
): AsyncGenerator<Sighting | Dropped> {
  const { settings, stop, limit = Number.POSITIVE_INFINITY } = options;
  const asked = new Set<string>();
  for (let at: URL | undefined = start; at && seen.size < limit; ) {
    if (asked.has(at.href) || asked.size >= MOST_PAGES)
      throw new SourceUnreachable(`${at.host} repeats its pages after ${seen.size} listings (${at.pathname})`);
    asked.add(at.href);
    const path = `${at.pathname.slice(1)}${at.search}`;
    const url = new URL(path, homeOf(settings, 'directories', at.origin));
    const { items, next } = readHtmlList(await pages.page(url, { politeness, stop }), at);
    if (items.length === 0) throw new SourceUnreachable(`${url.host} answered without a list at ${url.pathname}`);
    const found = items.flatMap((item) => sightingsOf(item, 'directories', start.host));
    // Entries shift from page to page while they are read.
    yield* give(
      found.filter(({ listing }) => !seen.has(listing)),
      (one) => one,
      options,
      seen,
    );
    at = next;
  }
}

export default {
  id: 'directories',
  title: 'Directories',
  terms:
    'Links and names from the pages named in PLIMSOLL_DIRECTORIES, as their robots.txt allows; each under the terms of its site, which whoever names it has read. None is asked by default: no directory that shows servers on pages alone says that a crawler may take its list.',
  can: { sweep: true, recent: false },
  needs: ['directories'],
  politeness,
  discover,
} satisfies Source;
