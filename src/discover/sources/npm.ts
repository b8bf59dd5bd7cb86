import search from 'libnpmsearch';
import { z } from 'zod';
import { SourceUnreachable } from '#core/errors.ts';
import { npmLibraryOptions, npmNetwork } from '#core/npm-network.ts';
import { purlOf } from '#core/purl.ts';
import type { Sighting } from '#domain/server.ts';
import type { DiscoverOptions, Dropped, Source } from '../source.ts';
import { textOf, webAddress } from '../texts.ts';

/** The keywords under which authors publish servers. */
const KEYWORDS = ['mcp-server', 'modelcontextprotocol', 'model-context-protocol', 'mcp'];
/** The most that one page holds, and the depth after which the search gives no more. */
const PAGE = 250;
const DEEPEST = 10_000;

const Found = z.object({
  name: z.string(),
  version: z.string().max(256).optional().catch(undefined),
  description: z
    .unknown()
    .optional()
    .transform((value) => textOf(value)),
  links: z
    .object({ homepage: z.unknown().optional(), repository: z.unknown().optional() })
    .transform(({ homepage, repository }) => ({
      homepage: webAddress(homepage),
      repository: textOf(repository, 2_000),
    }))
    .optional()
    .catch(undefined),
});

/** One search result as a sighting. */
export function mapNpmPackage(result: unknown): Sighting | Dropped {
  const parsed = Found.safeParse(result);
  const purl = parsed.data && purlOf('npm', parsed.data.name);
  if (!parsed.success || !purl) {
    const name = textOf((result as { name?: unknown } | null)?.name, 214);
    return { listing: name ?? '(no name)', reason: 'not the name of a package' };
  }
  const { name, version, description, links } = parsed.data;
  return {
    source: 'npm',
    listing: name,
    name,
    ...(description !== undefined && { description }),
    ...(links?.homepage !== undefined && { homepage: links.homepage }),
    ...(links?.repository !== undefined && { repository: { url: links.repository } }),
    packages: [{ purl, ...(version !== undefined && { version }) }],
    remotes: [],
    status: 'active',
  };
}

async function* discover(options: DiscoverOptions): AsyncGenerator<Sighting | Dropped> {
  const { limit = Number.POSITIVE_INFINITY, stop } = options;
  const seen = new Set<string>();
  for (const keyword of KEYWORDS)
    for (let from = 0; from < DEEPEST; from += PAGE) {
      const results = await page(`keywords:${keyword}`, from, options);
      for (const result of results) {
        stop.throwIfAborted();
        const found = mapNpmPackage(result);
        if (seen.has(found.listing)) continue;
        if (seen.size >= limit) return;
        seen.add(found.listing);
        yield found;
      }
      if (results.length < PAGE) break;
    }
}

async function page(
  text: string,
  from: number,
  { http, settings, stop }: DiscoverOptions,
): Promise<readonly unknown[]> {
  stop.throwIfAborted();
  try {
    return await search(text, {
      limit: PAGE,
      userAgent: http.userAgent,
      from,
      ...npmLibraryOptions(await npmNetwork(settings.npmRegistryUrl)),
      // Where there is no network, more tries lose only time; where there is, one retry is enough for a nightly pass.
      fetchRetries: 1,
      fetchRetryMintimeout: 500,
      fetchRetryMaxtimeout: 5_000,
      timeout: 20_000,
      signal: stop,
    } as search.Options);
  } catch (error) {
    stop.throwIfAborted();
    const { code, statusCode } = error as { code?: string; statusCode?: number };
    const why = statusCode === undefined ? `failed (${code ?? (error as Error).message})` : `answered ${statusCode}`;
    throw new SourceUnreachable(`npm's search ${why}`, { cause: error });
  }
}

export default {
  id: 'npm',
  title: 'npm search',
  terms: "Names, descriptions and links of public packages, from npm's search; each package is under its own licence.",
  can: { sweep: true, recent: false },
  politeness: { concurrency: 1, interval: 0 },
  discover,
} satisfies Source;
