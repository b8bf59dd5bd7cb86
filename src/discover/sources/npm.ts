import { z } from 'zod';
import { SourceUnreachable } from '#core/errors.ts';
import { npmNetwork } from '#core/npm-network.ts';
import type { Sighting } from '#domain/server.ts';
import { give } from '../found.ts';
import { changedPackages, hasNote, noteFeed } from '../npm/changes.ts';
import { KEYWORDS, mapNpmPackage } from '../npm/package.ts';
import type { DiscoverOptions, Dropped, Source } from '../source.ts';

/** The most that one page holds, and the depth after which the search gives no more. */
const PAGE = 250;
const DEEPEST = 10_000;
const politeness = { concurrency: 1, interval: 100 };

const Page = z.object({ objects: z.array(z.unknown()), total: z.number().catch(0) });

async function* discover(options: DiscoverOptions): AsyncGenerator<Sighting | Dropped> {
  const { settings, since } = options;
  const { registry } = await npmNetwork(settings.npmRegistryUrl);
  if (registry === undefined) throw new SourceUnreachable('npm is configured without a registry');
  const home = withSlash(registry);
  const hosts = settings.npmChangesUrl && { feed: withSlash(settings.npmChangesUrl), registry: home };
  // The search cannot tell what is new; without a feed that can, all is searched.
  if (hosts && since && (await hasNote(options))) return yield* changedPackages(hosts, options);
  if (hosts) await noteFeed(hosts, options);
  yield* searched(home, options);
}

/**
 * Every page of every keyword. Asked with the client that all sources share rather than npm's own library, which knows
 * neither conditional requests nor how a host wants to be left alone.
 */
async function* searched(home: string, options: DiscoverOptions): AsyncGenerator<Sighting | Dropped> {
  const { http, stop, limit = Number.POSITIVE_INFINITY } = options;
  const seen = new Set<string>();
  for (const keyword of KEYWORDS) {
    let before = '';
    for (let from = 0; from < DEEPEST; from += PAGE) {
      const url = new URL('-/v1/search', home);
      const text = `keywords:${keyword}`;
      url.search = String(new URLSearchParams({ text, size: String(PAGE), from: String(from) }));
      const { data } = Page.safeParse(await http.json(url, { politeness, stop }));
      if (!data) throw new SourceUnreachable(`${url.host} answered without a list of packages at ${url.pathname}`);
      const now = JSON.stringify(data.objects);
      if (data.objects.length > 0 && now === before)
        throw new SourceUnreachable(`${url.host} repeats its pages after ${seen.size} listings (from ${from})`);
      before = now;
      const results = data.objects.map((one) => (one as { package?: unknown } | null)?.package);
      const fresh = results.filter((one) => !seen.has((one as { name?: string } | null | undefined)?.name ?? ''));
      yield* give(fresh, mapNpmPackage, options, seen);
      if (seen.size >= limit) return;
      if (data.objects.length < PAGE) break;
      if (from + PAGE >= DEEPEST)
        yield { listing: text, reason: `finds ${data.total}, of which only the first ${DEEPEST} are told` };
    }
  }
}

function withSlash(address: string): string {
  return `${address.replace(/\/+$/, '')}/`;
}

export default {
  id: 'npm',
  title: 'npm search',
  terms: "Names, descriptions and links of public packages, from npm's search; each package is under its own licence.",
  can: { sweep: true, recent: true },
  politeness,
  discover,
} satisfies Source;
