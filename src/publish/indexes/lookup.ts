import { displayName } from '#core/display-name.ts';
import type { AddressedServer, LegQuery } from '#domain/lists.ts';
import { type Category, RISKS } from '#domain/verdict.ts';
import type { IndexFiles } from '../addresses/index-files.ts';
import { LEGS } from '../browse/legs.ts';

/**
 * Servers by the addresses that a setup may name, cut by a hash of the address, with what the page for setups says of
 * each. What `check.js` reads.
 */
export default {
  id: 'lookup',
  *files({ servers }, links) {
    const shards = new Map<string, Record<string, unknown>>();
    for (const server of servers) {
      const { slug, verdicts } = server;
      const risks = RISKS.map((risk) => sum(verdicts.filter((one) => one.risk === risk)));
      const legs = [...LEGS].filter(([, leg]) => fills(server, leg)).map(([key]) => key);
      const entry = [slug, displayName(server), links.server(slug), sum(verdicts), risks, legs];
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

function sum(verdicts: AddressedServer['verdicts']): number {
  return verdicts.reduce((all, one) => all + one.tools, 0);
}

function fills({ verdicts, facets }: AddressedServer, { marks, categories }: LegQuery): boolean {
  const fits = (category: Category) => categories === undefined || categories.includes(category);
  if (marks === undefined) return verdicts.some(({ category }) => fits(category));
  return facets.some(({ facet, category }) => marks.includes(facet) && fits(category));
}

/** FNV-1a over UTF-16 units, in 256 parts: what a few lines of script can do as well. */
export function shardOf(address: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < address.length; at++) hash = Math.imul(hash ^ address.charCodeAt(at), 0x01000193) >>> 0;
  return (hash & 0xff).toString(16).padStart(2, '0');
}
