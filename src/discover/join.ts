import { parsePurl } from '#core/purl.ts';
import type { Link, Sighting, SightingGroup } from '#domain/server.ts';
import { homesOf } from './homes.ts';
import { aliasOf, type Claims, claimsOf } from './identity.ts';
import { placeKey } from './place.ts';
import { append, unions } from './unions.ts';

/**
 * Sorts sightings into servers. Two are of one server when they share
 * 1. a name of the official registry,
 * 2. a package or a remote that belongs to the repository of both (`homesOf`), or
 * 3. a place in a repository, where that place holds one server: a folder with at most one package of each kind, or a
 *    repository of which no folders are known and that holds at most one package. Only vouched claims join here.
 * Likeness of names never joins. The result does not depend on the order of the sightings, so a fact that comes later
 * undoes a join as well as it makes one. Give it every sighting that shares an address with another of them.
 */
export function join(given: readonly Sighting[]): readonly SightingGroup[] {
  const sightings = [...given].sort((a, b) => compare(a.source, b.source) || compare(a.listing, b.listing));
  const all = sightings.map(claimsOf);
  const homes = homesOf(sightings, all);
  const seats = all.map(({ place, artefacts }) => place?.repository ?? homes.get(artefacts.find((a) => homes.has(a))!));
  const owned = all.map((claims, i) => {
    const mine = claims.artefacts.filter((address) => (homes.get(address) ?? seats[i]) === seats[i]);
    // A listing that was taken down may have been a lie: it keeps one address to stand on, and links nothing.
    return sightings[i]!.status === 'deleted' ? mine.slice(0, claims.registryName === undefined ? 1 : 0) : mine;
  });
  const sets = unions(sightings.length);
  const links: { readonly address: string; readonly pair: readonly [number, number] }[] = [];
  const unite = (address: string, a: number, b: number) => {
    const [one, other] = [sets.find(a), sets.find(b)];
    const seat = seats[one] ?? seats[other];
    if (!sets.unite(one, other)) return;
    links.push({ address, pair: [a, b] });
    if (seat !== undefined) seats[sets.find(a)] = seat;
  };
  const agree = (a: number, b: number) => {
    const [one, other] = [seats[sets.find(a)], seats[sets.find(b)]];
    return one === undefined || other === undefined || one === other;
  };

  const holders = new Map<string, number[]>();
  for (const [i, { registryName }] of all.entries())
    if (registryName !== undefined) append(holders, `registry:${registryName}`, i);
  for (const [address, [first = 0, ...rest]] of holders) for (const i of rest) unite(address, first, i);
  const sharers = new Map<string, number[]>();
  for (const [i, addresses] of owned.entries()) for (const address of addresses) append(sharers, address, i);
  for (const [address, [first = 0, ...rest]] of sharers)
    for (const i of rest) if (agree(first, i)) unite(address, first, i);

  const owners = new Map<string, number>();
  for (const [address, members] of [...holders, ...sharers]) owners.set(address, members[0]!);
  for (const settled of settlePlaces(sightings, all, sets.find)) {
    const [first, ...rest] = settled.members;
    for (const i of rest) if (agree(first!, i)) unite(settled.address, first!, i);
    if (first !== undefined) owners.set(settled.address, first);
  }
  return collect(sightings, sets.find, owners, links);
}

interface Settled {
  readonly address: string;
  /** Sightings to join; none where the place is nobody's. */
  readonly members: readonly number[];
}

/** Who may join at each place. */
function settlePlaces(
  sightings: readonly Sighting[],
  all: readonly Claims[],
  find: (member: number) => number,
): readonly Settled[] {
  const members = new Map<number, number[]>();
  for (const i of all.keys()) append(members, find(i), i);
  const visitors = new Map<string, number[]>();
  const divided = new Set<string>();
  for (const [i, { place }] of all.entries()) {
    if (!place || sightings[i]!.status === 'deleted') continue;
    append(visitors, placeKey(place), i);
    if (place.subfolder !== undefined) divided.add(place.repository);
  }
  return [...visitors].map(([key, here]) => {
    const isPointer = (i: number) => members.get(find(i))!.every((one) => isBare(all[one]!));
    const pointers = here.filter(isPointer);
    const anchored = here.filter((i) => !isPointer(i));
    const servers = [...new Set(anchored.map(find))].map((root) => members.get(root)!.map((i) => all[i]!));
    const one = key.includes('#') ? holdsOneInFolder(servers) : !divided.has(key) && holdsOne(servers);
    const joining = one ? [...anchored.filter((i) => all[i]!.vouched), ...pointers] : pointers;
    return { address: `repository:${key}`, members: joining };
  });
}

function isBare({ registryName, artefacts }: Claims): boolean {
  return registryName === undefined && artefacts.length === 0;
}

type ServerClaims = readonly Claims[];

/** Whether what is known at a whole repository can be one server: at most one name, one package, one remote. */
function holdsOne(servers: readonly ServerClaims[]): boolean {
  const kinds = servers.map((claims) => kindsOf(claims));
  const packaged = kinds.filter((kind) => [...kind].some((word) => word !== 'remote'));
  return packaged.length <= 1 && kinds.length - packaged.length <= 1 && namesOf(servers) <= 1;
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
  return new Set(servers.flatMap((claims) => claims.flatMap(({ registryName }) => registryName ?? []))).size;
}

function collect(
  sightings: readonly Sighting[],
  find: (member: number) => number,
  owners: ReadonlyMap<string, number>,
  links: readonly { readonly address: string; readonly pair: readonly [number, number] }[],
): readonly SightingGroup[] {
  const groups = new Map<number, { sightings: Sighting[]; addresses: string[]; links: Link[] }>();
  for (const [i, sighting] of sightings.entries()) {
    const group = groups.get(find(i)) ?? { sightings: [], addresses: [], links: [] };
    groups.set(find(i), group);
    group.sightings.push(sighting);
  }
  for (const [address, owner] of owners) groups.get(find(owner))!.addresses.push(address);
  for (const { address, pair } of links) {
    const [a, b] = pair;
    groups.get(find(a))!.links.push({ address, sightings: [sightings[a]!, sightings[b]!] });
  }
  return [...groups.values()].map(({ addresses, ...group }) => ({ ...group, aliases: addresses.map(aliasOf) }));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
