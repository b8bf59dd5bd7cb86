import type { Artefact } from '#domain/launch.ts';
import type { PackageRef, RemoteRef, Server } from '#domain/server.ts';
import { launchable } from '#launch/launch.ts';
import { isUnavailable, type ResolveOptions, type Resolver, type Unavailable } from '#launch/resolver.ts';

/** One way to a server: a package to launch, or an address where it runs. */
export type Candidate =
  | { readonly kind: 'package'; readonly ref: PackageRef; readonly resolver: Resolver }
  | { readonly kind: 'remote'; readonly remote: RemoteRef };

/** A candidate in the state that it is in now. `key` tells states apart: the same key again means that nothing is new. */
export interface Asked {
  readonly candidate: Candidate;
  readonly key: string;
  /** Of a package: the version there is, or why there is none. */
  readonly current?: Artefact | Unavailable;
}

/** All ways to a server, the most trusted first: its packages in their order, then its remote addresses. */
export function candidatesOf(
  server: Pick<Server, 'packages' | 'remotes'>,
  options: { readonly resolvers: readonly Resolver[]; readonly remotes: boolean },
): readonly Candidate[] {
  const packages = launchable(server.packages, options.resolvers).map((way) => ({ kind: 'package', ...way }) as const);
  const remotes = options.remotes ? server.remotes.map((remote) => ({ kind: 'remote', remote }) as const) : [];
  return [...packages, ...remotes];
}

/** Asks each candidate once, and only when it is its turn: most servers are told by their first. */
export function asker(candidates: readonly Candidate[], options: ResolveOptions): (index: number) => Promise<Asked> {
  const answers = new Map<number, Promise<Asked>>();
  return (index) => {
    const answer = answers.get(index) ?? ask(candidates[index]!, options);
    answers.set(index, answer);
    return answer;
  };
}

async function ask(candidate: Candidate, options: ResolveOptions): Promise<Asked> {
  if (candidate.kind === 'remote') return { candidate, key: `remote ${candidate.remote.url}` };
  const current = await candidate.resolver.current(candidate.ref, options);
  options.signal?.throwIfAborted();
  const key = isUnavailable(current)
    ? `${candidate.ref.purl} ${current.reason}`
    : `${current.purl} ${current.version} ${current.integrity}`;
  return { candidate, key, current };
}

/**
 * Whether everything that the last visit asked is as it was. A visit that listed stopped asking there; one that did not
 * went through all that there was, and then a new candidate is news as well.
 */
export async function isUnchanged(
  last: { readonly asked: readonly string[] | null; readonly outcome: string },
  candidates: readonly Candidate[],
  at: (index: number) => Promise<Asked>,
): Promise<boolean> {
  const { asked, outcome } = last;
  if (asked === null || asked.length > candidates.length) return false;
  if (outcome !== 'listed' && asked.length < candidates.length) return false;
  for (const [index, key] of asked.entries()) if ((await at(index)).key !== key) return false;
  return true;
}
