import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Agent, buildConnector } from 'undici';

/** A stranger named an address that is not to be asked: no machine of the public internet, or not in a safe way. */
export class OffLimits extends Error {
  override readonly name = 'OffLimits';
}

/** Where Azure keeps the metadata and the resolver of a virtual machine: the one such address in public space. */
const AZURE_HOST = '168.63.129.16';
/** Where Alibaba and AWS keep them in private space; all others have them in link-local space. */
const METADATA = ['100.100.100.200', 'fd00:ec2:0:0:0:0:0:254'];
/** Ranges of networks that are somebody's own. Link-local ones are not among them. */
const OWN_RANGES = ['loopback', 'private', 'uniqueLocal', 'carrierGradeNat'];
/** All that is routed in public (RFC 4291 §2.4); the special ranges within it are the library's to know. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an IP address, written out, is one of the public internet. Loopback, private, link-local, carrier's NAT,
 * metadata, multicast and reserved ones are not, nor what wraps an IPv4 address in one of IPv6 (mapped, NAT64, 6to4,
 * Teredo), nor what carries a zone.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0 || address.includes('%') || address === AZURE_HOST) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_IPV6);
}

export interface Guard {
  /** For tests, whose servers are here: this machine's loopback may be asked as well, also without TLS. */
  readonly allowLoopback?: boolean | undefined;
  /**
   * Hosts, as addresses write them, that whoever runs this named as their own: they may lead to private networks and to
   * this machine, and be asked without TLS where nobody else can bear their name. Never to metadata of a cloud.
   */
  readonly ownHosts?: readonly string[] | undefined;
  /** Asks for all addresses of a name, in place of the system. */
  readonly resolve?:
    | ((
        host: string,
        options: LookupAllOptions,
        done: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
      ) => void)
    | undefined;
}

function isAllowed(address: string, host: string, { allowLoopback = false, ownHosts = [] }: Guard): boolean {
  if (isPublicAddress(address)) return true;
  if (isIP(address) === 0 || address.includes('%')) return false;
  const parsed = ipaddr.parse(address);
  if (allowLoopback && parsed.range() === 'loopback') return true;
  if (METADATA.includes(parsed.toNormalizedString())) return false;
  return ownHosts.includes(host) && OWN_RANGES.includes(parsed.range());
}

/** Whether a host is one that cannot be anybody's of the public internet, by how it is written. */
export function isOwnName(host: string): boolean {
  if (isIP(host) !== 0) return !isPublicAddress(host);
  return !host.includes('.') || /\.(?:localhost|local|internal|lan|home\.arpa|test)$/i.test(host);
}

/**
 * Looks a name up once for each connection, and hands to the socket the addresses that were checked and no others: a
 * name that answers otherwise a moment later leads nowhere else. One address off limits condemns the name.
 */
export function guardedLookup(guard: Guard): LookupFunction {
  const resolve = guard.resolve ?? lookup;
  return (host, options, done) =>
    resolve(host, { ...options, all: true }, (error, found) => {
      if (error) return done(error, []);
      const [first] = found;
      if (!first || !found.every(({ address }) => isAllowed(address, host, guard)))
        return done(new OffLimits(`${host} does not lead to the public internet`), []);
      if (options.all) done(null, found);
      else done(null, first.address, first.family);
    });
}

/** The same for connections that others make. A socket to an address that is written out looks nothing up: `isPublicUrl`. */
export const publicLookup = guardedLookup({});

/** Why an address is not to be asked, as far as it can be told without looking its name up; undefined where it may be. */
export function whyOffLimits(url: URL, guard: Guard = {}): string | undefined {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const isPlain = guard.allowLoopback === true || (guard.ownHosts?.includes(host) === true && isOwnName(host));
  const isSafe = url.protocol === 'https:' || (isPlain && url.protocol === 'http:');
  if (!isSafe) return `${url.protocol}//${url.host} is not asked: only https is`;
  if (url.username !== '' || url.password !== '') return `${url.host} is named together with credentials`;
  if (isIP(host) !== 0 && !isAllowed(host, host, guard)) return `${host} is not on the public internet`;
  return undefined;
}

/** Whether an address that a stranger named may be asked, as far as it can be told without looking its name up. */
export function isPublicUrl(url: URL): boolean {
  return whyOffLimits(url) === undefined;
}

/**
 * Connections to the public internet only, whatever address a stranger names and wherever its name leads. Requests fail
 * with `OffLimits` as the cause before a packet is sent. Proxies of the environment are passed over on purpose: a proxy
 * looks names up for itself, past every check.
 */
export function publicAgent(
  guard: Guard,
  options: Omit<Agent.Options, 'connect'> & { readonly connect: number },
): Agent {
  const { connect: timeout, ...more } = options;
  const connect = buildConnector({ lookup: guardedLookup(guard), timeout, allowH2: false });
  return new Agent({
    ...more,
    connect: (target, done) => {
      // A socket to an address that is written out looks nothing up.
      const host = target.hostname.replace(/^\[(.*)\]$/, '$1');
      if (isIP(host) === 0 || isAllowed(host, host, guard)) connect(target, done);
      else done(new OffLimits(`${host} is not on the public internet`), null);
    },
  });
}
