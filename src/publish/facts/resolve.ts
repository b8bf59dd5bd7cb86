import type { Wanted } from '#discover/wanted.ts';
import type { CatalogueServer } from '#domain/catalogue.ts';
import { type AcrossCombination, combinationsAcross } from '#recommend/across.ts';
import type { Catalogue } from '../catalogue.ts';

/** One entry of a setup and the server that the catalogue has for it. */
export interface Resolved {
  readonly wanted: Wanted;
  /** Absent where the catalogue has none. */
  readonly server?: CatalogueServer;
  /** The address that led to it. */
  readonly by?: string;
}

/** A setup as the catalogue sees it. */
export interface ResolvedSetup {
  /** In the order in which they were asked. */
  readonly entries: readonly Resolved[];
  /** What all servers found can do together, the gravest first. */
  readonly combinations: readonly AcrossCombination[];
}

/** Entries looked up at once: one asker is not to have all of the database's connections. */
const AT_ONCE = 4;

/** Looks up what a setup names (`readSetup`), each entry by the first of its addresses that the catalogue knows. */
export async function resolveSetup(
  catalogue: Pick<Catalogue, 'find'>,
  wanted: readonly Wanted[],
): Promise<ResolvedSetup> {
  const seen = new Map<string, ReturnType<Catalogue['find']>>();
  const find = (address: string) => {
    const found = seen.get(address) ?? catalogue.find(address, 'visit');
    seen.set(address, found);
    return found;
  };
  const entries: Resolved[] = [];
  for (let at = 0; at < wanted.length; at += AT_ONCE)
    entries.push(...(await Promise.all(wanted.slice(at, at + AT_ONCE).map((one) => resolve(one, find)))));
  return { entries, combinations: combinationsAcross(entries.flatMap(({ server }) => server ?? [])) };
}

async function resolve(wanted: Wanted, find: Catalogue['find']): Promise<Resolved> {
  for (const address of wanted.addresses) {
    const found = await find(address);
    if (found) return { wanted, server: found.server, by: address };
  }
  return { wanted };
}
