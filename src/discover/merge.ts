import { displayName } from '#core/display-name.ts';
import type { Input, PackageRef, RemoteRef, Repository, Server, Sighting, SightingGroup } from '#domain/server.ts';
import { aliasOf, claimsOf, isOwnWord, remoteKey } from './identity.ts';

/** The starter list is ours: what it says of starting a package was tried by a person. */
const OURS = 'starter';

/**
 * One server from its sightings. For each field the first of them that has it is believed: our own list, then an entry
 * of the official registry by the repository's owner, then the package's own registry, then the registry's other
 * entries, then the rest, and last what packages only say of their names; listings taken down speak only where no other
 * does.
 * Packages and remotes are united, without those that belong to another server.
 */
export function mergeSightings(id: string, slug: string, group: SightingGroup): Server {
  const live = group.sightings.filter(({ status }) => status !== 'deleted');
  const sightings = (live.length > 0 ? live : group.sightings).toSorted((a, b) => rank(a) - rank(b));
  const first = <T>(read: (sighting: Sighting) => T | undefined): T | undefined => {
    for (const sighting of sightings) {
      const value = read(sighting);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  const title = first((sighting) => sighting.title);
  const description = first((sighting) => sighting.description);
  const homepage = first((sighting) => sighting.homepage);
  const repository = bestRepository(sightings, group);
  const name = sightings[0]?.name ?? slug;
  return {
    id,
    slug,
    name: displayName({ ...(title !== undefined && { title }), name, slug }),
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(homepage !== undefined && { homepage }),
    ...(repository && { repository }),
    packages: packagesOf(sightings, group),
    remotes: remotesOf(sightings, group),
  };
}

function rank(sighting: Sighting): number {
  if (sighting.source === OURS) return 0;
  if (sighting.registryName !== undefined && sighting.status !== 'deprecated' && claimsOf(sighting).vouched) return 1;
  if (sighting.packages.some(({ purl }) => isOwnWord(sighting, purl))) return 2;
  if (sighting.bears !== undefined) return 5;
  // An entry of another than the owner that brings nothing to run is a list's word.
  return sighting.registryName === undefined || claimsOf(sighting).artefacts.length === 0 ? 4 : 3;
}

/** The repository that holds the server's own place, under its present name, with a folder rather than without; else the first one named. */
function bestRepository(sightings: readonly Sighting[], group: SightingGroup): Repository | undefined {
  const own = group.aliases.filter(({ kind }) => kind === 'repository').map(({ key }) => key.replace(/#.*/, ''));
  let best: { repository: Repository; score: number } | undefined;
  for (const sighting of sightings) {
    const { place } = claimsOf(sighting);
    if (!place || !sighting.repository) continue;
    const isOwn = own.includes(place.repository) ? 2 : 0;
    const score = (own[0] === place.repository ? 4 : isOwn) + (place.subfolder === undefined ? 0 : 1);
    if (best && best.score >= score) continue;
    const { forgeId } = sighting.repository;
    const { subfolder } = place;
    const repository = {
      url: `https://${place.repository}`,
      ...(subfolder && { subfolder }),
      ...(forgeId && { forgeId }),
    };
    best = { repository, score };
  }
  return best?.repository;
}

function packagesOf(sightings: readonly Sighting[], group: SightingGroup): readonly PackageRef[] {
  const own = new Set(group.aliases.filter(({ kind }) => kind === 'purl').map(({ key }) => key));
  const packages = new Map<string, PackageRef>();
  for (const sighting of sightings) {
    const named = new Set(claimsOf(sighting).artefacts.map((address) => aliasOf(address).key));
    for (const found of sighting.packages) {
      // A launcher is not the server's own package, but it is how this listing says to start it.
      if (named.has(found.purl) && !own.has(found.purl)) continue;
      packages.set(found.purl, unite(packages.get(found.purl), found, isOwnWord(sighting, found.purl)));
    }
  }
  return [...packages.values()];
}

/** The version is what the package's own registry says, where it lists it: others lag behind. */
function unite(known: PackageRef | undefined, found: PackageRef, isAuthority: boolean): PackageRef {
  if (!known) return found;
  const version = isAuthority ? (found.version ?? known.version) : (known.version ?? found.version);
  const env = [...(known.env ?? [])];
  for (const input of found.env ?? []) if (!env.some(({ name }) => name === input.name)) env.push(input);
  const args = known.args ?? found.args;
  return {
    ...found,
    ...known,
    ...(version !== undefined && { version }),
    ...(env.length > 0 && { env: env satisfies readonly Input[] }),
    ...(args && { args }),
  };
}

function remotesOf(sightings: readonly Sighting[], group: SightingGroup): readonly RemoteRef[] {
  const own = new Set(group.aliases.filter(({ kind }) => kind === 'remote').map(({ key }) => key));
  const remotes = new Map<string, RemoteRef>();
  for (const remote of sightings.flatMap((sighting) => sighting.remotes)) {
    const key = remoteKey(remote.url);
    if ((key === undefined || own.has(key)) && !remotes.has(remote.url)) remotes.set(remote.url, remote);
  }
  return [...remotes.values()];
}
