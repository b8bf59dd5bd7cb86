import type { Sighting } from '#domain/server.ts';
import { give } from '../found.ts';
import { byId } from '../github/batches.ts';
import { LANES, openGitHub } from '../github/client.ts';
import { beginPass, closer, knownBefore, namedByOthers, type Pass, remembering } from '../github/closer.ts';
import { addressOf, mapListedRepository } from '../github/repository.ts';
import { searchAll } from '../github/search.ts';
import { ALL_FILES, ALL_REPOSITORIES } from '../github/slices.ts';
import { type DiscoverOptions, type Dropped, homeOf, isDropped, type Source } from '../source.ts';

/** What authors mark servers with. `topic:mcp` alone means mods of a game as often. */
const TOPICS = [
  'topic:mcp-server',
  'topic:mcp-servers',
  'topic:model-context-protocol',
  '"mcp server" in:name,description',
];
/** Files that only a server has, or that name what servers are made with. */
const FILES = [
  '"static.modelcontextprotocol.io" filename:server.json',
  '"startCommand" filename:smithery.yaml',
  '"@modelcontextprotocol/sdk" filename:package.json',
  '"@modelcontextprotocol/server" filename:package.json',
  '"fastmcp" filename:pyproject.toml',
  '"mcp-server" filename:pyproject.toml',
  '"mark3labs/mcp-go" filename:go.mod',
  '"modelcontextprotocol/go-sdk" filename:go.mod',
];
async function* discover(options: DiscoverOptions): AsyncGenerator<Sighting | Dropped> {
  const { settings, http, stop, known, since, limit = Number.POSITIVE_INFINITY } = options;
  const github = openGitHub(homeOf(settings, 'github', 'https://api.github.com'), settings.githubToken, http, stop);
  const pass = beginPass(github, options, (await known?.listings()) ?? []);
  const pushed = since ? ` pushed:>=${since.toISOString().slice(0, 19)}Z` : '';
  for (const topic of TOPICS) {
    yield* repositories(pass, 'repositories', `${topic}${pushed}`);
    if (pass.seen.size >= limit) return;
  }
  if (!github.hasToken) return;
  // Code search knows no dates: what is new there shows in a full pass.
  if (!since)
    for (const file of FILES) {
      yield* repositories(pass, 'code', file);
      if (pass.seen.size >= limit) return;
    }
  yield* knownBefore(pass);
  yield* namedByOthers(pass);
}

/** The repositories that a search finds; with a token each as GraphQL tells it, which knows more than the search. */
async function* repositories(
  pass: Pass,
  kind: 'repositories' | 'code',
  terms: string,
): AsyncGenerator<Sighting | Dropped> {
  const { github, options, seen } = pass;
  const { limit = Number.POSITIVE_INFINITY } = options;
  const search = {
    host: github.host,
    page: (q: string, page: number, per_page: number) => github.get(`search/${kind}`, { q, page, per_page }),
  };
  const found: Sighting[] = [];
  const tell = async function* (): AsyncGenerator<Sighting | Dropped> {
    const batch = found.splice(0);
    if (!github.hasToken) yield* give(batch, (one) => remembering(pass, one), options, seen);
    else
      yield* closer(
        pass,
        byId(
          github,
          batch.map(({ listing }) => listing),
        ),
      );
  };
  for await (const hit of searchAll(search, terms, kind === 'code' ? ALL_FILES : ALL_REPOSITORIES)) {
    if ('reason' in hit) yield hit;
    else {
      const one = mapListedRepository(kind === 'code' ? Object(hit.item).repository : hit.item);
      if (isDropped(one)) yield one;
      else if (!seen.has(one.listing) && !found.some(({ listing }) => listing === one.listing)) {
        pass.holders.set(addressOf(one.repository!.url), one.listing);
        found.push(one);
      }
    }
    if (found.length >= 100 || seen.size + found.length >= limit) yield* tell();
    if (seen.size >= limit) return;
  }
  yield* tell();
}

export default {
  id: 'github',
  title: 'GitHub',
  terms:
    'Names, descriptions and facts of public repositories from the API of GitHub (github.com), under its terms of service; each repository under its own licence.',
  can: { sweep: true, recent: true },
  politeness: LANES.search,
  discover,
} satisfies Source;
