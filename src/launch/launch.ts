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

/** The packages of a server that can be got at from here, in their order, each with the resolver that takes it. */
export function launchable(
  packages: readonly PackageRef[],
  resolvers: readonly Resolver[],
): readonly { readonly ref: PackageRef; readonly resolver: Resolver }[] {
  return packages.flatMap((ref) => {
    const resolver = resolverFor(ref.purl, resolvers);
    return resolver ? [{ ref, resolver }] : [];
  });
}
