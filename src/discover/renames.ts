import type { Sighting } from '#domain/server.ts';
import { type Claims, earlierPlaces, forgeNumber } from './identity.ts';
import { ownerOf } from './place.ts';

/** Sources that are the forge itself, by its host: what they say of a repository's number and address is so. */
const FORGES: Readonly<Record<string, string>> = { github: 'github.com', gitlab: 'gitlab.com' };

/** How an address is known to be a number's: the forge says that it is, or was; the owner says that it is, or was. */
const [PRESENT, EARLIER, CLAIMED] = [3, 2, 1];

/**
 * The present address of each repository that is known under several, by earlier address. Anyone may write any number
 * into a listing, so that a number joins addresses only on the forge's own word, or, within the repositories of one
 * owner, on a registry name that only that owner can have. An address that the forge says is now another repository's
 * leads to that one and to no other.
 */
export function presentNames(sightings: readonly Sighting[], claims: readonly Claims[]): ReadonlyMap<string, string> {
  const numbers = new Map<string, Map<string, number>>();
  const held = new Map<string, Set<string>>();
  for (const [i, { place, vouched }] of claims.entries()) {
    const sighting = sightings[i]!;
    const number = forgeNumber(sighting.repository, place);
    if (!place || number === undefined) continue;
    const isForge = place.repository.startsWith(`${FORGES[sighting.source]}/`);
    const rank = isForge ? PRESENT : vouched && sighting.registryName !== undefined ? CLAIMED : undefined;
    if (rank === undefined) continue;
    const places = numbers.get(number) ?? new Map<string, number>();
    numbers.set(number, places.set(place.repository, Math.max(rank, places.get(place.repository) ?? 0)));
    if (isForge) held.set(place.repository, (held.get(place.repository) ?? new Set()).add(number));
    for (const earlier of earlierPlaces(sighting)) if (!places.has(earlier)) places.set(earlier, rank - 1);
  }
  const names = new Map<string, string>();
  for (const [number, places] of numbers) {
    const [[present] = ['']] = [...places].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
    for (const [earlier, rank] of places) {
      const isTaken = held.has(earlier) && !held.get(earlier)!.has(number);
      const isOwners = ownerOf({ repository: earlier }) === ownerOf({ repository: present });
      if (earlier !== present && !isTaken && (rank >= EARLIER || isOwners)) names.set(earlier, present);
    }
  }
  return names;
}

/** Claims with their repository under its present address. */
export function settledAt(claims: Claims, names: ReadonlyMap<string, string>): Claims {
  const present = claims.place && names.get(claims.place.repository);
  return present === undefined ? claims : { ...claims, place: { ...claims.place, repository: present } };
}
