import { parsePurl } from '#core/purl.ts';
import type { Sighting } from '#domain/server.ts';
import { aliasOf, type Claims } from './identity.ts';
import { placeKey } from './place.ts';
import { append } from './unions.ts';

interface Settled {
  readonly addresses: readonly string[];
  /** Sightings to join; none where the place is nobody's. */
  readonly members: readonly number[];
}

/**
 * Who may join at each place: everyone where it holds one server. Where it holds several, the place's page is of its
 * main one, if which that is can be told; the others stay apart.
 */
export function settlePlaces(
  sightings: readonly Sighting[],
  all: readonly Claims[],
  find: (member: number) => number,
): readonly Settled[] {
  const members = new Map<number, number[]>();
  for (const i of all.keys()) append(members, find(i), i);
  const visitors = new Map<string, number[]>();
  const folders = new Map<string, Set<string>>();
  const isLive = (i: number) => all[i]!.place !== undefined && sightings[i]!.status !== 'deleted';
  for (const i of [...all.keys()].filter(isLive)) {
    const { repository, subfolder } = all[i]!.place!;
    if (subfolder !== undefined)
      folders.set(repository, (folders.get(repository) ?? new Set()).add(placeKey(all[i]!.place!)));
  }
  for (const i of [...all.keys()].filter(isLive)) append(visitors, whereIn(folders, all[i]!), i);
  const isPointer = (i: number) => members.get(find(i))!.every((one) => isBare(all[one]!));
  const serversAt = (here: readonly number[]) =>
    [...new Set(here.filter((i) => !isPointer(i)).map(find))].map((root) => members.get(root)!.map((i) => all[i]!));
  const mainAt = (key: string, here: readonly number[]) => {
    const best = new Map<number, number>();
    const named: number[] = [];
    for (const i of here.filter((one) => all[one]!.vouched)) {
      const rank = Math.max(...members.get(find(i))!.map((one) => rankAt(all[one]!, key)));
      if (rank === NAMED) named.push(i);
      else if (rank > (best.get(find(i)) ?? 0)) best.set(find(i), rank);
    }
    const [[main, rank] = [-1, 0], second] = [...best].sort((a, b) => b[1] - a[1]);
    const anchored = second?.[1] === rank ? [] : here.filter((i) => find(i) === main && all[i]!.vouched);
    const isOne = namesOf(serversAt([...anchored, ...named])) <= 1;
    const own = isOne ? [...anchored, ...named] : anchored;
    const images = here.filter((i) => all[i]!.vouched && members.get(find(i))!.every((one) => isImage(all[one]!)));
    return own.length > 0 && shipsOne(serversAt([...own, ...images])) ? [...own, ...images] : own;
  };
  const settled: Settled[] = [];
  const settle = (keys: readonly string[], one: (servers: readonly ServerClaims[]) => boolean) => {
    const here = keys.flatMap((key) => visitors.get(key) ?? []);
    const isOne = one(serversAt(here));
    const anchored = isOne ? here.filter((i) => !isPointer(i) && all[i]!.vouched) : mainAt(keys[0]!, here);
    settled.push({
      addresses: keys.map((key) => `repository:${key}`),
      members: [...anchored, ...here.filter(isPointer)],
    });
  };
  for (const [repository, [only, second]] of folders)
    if (
      second === undefined &&
      visitors.has(repository) &&
      holdsOne(serversAt([only!, repository].flatMap((key) => visitors.get(key)!)))
    ) {
      settle([only!, repository], holdsOne);
      visitors.delete(only!);
      visitors.delete(repository);
    }
  for (const key of visitors.keys())
    settle([key], key.includes('#') ? holdsOneInFolder : folders.has(key) ? () => false : holdsOne);
  return settled;
}

/**
 * Where a listing stands: its place, or, in a repository whose folders are known, the one folder that bears the name of
 * the package that it lists without saying where that lies.
 */
function whereIn(folders: ReadonlyMap<string, ReadonlySet<string>>, { place, artefacts, vouched }: Claims): string {
  const key = placeKey(place!);
  const known = folders.get(key);
  if (!known || known.size < 2 || !vouched) return key;
  const names = new Set(artefacts.map((address) => bareName(parsePurl(aliasOf(address).key)?.name ?? '')));
  const bearing = [...known].filter((one) => names.has(bareName(one)));
  return bearing.length === 1 ? bearing[0]! : key;
}

/** The last part of a name without the words that every server's name has. */
function bareName(name: string): string {
  const [last = ''] = name.toLowerCase().split(/[/#]/).reverse();
  const words = last.split(/[^a-z0-9]+/).filter((word) => word !== '' && word !== 'mcp' && word !== 'server');
  return words.join('-') || last;
}

/** Whether it says no more than where it lies. So does an entry of the registry that another one than the owner made. */
function isBare({ registryName, artefacts, vouched }: Claims): boolean {
  return artefacts.length === 0 && (registryName === undefined || !vouched);
}

/** A name that its owner registered, and no package. */
const NAMED = -1;

/**
 * How much a listing speaks for its server being the one that a whole repository's page means: its owner registered it;
 * its package has the names of repository and owner; its package has the repository's name.
 */
function rankAt({ registryName, artefacts, vouched }: Claims, key: string): number {
  if (registryName !== undefined && vouched) return artefacts.length > 0 ? 3 : NAMED;
  const [name, owner] = key.split('/').reverse();
  const tails = artefacts.flatMap((address) => parsePurl(aliasOf(address).key)?.name.split('/').reverse() ?? []);
  if (tails[0] !== name) return 0;
  return tails[1] === `@${owner}` ? 2 : 1;
}

type ServerClaims = readonly Claims[];

/**
 * Whether what is known at a whole repository can be one server: at most one name, one package, one image of each
 * publisher, one remote. An image is no other package: it ships the repository as it is, where a second package is
 * mostly a second program.
 */
function holdsOne(servers: readonly ServerClaims[]): boolean {
  const kinds = servers.map((claims) => kindsOf(claims));
  const packaged = kinds.filter((kind) => [...kind].some((word) => word !== 'remote' && word !== 'oci'));
  const remotes = kinds.filter((kind) => kind.size === 1 && kind.has('remote'));
  const isOne = packaged.length <= 1 && shipsOne(servers) && remotes.length <= 1;
  return isOne && namesOf(servers) <= 1;
}

/** Whether no publisher has images of two of them. */
function shipsOne(servers: readonly ServerClaims[]): boolean {
  const publishers = servers.flatMap((claims) => [...new Set(claims.flatMap(publishersOf))]);
  return publishers.length === new Set(publishers).size;
}

function isImage(claims: Claims): boolean {
  return claims.registryName === undefined && claims.artefacts.length === publishersOf(claims).length;
}

/** Who publishes the images that are named: `docker.io/owner`. */
function publishersOf({ artefacts }: Claims): readonly string[] {
  const images = artefacts.flatMap((address) => parsePurl(aliasOf(address).key) ?? []);
  return images.flatMap(({ type, name }) => (type === 'oci' ? [name.slice(0, name.lastIndexOf('/'))] : []));
}

/** The same for a folder, which may hold one package of each kind. */
function holdsOneInFolder(servers: readonly ServerClaims[]): boolean {
  const kinds = servers.flatMap((claims) => [...kindsOf(claims)]);
  return kinds.length === new Set(kinds).size && namesOf(servers) <= 1;
}

function kindsOf(claims: ServerClaims): ReadonlySet<string> {
  const addresses = claims.flatMap(({ artefacts }) => artefacts);
  return new Set(addresses.map((address) => parsePurl(aliasOf(address).key)?.type ?? 'remote'));
}

function namesOf(servers: readonly ServerClaims[]): number {
  const names = servers.flatMap((claims) => claims.flatMap((one) => (isBare(one) ? [] : (one.registryName ?? []))));
  return new Set(names).size;
}
