import { aliasOf, claimsOf, isOwnWord } from '#discover/identity.ts';
import { likenessIn, lookAlike, ownedNames } from '#discover/likeness.ts';
import { ownerOf, placeOf } from '#discover/place.ts';
import type { Relation } from '#domain/catalogue.ts';
import type { Server, Sighting } from '#domain/server.ts';
import type { Db } from '#store/engine/open.ts';
import {
  foreignPackages,
  likeServers,
  listingHistory,
  namesBorne,
  replacedListings,
  serverAt,
  widelyListed,
} from '#store/listing/likeness.ts';
import { standingOf } from './standing.ts';

/** More of one kind help nobody. */
const MOST = 20;
/** A name that so many sources list is one that others may be taken for. */
const WIDELY = 3;
const WELL_KNOWN = 2_000;
/** How long the widely listed are remembered, in milliseconds. */
const REMEMBERED = 10 * 60_000;

type Known = Awaited<ReturnType<typeof widelyListed>>;
const remembered = new WeakMap<Db, { readonly at: number; readonly known: Promise<Known> }>();

/** How a server stands to others, and what is said of its publisher and its repository. */
export async function bearingsOf(db: Db, server: Server) {
  const history = await listingHistory(db, server.id);
  const current = history.filter(({ supersededAt }) => supersededAt === null).map(({ data }) => data);
  const standing = standingOf(current);
  return { related: await relatedTo(db, server, current), ...(standing && { standing }) };
}

/**
 * How a server with these listings stands to others. Derived whenever it is asked for, so that it is never older than what it rests on;
 * costs the same however many servers there are. Nothing here merges anything.
 */
async function relatedTo(db: Db, server: Server, current: readonly Sighting[]): Promise<readonly Relation[]> {
  const found = [
    ...(await lookAlikes(db, server, current)),
    ...(await movedAway(db, current)),
    ...(await disowned(db, current)),
    ...(await copies(db, server, current)),
    ...(await foreign(db, server)),
  ];
  const said = new Set(found.flatMap((one) => one.server?.id ?? []));
  return [...found, ...(await duplicates(db, server)).filter((one) => !said.has(one.server!.id))];
}

async function duplicates(db: Db, { id }: Server): Promise<readonly Relation[]> {
  const shared = Map.groupBy(await likeServers(db, id, MOST * 2), (one) => one.server.id);
  return [...shared.values()].slice(0, MOST).map((list) => ({
    kind: 'possible-duplicate' as const,
    server: list[0]!.server,
    because: `Has ${list.map(({ key }) => likenessIn(key)).join(' and ')}.`,
  }));
}

async function foreign(db: Db, { id }: Server): Promise<readonly Relation[]> {
  const named = await foreignPackages(db, id);
  return named.slice(0, MOST).map(({ purl, source, server }) => ({
    kind: 'names-package' as const,
    server,
    because: `Its listing in ${source} names ${purl}, which belongs to ${server.slug}.`,
  }));
}

/** What the forge says it was copied from. */
async function copies(db: Db, { id }: Server, current: readonly Sighting[]): Promise<readonly Relation[]> {
  const found: Relation[] = [];
  for (const { forge, source } of current)
    for (const [kind, url] of [['fork', forge?.forkOf] as const, ['mirror', forge?.mirrorOf] as const]) {
      const place = url === undefined ? undefined : placeOf({ url });
      if (!place) continue;
      const server = await serverAt(db, [`repository:${place.repository}`]);
      if (server?.id !== id)
        found.push({
          kind,
          ...(server && { server }),
          because: `${source} says it is a ${kind} of ${place.repository}.`,
        });
    }
  return found;
}

async function lookAlikes(db: Db, server: Server, current: readonly Sighting[]): Promise<readonly Relation[]> {
  const mine = ownedNames(server);
  const sources = new Set(current.map(({ source }) => source)).size;
  const found: Relation[] = [];
  for (const known of await wellKnown(db)) {
    if (known.id === server.id || known.sources <= sources) continue;
    const names = ownedNames({ packages: known.packages, ...(known.repository && { repository: known.repository }) });
    for (const name of names)
      for (const one of mine) {
        const how = lookAlike(one, name);
        if (how !== undefined)
          found.push({
            kind: 'look-alike',
            server: { id: known.id, slug: known.slug },
            because: `${one.name} ${how} ${name.name}, which ${known.sources} sources list and another owner has.`,
          });
      }
  }
  return found.slice(0, MOST);
}

function wellKnown(db: Db): Promise<Known> {
  const last = remembered.get(db);
  if (last && performance.now() - last.at < REMEMBERED) return last.known;
  const known = widelyListed(db, WIDELY, WELL_KNOWN);
  remembered.set(db, { at: performance.now(), known });
  known.catch(() => remembered.delete(db));
  return known;
}

/** Entries of the registry that name a package which says that it is of another name. */
async function disowned(db: Db, current: readonly Sighting[]): Promise<readonly Relation[]> {
  const entries = current.filter(({ registryName, status }) => registryName !== undefined && status !== 'deleted');
  const claims = entries.flatMap((one) => {
    const { registryName, artefacts } = claimsOf(one);
    return artefacts.map((address) => ({ name: registryName!, address, source: one.source }));
  });
  if (claims.length === 0) return [];
  const borne = Map.groupBy(
    await namesBorne(db, [...new Set(claims.map(({ address }) => address))]),
    (one) => one.address,
  );
  const found: Relation[] = [];
  for (const { name, address, source } of claims) {
    const names = [...new Set(borne.get(address)?.flatMap(({ data }) => data.bears ?? []))];
    if (names.length === 0 || names.includes(name)) continue;
    const server = await serverAt(db, [...names.map((one) => `registry:${one}`), address]);
    found.push({
      kind: 'moved-away',
      ...(server && { server }),
      because: `Its listing in ${source} as ${name} names ${aliasOf(address).key}, which says of itself that it is ${names.join(', ')}.`,
    });
  }
  return found.slice(0, MOST);
}

/** Packages whose own registry named another owner's repository before than it names now, or that bore another name. */
async function movedAway(db: Db, current: readonly Sighting[]): Promise<readonly Relation[]> {
  const published = current.filter((one) => one.bears || one.packages.some(({ purl }) => isOwnWord(one, purl)));
  const found: Relation[] = [];
  for (const { data, until } of await replacedListings(db, published)) {
    const now = published.find(({ source, listing }) => source === data.source && listing === data.listing)!;
    const day = until.toISOString().slice(0, 10);
    const dropped = (data.bears ?? []).filter((name) => now.bears && !now.bears.includes(name));
    for (const name of dropped) {
      const server = await serverAt(db, [`registry:${name}`]);
      found.push({
        kind: 'moved-away',
        ...(server && { server }),
        because: `${data.name} said of itself until ${day} that it is ${name}, and does not since.`,
      });
    }
    const [before, after] = [data.repository && placeOf(data.repository), now.repository && placeOf(now.repository)];
    if (!before || (after && ownerOf(after) === ownerOf(before))) continue;
    const server = await serverAt(db, [`repository:${before.repository}`]);
    found.push({
      kind: 'moved-away',
      ...(server && { server }),
      because: `${data.source} named ${before.repository} as the repository of ${data.name} until ${day}, and names ${after?.repository ?? 'none'} since.`,
    });
  }
  return found.slice(0, MOST);
}
