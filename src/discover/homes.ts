import type { Sighting } from '#domain/server.ts';
import { aliasOf, type Claims, isOwnWord } from './identity.ts';
import { ownerOf } from './place.ts';
import type { Proofs } from './proofs.ts';

/**
 * The one owner of repositories that each package and remote belongs to, by address. Forks, wrappers and mistaken
 * listings name packages that are not theirs; without this, one such listing would glue two servers together. An entry
 * of a registry whose name the package itself bears is believed first, then the registry that publishes the package, then a registry that proves names, then most of the others.
 * It is the owner that counts: a package stays what it is when its source moves from one repository of theirs to another.
 * An address that nobody gives a repository has no home.
 */
export function homesOf(
  sightings: readonly Sighting[],
  claims: readonly Claims[],
  { isMutual, isDenied }: Proofs,
): ReadonlyMap<string, string> {
  const votes = new Map<string, Map<string, { rank: number; count: number }>>();
  for (const [i, { artefacts, place, registryName }] of claims.entries()) {
    if (!place) continue;
    for (const address of artefacts) {
      if (isDenied(address, registryName)) continue;
      const candidates = votes.get(address) ?? new Map<string, { rank: number; count: number }>();
      votes.set(address, candidates);
      const owner = ownerOf(place);
      const vote = candidates.get(owner) ?? { rank: 0, count: 0 };
      const rank = isMutual(address, registryName) ? MUTUAL : rankOf(sightings[i]!, address);
      candidates.set(owner, { rank: Math.max(vote.rank, rank), count: vote.count + 1 });
    }
  }
  const homes = new Map<string, string>();
  for (const [address, candidates] of votes) {
    const [best] = [...candidates].sort(
      ([a, one], [b, other]) => other.rank - one.rank || other.count - one.count || (a < b ? -1 : 1),
    );
    homes.set(address, best![0]);
  }
  return homes;
}

/** Above every rank of a listing that the package itself does not bear out. */
const MUTUAL = 4;

function rankOf(sighting: Sighting, address: string): number {
  if (sighting.status === 'deleted') return 0;
  if (isOwnWord(sighting, aliasOf(address).key)) return 3;
  return sighting.registryName === undefined ? 1 : 2;
}
