import { z } from 'zod';
import { type PackageType, purlOf } from '#core/purl.ts';
import type { Input, PackageRef, RemoteRef, Repository } from '#domain/server.ts';
import { isPlaceholder } from './inputs.ts';
import { Text, Web } from './texts.ts';

/** A list of which elements of another shape are left out; anything but a list is an empty one. */
function loose<T extends z.ZodType>(element: T) {
  return z
    .array(z.unknown())
    .catch([])
    .transform((items) => items.flatMap((item) => element.safeParse(item).data ?? []) as z.output<T>[]);
}

const Flag = z.boolean().optional().catch(undefined);

const Argument = z.object({
  type: z.string().catch('positional'),
  name: Text,
  value: Text,
  default: Text,
});
type Argument = z.output<typeof Argument>;

const Variable = z.object({
  name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,199}$/),
  description: Text,
  isRequired: Flag,
  isSecret: Flag,
  default: Text,
  choices: loose(z.string().max(500)),
});

const Package = z.object({
  registryType: z.string().max(40),
  identifier: z.string().max(500),
  version: Text,
  packageArguments: loose(Argument),
  environmentVariables: loose(Variable),
});

const Remote = z.object({ type: Text, transportType: Text, url: Web });

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
    const camel = key.replace(/(?<=[a-z])_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    return [RENAMED[camel] ?? camel, modernised(item, depth + 1)];
  });
  const record = Object.fromEntries(entries);
  // In May 2025 a package's identifier was called its name.
  return 'registryType' in record && !('identifier' in record) ? { ...record, identifier: record.name } : record;
}

export function repositoryOf({ repository }: ServerJson): Repository | undefined {
  if (!repository) return undefined;
  const { url, subfolder, id } = repository;
  return { url, ...(subfolder !== undefined && { subfolder }), ...(id !== undefined && { forgeId: id }) };
}

const TYPES: Readonly<Record<string, PackageType>> = {
  npm: 'npm',
  pypi: 'pypi',
  oci: 'oci',
  docker: 'oci',
  nuget: 'nuget',
  cargo: 'cargo',
};

/** The packages whose kind and name can be known; archives (`mcpb`) have no name of their own and are left out. */
export function packagesOf({ packages }: ServerJson): readonly PackageRef[] {
  return packages.flatMap((found) => {
    const type = TYPES[found.registryType.toLowerCase()];
    const purl = type && purlOf(type, found.identifier);
    if (!purl) return [];
    const env = found.environmentVariables.map(inputOf);
    const args = literalArguments(found.packageArguments);
    const version = found.version ?? (type === 'oci' ? /:([^/:@]+)(?:@.*)?$/.exec(found.identifier)?.[1] : undefined);
    return [
      {
        purl,
        ...(version !== undefined && { version }),
        ...(env.length > 0 && { env }),
        ...(args.length > 0 && { args }),
      },
    ];
  });
}

function inputOf(variable: z.output<typeof Variable>): Input {
  const { name, description, isRequired, isSecret, choices } = variable;
  return {
    name,
    ...(description !== undefined && { description }),
    ...(isRequired !== undefined && { required: isRequired }),
    ...(isSecret !== undefined && { secret: isSecret }),
    ...(variable.default !== undefined && { default: variable.default }),
    ...(choices.length > 0 && { choices }),
  };
}

/** The arguments that a publisher fixed. From the first position that a user must fill, positions no longer hold. */
function literalArguments(given: readonly Argument[]): readonly string[] {
  const literal: string[] = [];
  for (const argument of given) {
    const value = argument.value ?? argument.default;
    if (value !== undefined && isPlaceholder(value)) {
      if (argument.type === 'positional') break;
      continue;
    }
    if (argument.type === 'positional') {
      if (value === undefined) break;
      literal.push(value);
    } else if (argument.name !== undefined && !isPlaceholder(argument.name))
      literal.push(...named(argument.name, value));
  }
  return literal;
}

/** In May 2025 a named argument's name and value were both `--name value`. */
function named(name: string, value: string | undefined): readonly string[] {
  const [flag = name, ...rest] = name.split(' ');
  if (value === undefined || value === name) return rest.length > 0 ? [flag, rest.join(' ')] : [flag];
  return [name, value];
}

export function remotesOf({ remotes }: ServerJson): readonly RemoteRef[] {
  return remotes.flatMap(({ type, transportType, url }) => {
    const word = (type ?? transportType ?? 'streamable-http').toLowerCase();
    return url === undefined ? [] : [{ type: word === 'sse' ? ('sse' as const) : ('streamable-http' as const), url }];
  });
}
