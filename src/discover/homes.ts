import type { Sighting } from '#domain/server.ts';
import { aliasOf, type Claims, isOwnWord } from './identity.ts';
import { ownerOf } from './place.ts';

/**
 * The one owner of repositories that each package and remote belongs to, by address. Forks, wrappers and mistaken
 * listings name packages that are not theirs; without this, one such listing would glue two servers together. The
 * registry that publishes the package is believed first, then a registry that proves names, then most of the others.
 * It is the owner that counts: a package stays what it is when its source moves from one repository of theirs to another.
 * An address that nobody gives a repository has no home.
 */
export function homesOf(sightings: readonly Sighting[], claims: readonly Claims[]): ReadonlyMap<string, string> {
  const votes = new Map<string, Map<string, { rank: number; count: number }>>();
  for (const [i, { artefacts, place }] of claims.entries()) {
    if (!place) continue;
    for (const address of artefacts) {
      const candidates = votes.get(address) ?? new Map<string, { rank: number; count: number }>();
      votes.set(address, candidates);
      const owner = ownerOf(place);
      const vote = candidates.get(owner) ?? { rank: 0, count: 0 };
      const rank = rankOf(sightings[i]!, address);
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

function rankOf(sighting: Sighting, address: string): number {
  if (sighting.status === 'deleted') return 0;
  if (isOwnWord(sighting, aliasOf(address).key)) return 3;
  return sighting.registryName === undefined ? 1 : 2;
}
