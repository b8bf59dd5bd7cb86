import { displayName } from '#core/display-name.ts';
import { parsePurl } from '#core/purl.ts';
import type { CatalogueServer } from '#domain/catalogue.ts';
import type { Argument, Input, PackageRef, RemoteRef, Repository } from '#domain/server.ts';

const SCHEMA = 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json';
/** The namespace of what is ours: names of servers that the official registry has none for, and our own facts. */
export const NAMESPACE = 'io.github.plimsoll';
/** What the registry's schema allows. */
const LONGEST = { name: 200, title: 100, description: 100 };
/** Registries that the schema knows, by type of purl. */
const TYPES: Readonly<Record<string, string>> = {
  npm: 'npm',
  pypi: 'pypi',
  oci: 'oci',
  nuget: 'nuget',
  cargo: 'cargo',
  mcpb: 'mcpb',
};

/**
 * A server's name in the shape that registries have: its proven one, else its slug in our namespace. A slug's slash
 * becomes a dot, and whatever a name must not hold `_` and its bytes in hex, so that no two slugs share a name.
 */
export function registryNameOf(slug: string, proven: string | undefined): string {
  if (proven !== undefined) return proven;
  const escaped = [...Buffer.from(slug)].map((byte) => {
    const char = String.fromCharCode(byte);
    return char === '/' ? '.' : /[A-Za-z0-9-]/.test(char) ? char : `_${byte.toString(16).padStart(2, '0')}`;
  });
  return `${NAMESPACE}/${escaped.join('')}`;
}

/** Under what the catalogue finds a server of such a name; undefined for what is no such name. */
export function keyOfName(name: string): string | undefined {
  if (!/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/.test(name)) return undefined;
  if (!name.startsWith(`${NAMESPACE}/`)) return `registry:${name.toLowerCase()}`;
  const rest = name.slice(NAMESPACE.length + 1);
  if (/_(?![0-9a-f]{2})/.test(rest)) return undefined;
  const bytes = Buffer.from(
    rest
      .replaceAll('.', '/')
      .replace(/_([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
  const slug = bytes.toString('utf8');
  return registryNameOf(slug, undefined) === name ? slug : undefined;
}

/** The server as a server.json of December 2025. What the schema has no place for is left out. */
export function serverJsonOf(server: CatalogueServer, name: string): Record<string, unknown> {
  const { repository, packages, remotes, homepage, visit } = server;
  const version = visit?.artefact?.version ?? packages.find((one) => one.version !== undefined)?.version;
  return {
    $schema: SCHEMA,
    name,
    title: cut(displayName(server), LONGEST.title),
    description: cut(server.description?.trim() || displayName(server), LONGEST.description),
    version: version ?? '0.0.0-unknown',
    ...(repository && { repository: repositoryOf(repository) }),
    ...(homepage !== undefined && { websiteUrl: homepage }),
    ...(packages.length > 0 && { packages: packages.flatMap((one) => packageOf(one) ?? []) }),
    ...(remotes.length > 0 && { remotes: remotes.map(remoteOf) }),
  };
}

function cut(text: string, most: number): string {
  const chars = [...text.toWellFormed()];
  return chars.length <= most ? chars.join('') : `${chars.slice(0, most - 1).join('')}…`;
}

function repositoryOf({ url, subfolder, forgeId }: Repository) {
  const host = URL.parse(url)?.hostname.replace(/^www\./, '');
  const source = host === 'github.com' ? 'github' : host === 'gitlab.com' ? 'gitlab' : undefined;
  return {
    url,
    ...(source !== undefined && { source }),
    ...(forgeId !== undefined && { id: forgeId }),
    ...(subfolder !== undefined && { subfolder }),
  };
}

function packageOf(ref: PackageRef) {
  const found = parsePurl(ref.purl);
  const registryType = found && Object.hasOwn(TYPES, found.type) ? TYPES[found.type] : undefined;
  if (!found || registryType === undefined) return undefined;
  const { version, env = [], runtimeHint, transport = 'stdio', sha256 } = ref;
  const own = ref.arguments ?? ref.args?.map((value): Argument => ({ type: 'positional', value })) ?? [];
  return {
    registryType,
    identifier: found.name,
    ...(version !== undefined && { version }),
    ...(sha256 !== undefined && { fileSha256: sha256 }),
    ...(runtimeHint !== undefined && { runtimeHint }),
    transport: { type: transport },
    ...(ref.runtimeArguments && { runtimeArguments: ref.runtimeArguments.map(argumentOf) }),
    ...(own.length > 0 && { packageArguments: own.map(argumentOf) }),
    ...(env.length > 0 && { environmentVariables: env.map((one) => ({ name: one.name, ...saidOf(one) })) }),
  };
}

function argumentOf(given: Argument) {
  const { type, name, value, hint, repeated } = given;
  return {
    type,
    ...(name !== undefined && { name }),
    ...(value !== undefined && { value }),
    ...(hint !== undefined && { valueHint: hint }),
    ...(repeated !== undefined && { isRepeated: repeated }),
    ...saidOf(given),
  };
}

function saidOf({ description, required, secret, choices, format, default: usual }: Omit<Input, 'name'>) {
  return {
    ...(description !== undefined && { description }),
    ...(required !== undefined && { isRequired: required }),
    ...(secret !== undefined && { isSecret: secret }),
    ...(usual !== undefined && { default: usual }),
    ...(choices && { choices: [...choices] }),
    ...(format !== undefined && { format }),
  };
}

function remoteOf({ type, url, headers = [], variables = [] }: RemoteRef) {
  return {
    type,
    url,
    ...(headers.length > 0 && { headers: headers.map((one) => ({ name: one.name, ...saidOf(one) })) }),
    ...(variables.length > 0 && { variables: Object.fromEntries(variables.map((one) => [one.name, saidOf(one)])) }),
  };
}
