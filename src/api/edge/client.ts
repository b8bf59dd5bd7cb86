import { isIP } from 'node:net';
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import ipaddr from 'ipaddr.js';

/**
 * Who asks, as far as limits care: an IPv4 address, or the /64 of an IPv6 one, which is what a single customer has.
 * `proxies`: how many proxies of ours stand in front, each of which adds to X-Forwarded-For; without any the header is
 * anybody's to write and not looked at. Undefined where there is no connection, as in tests.
 */
export function clientOf(c: Context, proxies: number): string | undefined {
  const { incoming } = (c.env ?? {}) as Partial<HttpBindings>;
  let address = incoming?.socket.remoteAddress;
  if (proxies > 0) {
    const passed = (c.req.header('X-Forwarded-For') ?? '').split(',').map((one) => one.trim());
    const told = passed.at(-proxies)?.replace(/^\[(.*)\](?::\d+)?$|^([\d.]+):\d+$/, '$1$2');
    if (told !== undefined && isIP(told) !== 0) address = told;
  }
  if (address === undefined || isIP(address) !== 6) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return `${(parsed as ipaddr.IPv6).parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}
