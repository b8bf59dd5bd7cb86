import type { Link, Server, Sighting, SightingGroup } from '#domain/server.ts';

/** How sightings become servers: pure functions of the stage that knows, handed in because the store knows no stage. */
export interface Joining {
  /** Every address that a sighting names. */
  addressesOf(sighting: Sighting): readonly string[];
  /** A listing as it now stands, with what only its version before can tell. */
  withHistory(before: Sighting, now: Sighting): Sighting;
  /** Sorts sightings into servers, whatever their order. */
  join(sightings: readonly Sighting[]): readonly SightingGroup[];
  /** Ids that a group's server may have, best first. */
  idsOf(group: SightingGroup): readonly string[];
  slugOf(group: SightingGroup): string;
  /** The slug of a server whose first choice another one has. */
  otherSlug(slug: string, id: string): string;
  mergeSightings(id: string, slug: string, group: SightingGroup): Server;
  /** Keys that a server shares with those that are like it. */
  likenessOf(server: Server): readonly string[];
}

/** What a group's server is to be. */
export interface Placement {
  readonly id: string;
  readonly group: SightingGroup;
  /** Servers found to be this one, and what shows it. */
  readonly losers: readonly { readonly id: string; readonly link: Link | undefined }[];
}

/** A server that stands already: when it was founded decides which one stays when two are one. */
export interface Standing {
  readonly id: string;
  readonly firstSeen: Date;
}

/**
 * Gives each group its server. A standing server goes to the group that owns the address its id was made from, else to
 * the group that most of its sightings went to; where several come to one group, the rightful and then the oldest stays.
 * A group that nobody comes to gets the first of its ids: a server that was merged away and now stands on its own
 * again gets its old id back in this way.
 */
export function placeGroups(
  groups: readonly SightingGroup[],
  standing: readonly Standing[],
  formerOf: (sighting: Sighting) => string | undefined,
  joining: Pick<Joining, 'idsOf'>,
): readonly Placement[] {
  const ids = groups.map((group) => joining.idsOf(group));
  const rightful = new Map<string, number>();
  for (const [i, list] of ids.entries()) for (const id of list) if (!rightful.has(id)) rightful.set(id, i);
  const members = new Map<string, Map<number, number>>();
  for (const [i, group] of groups.entries())
    for (const sighting of group.sightings) {
      const former = formerOf(sighting);
      if (former === undefined) continue;
      const counts = members.get(former) ?? new Map<number, number>();
      members.set(former, counts.set(i, (counts.get(i) ?? 0) + 1));
    }
  const comers = new Map<number, Standing[]>();
  for (const server of standing) {
    const [most] = [...(members.get(server.id) ?? [])].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    const at = rightful.get(server.id) ?? most?.[0];
    if (at !== undefined) comers.set(at, [...(comers.get(at) ?? []), server]);
  }
  const taken = new Set(standing.map(({ id }) => id));
  return groups.map((group, i) => {
    const isRightful = ({ id }: Standing) => (rightful.get(id) === i ? 0 : 1);
    const [winner, ...rest] = (comers.get(i) ?? []).toSorted(
      (a, b) =>
        isRightful(a) - isRightful(b) || a.firstSeen.getTime() - b.firstSeen.getTime() || (a.id < b.id ? -1 : 1),
    );
    const id = winner?.id ?? ids[i]!.find((candidate) => !taken.has(candidate))!;
    taken.add(id);
    return { id, group, losers: rest.map((loser) => ({ id: loser.id, link: linkTo(loser.id, group, formerOf) })) };
  });
}

/** The link by which a server's sightings came into a group. */
function linkTo(
  server: string,
  group: SightingGroup,
  formerOf: (sighting: Sighting) => string | undefined,
): Link | undefined {
  const isHere = (sighting: Sighting) => formerOf(sighting) === server;
  const crossing = group.links.find(({ sightings: [a, b] }) => isHere(a) !== isHere(b));
  return crossing ?? group.links[0];
}
