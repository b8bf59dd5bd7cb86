import { parsePurl } from '#core/purl.ts';
import type { Alias, Sighting } from '#domain/server.ts';
import { type Place, placeKey, placeOf } from './place.ts';

/**
 * Packages that start other servers or bridge to remote ones. A listing that names one says nothing of which server it
 * is, unless it names nothing else.
 */
const LAUNCHERS = new Set([
  'pkg:npm/mcp-remote',
  'pkg:npm/supergateway',
  'pkg:npm/mcp-proxy',
  'pkg:npm/%40smithery/cli',
  'pkg:npm/%40modelcontextprotocol/inspector',
  'pkg:npm/%40modelcontextprotocol/sdk',
  'pkg:npm/tsx',
  'pkg:npm/deno',
  'pkg:pypi/mcp',
  'pkg:pypi/mcp-proxy',
  'pkg:pypi/fastmcp',
  'pkg:pypi/uv',
  'pkg:pypi/run',
]);

/** Whether a package starts or bridges to a server that is not its own. */
export function isLauncher(purl: string): boolean {
  return LAUNCHERS.has(purl);
}

/** Longer addresses are nobody's real one, and more than an index of the database holds. */
const LONGEST = 600;

/** What a sighting says of which server it is, every part in one spelling. */
export interface Claims {
  readonly registryName: string | undefined;
  /** Addresses of packages and remotes: `purl:…`, `remote:…`. */
  readonly artefacts: readonly string[];
  readonly place: Place | undefined;
  /**
   * Whether the place is more than the publisher's own word: anyone may write any repository into a manifest, so it
   * takes a list kept by others, or a registry name that only the repository's owner can have.
   */
  readonly vouched: boolean;
}

const read = new WeakMap<Sighting, Claims>();

/** Reads a sighting's claims; once, since joining, naming and merging all ask. */
export function claimsOf(sighting: Sighting): Claims {
  const known = read.get(sighting);
  if (known) return known;
  const claims = readClaims(sighting);
  read.set(sighting, claims);
  return claims;
}

function readClaims(sighting: Sighting): Claims {
  const purls = sighting.packages.map(({ purl }) => purl).filter((purl) => purl.length <= LONGEST && isSomebodys(purl));
  const remotes = sighting.remotes.flatMap(({ url }) => remoteKey(url) ?? []);
  const found = sighting.repository && placeOf(sighting.repository);
  const place = found && placeKey(found).length <= LONGEST ? found : undefined;
  const own = purls.filter((purl) => !LAUNCHERS.has(purl));
  const says = own.length + remotes.length > 0 || sighting.registryName !== undefined || place ? own : purls;
  return {
    registryName: sighting.registryName?.toLowerCase(),
    artefacts: [...new Set([...says.map((purl) => `purl:${purl}`), ...remotes.map((url) => `remote:${url}`)])],
    place,
    vouched: place !== undefined && isVouched(sighting, place),
  };
}

/** An image without an owner is one that the reader builds, under whatever name; no server is among Docker's own. */
function isSomebodys(purl: string): boolean {
  const parsed = parsePurl(purl);
  return parsed !== undefined && !parsed.name.startsWith('docker.io/library/');
}

function isVouched(sighting: Sighting, place: Place): boolean {
  if (sighting.registryName !== undefined) {
    const [, owner] = /^io\.github\.([^/]+)\//i.exec(sighting.registryName) ?? [];
    return owner !== undefined && place.repository.startsWith(`github.com/${owner.toLowerCase()}/`);
  }
  return !sighting.packages.some(({ purl }) => isOwnWord(sighting, purl));
}

/** Whether the sighting comes from the registry that publishes this very package. Such a source is named as the type. */
export function isOwnWord(sighting: Sighting, purl: string): boolean {
  return purl.startsWith(`pkg:${sighting.source}/`);
}

/**
 * Every address that a sighting names, its repository included: sightings that share one may be of one server. Which
 * of them are, `join` decides.
 */
export function addressesOf(sighting: Sighting): readonly string[] {
  const { registryName, artefacts, place } = claimsOf(sighting);
  const number = forgeNumber(sighting.repository, place);
  return [
    ...(number === undefined ? [] : [`forge:${number}`, ...earlierPlaces(sighting).map((one) => `repository:${one}`)]),
    ...(registryName === undefined ? [] : [`registry:${registryName}`]),
    ...artefacts,
    ...(place ? [`repository:${place.repository}`] : []),
    ...(place?.subfolder === undefined ? [] : [`repository:${placeKey(place)}`]),
  ];
}

/** A repository by its forge's number, which survives renames; undefined where no number, or none of sense, is given. */
export function forgeNumber(repository: Sighting['repository'], place: Place | undefined): string | undefined {
  const { forgeId } = repository ?? {};
  if (!place || forgeId === undefined || !/^[\w=-]{1,80}$/.test(forgeId)) return undefined;
  return `${place.repository.slice(0, place.repository.indexOf('/'))}/${forgeId}`;
}

/** Repositories that the sighting's own had as address before. */
export function earlierPlaces({ repository }: Sighting): readonly string[] {
  return (repository?.formerly ?? []).flatMap((url) => placeOf({ url })?.repository ?? []);
}

/** A listing as it now stands, with the address that its repository had in the version before, if the forge renamed it. */
export function withHistory(before: Sighting, now: Sighting): Sighting {
  if (!now.repository || !before.repository) return now;
  const [old, present] = [placeOf(before.repository), placeOf(now.repository)];
  if (!old || !present || forgeNumber(before.repository, old) === undefined) return now;
  if (forgeNumber(before.repository, old) !== forgeNumber(now.repository, present)) return now;
  const moved = old.repository === present.repository ? [] : [`https://${old.repository}`];
  const formerly = [...new Set([...moved, ...(now.repository.formerly ?? []), ...(before.repository.formerly ?? [])])];
  if (formerly.length === 0) return now;
  return { ...now, repository: { ...now.repository, formerly: formerly.slice(0, 20) } };
}

/** An address taken apart. */
export function aliasOf(address: string): Alias {
  const colon = address.indexOf(':');
  return { kind: address.slice(0, colon) as Alias['kind'], key: address.slice(colon + 1) };
}

/**
 * A remote's address in one spelling; undefined where it does not say which server it is: this machine, a private
 * network, a placeholder, a template, or a query, which may hold a user's key as well as a server's name.
 */
export function remoteKey(address: string): string | undefined {
  if (/[{}<>$]|%7b/i.test(address)) return undefined;
  const url = URL.parse(address.trim());
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '') return undefined;
  const host = url.hostname.toLowerCase();
  if (!/\.[a-z][a-z0-9-]*$/.test(host) || /(^|\.)(localhost|local|internal|invalid|test|example(\.\w+)?)$/.test(host))
    return undefined;
  const key = `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`;
  return key.length <= LONGEST ? key : undefined;
}
