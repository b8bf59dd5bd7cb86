import { z } from 'zod';
import { SourceUnreachable } from '#core/errors.ts';
import type { Politeness } from '#core/politeness.ts';
import type { ListingStatus, Sighting, Verified } from '#domain/server.ts';
import { sightingOf } from './found.ts';
import { modernised, packagesOf, publisherOf, remotesOf, repositoryOf, ServerJson } from './server-json.ts';
import { type DiscoverOptions, type Dropped, isDropped } from './source.ts';
import { textOf } from './texts.ts';

/** Entries may become visible a little after the time they carry. */
const OVERLAP = 10 * 60 * 1000;
const PAGE = 100;

const Page = z.object({
  servers: z.array(z.unknown()),
  // The generations of 2025 spelled it in snake case.
  metadata: z
    .object({ nextCursor: z.string().optional().catch(undefined), next_cursor: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

const Official = z.object({
  status: z.string().optional().catch(undefined),
  isLatest: z.boolean().optional().catch(undefined),
});

/**
 * One entry of a registry's list as a sighting. Undefined for a version that is not its server's latest. Takes every
 * generation: today's `{server, _meta}`, the flat entries of 2025, and their snake-case keys. Only of the official
 * registry, `registry`, is the name taken as proven: others repeat names that they did not check.
 */
export function mapRegistryEntry(entry: unknown, source = 'registry'): Sighting | Dropped | undefined {
  const record = modernised(entry) as Record<string, unknown> | null;
  const inner = record !== null && typeof record === 'object' && 'server' in record ? record.server : record;
  const { isLatest, status, ...facts } = officialFacts(record, inner);
  if (isLatest === false) return undefined;
  const parsed = ServerJson.safeParse(inner);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const name = textOf((inner as { name?: unknown } | null)?.name, 200);
    const reason = `${issue?.path.join('.') || 'entry'}: ${issue?.message ?? 'malformed'}`;
    return { listing: name ?? '(no name)', reason, isMalformed: true };
  }
  return sightingOfServerJson(parsed.data, source, status, verifiedBy(source, parsed.data.name, facts));
}

/** Believed of the registry that says it, and of no other that repeats it. */
function verifiedBy(
  source: string,
  name: string,
  { isOfficial, hasBadge }: Pick<Facts, 'isOfficial' | 'hasBadge'>,
): Verified | undefined {
  if (source === 'registry' && isOfficial) return publisherOf(name);
  return source === 'pulsemcp' && hasBadge ? { publisher: name, proof: 'badge' } : undefined;
}

/** A server.json that was read, as a sighting of its source. */
export function sightingOfServerJson(
  server: ServerJson,
  source: string,
  status: ListingStatus,
  verified?: Verified,
): Sighting {
  return sightingOf({
    source,
    listing: server.name,
    name: server.name,
    ...(source === 'registry' && { registryName: server.name }),
    title: server.title,
    description: server.description,
    homepage: server.websiteUrl,
    repository: repositoryOf(server),
    packages: packagesOf(server),
    remotes: remotesOf(server),
    status,
    verified,
  });
}

/** What the registry that lists an entry says of it. */
interface Facts {
  readonly isLatest: boolean | undefined;
  readonly status: ListingStatus;
  /** It carries the official registry's own mark, so that its name was proven there. */
  readonly isOfficial: boolean;
  /** PulseMCP's word that the publisher is the maker of what the server speaks for. */
  readonly hasBadge: boolean;
}

/** From today's `_meta`, or from where older generations had it. */
function officialFacts(record: unknown, inner: unknown): Facts {
  const at = (value: unknown, key: string): unknown =>
    value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[key] : undefined;
  const meta = at(record, '_meta') ?? at(inner, '_meta');
  const official = Official.safeParse(at(meta, 'io.modelcontextprotocol.registry/official')).data;
  const pulse = Official.safeParse(at(meta, 'com.pulsemcp/server-version')).data;
  const detail = Official.safeParse(at(inner, 'versionDetail')).data;
  const said = official?.status ?? pulse?.status ?? textOf(at(inner, 'status'), 40);
  return {
    isLatest: official?.isLatest ?? pulse?.isLatest ?? detail?.isLatest,
    status: said === 'deleted' || said === 'deprecated' ? said : 'active',
    isOfficial: official !== undefined,
    hasBadge: at(at(meta, 'com.pulsemcp/server'), 'isOfficial') === true,
  };
}

/** Which registry is asked, and how. */
export interface RegistryHost {
  readonly source: string;
  /** Up to and with the slash before `v0.1`. */
  readonly home: string;
  readonly politeness: Politeness;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Everything that a host which speaks the official registry's API lists, or what changed in it, page by page. */
export async function* crawlRegistry(
  { source, home, politeness, headers = {} }: RegistryHost,
  options: Pick<DiscoverOptions, 'http' | 'stop' | 'since' | 'limit'>,
): AsyncGenerator<Sighting | Dropped> {
  const { http, stop, since, limit = Number.POSITIVE_INFINITY } = options;
  const cursors = new Set<string>();
  const names = new Set<string>();
  let given = 0;
  for (let cursor: string | undefined; ; ) {
    const url = new URL('v0.1/servers', home);
    url.searchParams.set('limit', String(PAGE));
    url.searchParams.set('version', 'latest');
    // The registry then tells of deleted entries too.
    if (since) url.searchParams.set('updated_since', new Date(since.getTime() - OVERLAP).toISOString());
    if (cursor !== undefined) url.searchParams.set('cursor', cursor);
    const page = Page.safeParse(await http.json(url, { politeness, stop, headers }));
    if (!page.success) throw new SourceUnreachable(`${url.host} answered without a list of servers at ${url.pathname}`);
    for (const entry of page.data.servers) {
      const found = mapRegistryEntry(entry, source);
      if (!found) continue;
      if (given >= limit) return;
      given++;
      const isRepeat = !isDropped(found) && names.has(found.listing);
      names.add(found.listing);
      yield isRepeat ? { listing: found.listing, reason: 'listed twice in one pass; the first entry is kept' } : found;
    }
    cursor = page.data.metadata?.nextCursor || page.data.metadata?.next_cursor || undefined;
    if (cursor === undefined || given >= limit) return;
    if (cursors.has(cursor))
      throw new SourceUnreachable(
        `${url.host} repeats its pages after ${given} listings (cursor ${cursor.slice(0, 80)})`,
      );
    cursors.add(cursor);
  }
}
