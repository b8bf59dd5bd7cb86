import { displayName } from '#core/display-name.ts';
import type { AddressedServer, LegQuery } from '#domain/lists.ts';
import { RISKS } from '#domain/verdict.ts';
import { LEGS } from '../browse/legs.ts';
import type { IndexFiles } from '../index-files.ts';

/**
 * Servers by the addresses that a setup may name, cut by a hash of the address, with what the page for setups says of
 * each. What `check.js` reads.
 */
export default {
  id: 'lookup',
  async *files(catalogue, links) {
    const shards = new Map<string, Record<string, unknown>>();
    for await (const server of catalogue.addressed()) {
      const tools = server.marks.filter(({ key }) => key.startsWith('category:'));
      const risks = RISKS.map((risk) => sum(tools.filter((one) => one.risk === risk)));
      const legs = [...LEGS].filter(([, leg]) => fills(server, leg)).map(([key]) => key);
      const { slug } = server;
      const entry = [slug, displayName(server), links.server(slug), sum(tools), risks, legs];
      for (const address of server.addresses) {
        const id = shardOf(address);
        const shard = shards.get(id) ?? (Object.create(null) as Record<string, unknown>);
        shards.set(id, shard);
        shard[address] = entry;
      }
    }
    for (const [id, shard] of shards) yield { path: `lookup/${id}.json`, make: () => JSON.stringify(shard) };
  },
} satisfies IndexFiles;

function sum(tools: AddressedServer['marks']): number {
  return tools.reduce((all, one) => all + one.tools, 0);
}

function fills({ marks }: AddressedServer, leg: LegQuery): boolean {
  return marks.some(
    ({ key, category }) =>
      (leg.marks === undefined ? key.startsWith('category:') : leg.marks.includes(key)) &&
      (leg.categories === undefined || leg.categories.includes(category)),
  );
}

/** FNV-1a over UTF-16 units, in 256 parts: what a few lines of script can do as well. */
export function shardOf(address: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < address.length; at++) hash = Math.imul(hash ^ address.charCodeAt(at), 0x01000193) >>> 0;
  return (hash & 0xff).toString(16).padStart(2, '0');
}
