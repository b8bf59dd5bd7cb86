import { join } from 'node:path';
import { plugins } from '#core/plugins.ts';
import { parsePurl } from '#core/purl.ts';
import type { PackageRef } from '#domain/server.ts';
import type { Resolver } from './resolver.ts';

/** All resolvers, in order of id. */
export function loadResolvers(): Promise<readonly Resolver[]> {
  return plugins<Resolver>(join(import.meta.dirname, 'resolvers'));
}

/** The resolver that takes a purl, if there is one. */
export function resolverFor(purl: string, resolvers: readonly Resolver[]): Resolver | undefined {
  const type = parsePurl(purl)?.type;
  return resolvers.find((resolver) => resolver.purlType === type);
}

/** The first package of a server that can be launched from here, and the resolver that takes it. */
export function launchable(
  packages: readonly PackageRef[],
  resolvers: readonly Resolver[],
): { readonly ref: PackageRef; readonly resolver: Resolver } | undefined {
  for (const ref of packages) {
    const resolver = resolverFor(ref.purl, resolvers);
    if (resolver) return { ref, resolver };
  }
  return undefined;
}
