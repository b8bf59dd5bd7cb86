import type { Sighting } from '#domain/server.ts';
import { aliasOf, type Claims, isOwnWord } from './identity.ts';

/** What packages say of which registry name is theirs. */
export interface Proofs {
  /** Whether the package at an address names this registry name, and a listing of that name names the package. */
  isMutual(address: string, registryName: string | undefined): boolean;
  /** Whether it names only others: a listing of this name that claims it is not believed. */
  isDenied(address: string, registryName: string | undefined): boolean;
  /** Sightings that are one by such a proof: the address that says so, and who they are. */
  readonly links: readonly { readonly address: string; readonly members: readonly number[] }[];
}

/**
 * Reads which packages bear which registry names. Either side alone proves nothing: anyone may write any name into a
 * package, as any package into a listing. Both together do, and then what the package's own registry says of the package
 * is of that server too, wherever either says that its source lies.
 */
export function proofsOf(sightings: readonly Sighting[], all: readonly Claims[]): Proofs {
  const borne = new Map<string, Set<string>>();
  const speakers = new Map<string, number[]>();
  for (const [i, { artefacts }] of all.entries())
    for (const address of artefacts) {
      const one = sightings[i]!;
      if (one.bears === undefined && !isOwnWord(one, aliasOf(address).key)) continue;
      speakers.set(address, [...(speakers.get(address) ?? []), i]);
      for (const name of one.bears ?? [])
        borne.set(address, (borne.get(address) ?? new Set<string>()).add(name.toLowerCase()));
    }
  const claimants = new Map<string, { readonly address: string; readonly name: string; readonly members: number[] }>();
  for (const [i, { artefacts, registryName }] of all.entries()) {
    if (registryName === undefined || sightings[i]!.status === 'deleted') continue;
    for (const address of artefacts) {
      if (!borne.get(address)?.has(registryName)) continue;
      const key = `${registryName} ${address}`;
      const known = claimants.get(key) ?? { address, name: registryName, members: [] };
      claimants.set(key, known);
      known.members.push(i);
    }
  }
  const links = [...claimants.values()].map(({ address, name, members }) => ({
    address: `registry:${name}`,
    members: [...members, ...(speakers.get(address) ?? [])],
  }));
  return {
    isMutual: (address, name) => name !== undefined && claimants.has(`${name} ${address}`),
    isDenied: (address, name) => {
      const known = borne.get(address);
      return name !== undefined && known !== undefined && known.size > 0 && !known.has(name);
    },
    links,
  };
}
