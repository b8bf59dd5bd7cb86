import type { Link, Sighting, SightingGroup } from '#domain/server.ts';
import { homesOf } from './homes.ts';
import { aliasOf, claimsOf } from './identity.ts';
import { ownerOf, placeKey } from './place.ts';
import { proofsOf } from './proofs.ts';
import { presentNames, settledAt } from './renames.ts';
import { settlePlaces } from './settle-places.ts';
import { append, unions } from './unions.ts';

/**
 * Sorts sightings into servers. Two are of one server when they share
 * 1. a name of the official registry, or that name and a package that says the name is its own (`proofsOf`),
 * 2. a package or a remote that belongs to the owner of the repositories of both (`homesOf`), or
 * 3. a place in a repository, where that place holds one server: a folder with at most one package of each kind, or a
 *    repository of which no folders are known and that holds at most one package, and one image of it. Only vouched
 *    claims join here. A repository goes by its present name wherever the forge's number for it shows what that is.
 * Likeness of names never joins. The result does not depend on the order of the sightings, so a fact that comes later
 * undoes a join as well as it makes one. Give it every sighting that shares an address with another of them.
 */
export function join(given: readonly Sighting[]): readonly SightingGroup[] {
  const sightings = [...given].sort((a, b) => compare(a.source, b.source) || compare(a.listing, b.listing));
  const said = sightings.map(claimsOf);
  const names = presentNames(sightings, said);
  const all = said.map((claims) => settledAt(claims, names));
  const proofs = proofsOf(sightings, all);
  const homes = homesOf(sightings, all, proofs);
  const seats = all.map(({ place, artefacts }) =>
    place ? ownerOf(place) : homes.get(artefacts.find((a) => homes.has(a))!),
  );
  const isHome = (address: string, i: number) => (homes.get(address) ?? seats[i]) === seats[i];
  const owned = all.map((claims, i) => {
    const isMine = (address: string) => !proofs.isDenied(address, claims.registryName) && isHome(address, i);
    const mine = claims.artefacts.filter(isMine);
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
  for (const { address, members } of proofs.links) for (const i of members.slice(1)) unite(address, members[0]!, i);
  const sharers = new Map<string, number[]>();
  for (const [i, addresses] of owned.entries()) for (const address of addresses) append(sharers, address, i);
  for (const [address, [first = 0, ...rest]] of sharers)
    for (const i of rest) if (agree(first, i)) unite(address, first, i);

  const owners = new Map<string, number>();
  for (const [address, members] of [...holders, ...sharers]) owners.set(address, members[0]!);
  const mine = all.map((claims, i) => ({ ...claims, artefacts: owned[i]! }));
  for (const settled of settlePlaces(sightings, mine, sets.find)) {
    const [first, ...rest] = settled.members;
    for (const i of rest) if (agree(first!, i)) unite(settled.addresses[0]!, first!, i);
    if (first !== undefined) for (const address of settled.addresses) owners.set(address, first);
  }
  for (const [i, { place }] of said.entries()) {
    const owner = place && owners.get(`repository:${placeKey(all[i]!.place!)}`);
    const earlier = place && `repository:${placeKey(place)}`;
    if (owner !== undefined && !owners.has(earlier!)) owners.set(earlier!, owner);
  }
  return collect(sightings, sets.find, owners, links);
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
