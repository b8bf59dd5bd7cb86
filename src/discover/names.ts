import { sha256 } from '#core/hash.ts';
import { formatSpec, PACKAGE_TYPES, parsePurl } from '#core/purl.ts';
import type { Alias, SightingGroup } from '#domain/server.ts';

const FORGE_WORDS: Readonly<Record<string, string>> = {
  'github.com': 'github',
  'gitlab.com': 'gitlab',
  'bitbucket.org': 'bitbucket',
};
const LONGEST_SLUG = 160;

/**
 * Ids that a server of these sightings may have, best first: its package, its place, its registry name, its remote,
 * and at last its listing. The first one is given when it is founded, and then kept for ever.
 */
export function idsOf(group: SightingGroup): readonly string[] {
  const ids = inOrder(group.aliases).flatMap((alias) => idOf(alias) ?? []);
  return [...ids, ...group.sightings.map(({ source, listing }) => `${source}:${listing}`)];
}

function idOf({ kind, key }: Alias): string | undefined {
  if (kind === 'purl') return formatSpec(key);
  if (kind === 'registry') return `registry:${key}`;
  if (kind === 'remote') return `remote:${key}`;
  if (kind !== 'repository') return undefined;
  const slash = key.indexOf('/');
  const forge = FORGE_WORDS[key.slice(0, slash)];
  return forge ? `${forge}:${key.slice(slash + 1)}` : `git:${key}`;
}

/** Packages before places before names before remotes; packages by kind, else in the order given. */
function inOrder(aliases: readonly Alias[]): readonly Alias[] {
  const rank = ({ kind, key }: Alias) => {
    const type = kind === 'purl' ? (parsePurl(key)?.type ?? 'cargo') : undefined;
    // The address of a bundle tells more of a release than of a server.
    if (type !== undefined && type !== 'mcpb') return PACKAGE_TYPES.indexOf(type);
    return type === 'mcpb' ? 20 : 10 + ['repository', 'registry', 'remote', 'slug'].indexOf(kind);
  };
  return aliases.toSorted((a, b) => rank(a) - rank(b));
}

/**
 * The readable part of the address of a server's page: `owner/repo[/subfolder]` where the place is its own, else its name
 * in the registry, else its package's or remote's. Lower case; never empty; no segment is `-`, which parts page addresses.
 */
export function slugOf(group: SightingGroup): string {
  const places = group.aliases.filter(({ kind }) => kind === 'repository').map(({ key }) => key);
  const place = places.find((key) => !key.includes('#')) ?? places[0];
  const first = group.aliases.find(({ kind }) => kind === 'registry') ?? inOrder(group.aliases)[0];
  return slugFrom(place ? place.slice(place.indexOf('/') + 1).replace('#', '/') : nameIn(first, group));
}

function nameIn(alias: Alias | undefined, group: SightingGroup): string {
  const name = alias?.kind === 'purl' ? parsePurl(alias.key)?.name : undefined;
  return (name ?? alias?.key)?.replace(/^https?:\/\//, '') ?? group.sightings[0]?.name ?? '';
}

function slugFrom(text: string): string {
  const segments = text
    .toLowerCase()
    .split('/')
    .map((segment) => segment.replace(/[^\p{L}\p{N}@._~]+/gu, '-').replace(/^-+|-+$/g, ''))
    .filter((segment) => /[\p{L}\p{N}]/u.test(segment));
  const slug = segments.join('/') || `server-${sha256(text).slice(0, 8)}`;
  return slug.length <= LONGEST_SLUG ? slug : `${slug.slice(0, LONGEST_SLUG)}-${sha256(text).slice(0, 8)}`;
}

/** The slug of a server whose first choice another one has. Depends on the id alone, so it stays. */
export function otherSlug(slug: string, id: string): string {
  return `${slug}-${sha256(id).slice(0, 8)}`;
}
