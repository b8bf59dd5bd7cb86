import { isDeepStrictEqual } from 'node:util';
import type { Sighting } from '#domain/server.ts';
import { give } from '../found.ts';
import { byId } from '../github/batches.ts';
import { LANES, openGitHub } from '../github/client.ts';
import { adopted, beginPass, closer, knownBefore, type Pass, remembering, takenNames } from '../github/closer.ts';
import { namedByOthers } from '../github/named.ts';
import { mapListedRepository } from '../github/repository.ts';
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
/**
 * A search tells a hundred repositories a page, and a page without changes costs no body; GraphQL, which always costs
 * one, is asked about those alone that are new or not as they were. What no search lists is asked for by its number in
 * full passes, since neither a rename nor an archive shows as a push.
 */
async function* discover(options: DiscoverOptions): AsyncGenerator<Sighting | Dropped> {
  const { settings, http, stop, known, since, limit = Number.POSITIVE_INFINITY } = options;
  const github = openGitHub(homeOf(settings, 'github', 'https://api.github.com'), settings.githubToken, http, stop);
  const pass = beginPass(github, options, (await known?.listings()) ?? []);
  // First, since a repository is told once a pass, and has to be told with all names that lead to it.
  if (github.hasToken) yield* namedByOthers(pass);
  const pushed = since ? ` pushed:>=${since.toISOString().slice(0, 19)}Z` : '';
  for (const topic of TOPICS) {
    if (pass.seen.size >= limit) return;
    yield* repositories(pass, 'repositories', `${topic}${pushed}`);
  }
  // Code search knows no dates: what is new there shows in a full pass.
  if (!github.hasToken || since) return;
  for (const file of FILES) {
    if (pass.seen.size >= limit) return;
    yield* repositories(pass, 'code', file);
  }
  yield* knownBefore(pass);
  yield* takenNames(pass);
}

/** The repositories that a search finds. */
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
  const found = new Map<string, Sighting>();
  const tell = async function* (): AsyncGenerator<Sighting | Dropped> {
    const batch = [...found.values()];
    found.clear();
    const isTold = (one: Sighting) => !github.hasToken || isDeepStrictEqual(one, pass.before.get(one.listing));
    yield* give(batch.filter(isTold), (one) => one, options, seen);
    const left = batch.filter((one) => !isTold(one));
    if (left.length > 0)
      yield* closer(
        pass,
        byId(
          github,
          left.map(({ listing }) => listing),
        ),
      );
  };
  for await (const hit of searchAll(search, terms, kind === 'code' ? ALL_FILES : ALL_REPOSITORIES)) {
    if ('reason' in hit) yield hit;
    else {
      const one = read(pass, kind, hit.item);
      if (isDropped(one)) yield one;
      else if (!seen.has(one.listing) && !isLeft(pass, kind, hit.item, one)) found.set(one.listing, one);
    }
    if (found.size >= 100 || seen.size + found.size >= limit) yield* tell();
    if (seen.size >= limit) return;
  }
  yield* tell();
}

/** A hit, with what was known of it and the search does not tell: what it is a fork of, and the names that it had. */
function read(pass: Pass, kind: 'repositories' | 'code', item: unknown): Sighting | Dropped {
  const record = kind === 'code' ? Object(item).repository : item;
  const one = adopted(pass, mapListedRepository(record));
  if (isDropped(one)) return one;
  const forkOf = Object(record).fork === true ? pass.before.get(one.listing)?.forge?.forkOf : undefined;
  return remembering(pass, forkOf === undefined ? one : { ...one, forge: { ...one.forge, forkOf } });
}

/** Whether it is known, and the search does not tell enough of it: its number does, without a body where nothing changed. */
function isLeft({ github, before }: Pass, kind: 'repositories' | 'code', item: unknown, one: Sighting): boolean {
  const isKnown = (before.get(one.listing)?.status ?? 'deleted') !== 'deleted';
  const isOrphan = Object(item).fork === true && one.forge?.forkOf === undefined;
  return github.hasToken && isKnown && (kind === 'code' || isOrphan);
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
