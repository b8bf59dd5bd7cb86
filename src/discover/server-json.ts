import { z } from 'zod';
import type { PackageRef, RemoteRef, Repository, Verified } from '#domain/server.ts';
import { inputOf, loose, Package, packageRefOf, Remote } from './server-json-package.ts';
import { Text, Web } from './texts.ts';

/** A server.json of any generation since May 2025, its keys in today's spelling. Only what a sighting needs. */
export const ServerJson = z.object({
  name: z
    .string()
    .max(200)
    .regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/),
  title: Text,
  description: Text,
  websiteUrl: Web,
  repository: z
    .object({ url: z.string().min(1).max(2_000), subfolder: Text, id: Text })
    .optional()
    .catch(undefined),
  packages: loose(Package),
  remotes: loose(Remote),
});
export type ServerJson = z.output<typeof ServerJson>;

/** Names that older generations gave to fields. */
const RENAMED: Readonly<Record<string, string>> = { registryName: 'registryType', packageName: 'identifier' };
const DEEPEST = 8;

/** A record with its keys in today's spelling: snake case becomes camel case, old names become new ones. */
export function modernised(value: unknown, depth = 0): unknown {
  if (depth > DEEPEST || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => modernised(item, depth + 1));
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => {
    // These keys are names that a publisher chose and uses elsewhere.
    if (key === 'variables') return [key, modernisedValues(item, depth + 1)];
    const camel = camelCase(key);
    return [RENAMED[camel] ?? camel, modernised(item, depth + 1)];
  });
  const record = Object.fromEntries(entries);
  // In May 2025 a package's identifier was called its name.
  return 'registryType' in record && !('identifier' in record) ? { ...record, identifier: record.name } : record;
}

function modernisedValues(value: unknown, depth: number): unknown {
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, modernised(item, depth + 1)]));
}

function camelCase(key: string): string {
  return key.replace(/(?<=[a-z])_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

export function repositoryOf({ repository }: ServerJson): Repository | undefined {
  if (!repository) return undefined;
  const { url, subfolder, id } = repository;
  return { url, ...(subfolder !== undefined && { subfolder }), ...(id !== undefined && { forgeId: id }) };
}

/** The packages whose kind and name can be known. */
export function packagesOf({ packages }: ServerJson): readonly PackageRef[] {
  return packages.flatMap((found) => packageRefOf(found) ?? []);
}

export function remotesOf({ remotes }: Pick<ServerJson, 'remotes'>): readonly RemoteRef[] {
  return remotes.flatMap(({ type, transportType, url, headers, variables }) => {
    if (url === undefined) return [];
    const word = (type ?? transportType ?? 'streamable-http').toLowerCase();
    return [
      {
        type: word === 'sse' ? ('sse' as const) : ('streamable-http' as const),
        url,
        ...(headers.length > 0 && { headers: headers.map(inputOf) }),
        ...(variables.length > 0 && { variables: variables.map(inputOf) }),
      },
    ];
  });
}

/**
 * Who publishes under a name of the official registry: it gives `io.github.owner/…` only to who signs in as that owner
 * at GitHub, and every other namespace only to who proves by DNS or HTTP that the domain is theirs.
 */
export function publisherOf(name: string): Verified | undefined {
  const [namespace = ''] = name.toLowerCase().split('/');
  const [, owner] = /^io\.github\.([a-z0-9][a-z0-9-]*)$/.exec(namespace) ?? [];
  if (owner !== undefined) return { publisher: `github.com/${owner}`, proof: 'account' };
  const labels = namespace.split('.').toReversed();
  return labels.length < 2 || labels.includes('') ? undefined : { publisher: labels.join('.'), proof: 'domain' };
}
