import { z } from 'zod';
import { SourceUnreachable } from '#core/errors.ts';
import { type PackageType, purlOf } from '#core/purl.ts';
import type { PackageRef, RemoteRef, Sighting } from '#domain/server.ts';
import { dropped, give, repositoryAt, sightingOf } from '../found.ts';
import { inputNamed } from '../inputs.ts';
import { type DiscoverOptions, type Dropped, homeOf, type Source } from '../source.ts';
import { literalWords, startOf } from '../start.ts';
import { Fields, List, Text, Web } from '../texts.ts';

const politeness = { concurrency: 1, interval: 0 };
/** The list of all packages names neither their runtime nor their repository, so that the files themselves are read. */
const PACKAGES = /^packages\/[^/]+\/[^/]+\.json$/;
const TYPES: Readonly<Record<string, PackageType>> = { node: 'npm', python: 'pypi', docker: 'oci' };
/** A scope under which the index files remote servers; no packages of these names exist. */
const REMOTES = '@toolsdk-remote/';

const Entry = z.object({
  packageName: z.string().regex(/^[^\s\p{Cc}]{1,200}$/u),
  runtime: z.string().regex(/^[a-z]{1,20}$/),
  packageVersion: Text,
  bin: Text,
  name: Text,
  description: Text,
  url: Web,
  env: Fields,
  binArgs: List,
  remotes: List,
});
type Entry = z.output<typeof Entry>;

/** One package file of ToolSDK's registry as a sighting. */
export function mapToolsdkPackage(record: unknown): Sighting | Dropped {
  const { data } = Entry.safeParse(record);
  if (!data) return dropped(record, 'packageName', 'not a package file: packageName or runtime is missing');
  return sightingOf({
    source: 'toolsdk',
    listing: `${data.runtime}:${data.packageName}`,
    name: data.packageName,
    title: data.name,
    description: data.description,
    repository: repositoryAt(data.url),
    packages: isStandIn(data) ? [] : packagesOf(data),
    remotes: data.remotes.flatMap((one): readonly RemoteRef[] => startOf(one).remotes),
  });
}

/**
 * Whether the package's name is one that the index made up: where it knew no package it wrote words of the title
 * (`discord` for Discord MCP; some 2,400 of 4,900 files). A package of such a name mostly exists, and is somebody else's.
 * So a name counts only that has a scope, says `mcp`, or comes with something only a real package has; others are found
 * where they are published.
 */
function isStandIn({ packageName, name, bin, packageVersion, binArgs }: Entry): boolean {
  if (name === undefined || bin !== undefined || packageVersion !== undefined || binArgs.length > 0) return false;
  return !/^@|mcp/i.test(packageName);
}

function packagesOf({ packageName, packageVersion, runtime, env, binArgs }: Entry): PackageRef[] {
  const type = Object.hasOwn(TYPES, runtime) ? TYPES[runtime]! : undefined;
  const purl = type && !packageName.startsWith(REMOTES) ? purlOf(type, packageName) : undefined;
  if (purl === undefined) return [];
  const inputs = Object.entries(env).flatMap(([name, said]) =>
    inputNamed(name, said !== null && typeof said === 'object' ? said : {}),
  );
  const args = literalWords(binArgs.filter((word) => typeof word === 'string'));
  return [
    {
      purl,
      ...(packageVersion !== undefined && { version: packageVersion }),
      ...(inputs.length > 0 && { env: inputs }),
      ...(args.length > 0 && { args }),
    },
  ];
}

async function* discover(options: DiscoverOptions): AsyncGenerator<Sighting | Dropped> {
  const { http, settings, stop } = options;
  const url = new URL(
    'toolsdk-ai/toolsdk-mcp-registry/tar.gz/HEAD',
    homeOf(settings, 'toolsdk', 'https://codeload.github.com'),
  );
  const files = await http.files(url, PACKAGES, { politeness, stop });
  if (files.size === 0)
    throw new SourceUnreachable(`${url.host} answered without a list of packages at ${url.pathname}`);
  yield* give(files, readPackage, options);
}

function readPackage([path, text]: [string, string]): Sighting | Dropped {
  try {
    return mapToolsdkPackage(JSON.parse(text));
  } catch {
    return { listing: path.slice(0, 200), reason: 'the file is no JSON' };
  }
}

export default {
  id: 'toolsdk',
  title: 'ToolSDK MCP Registry',
  terms: 'Data from the ToolSDK MCP Registry (github.com/toolsdk-ai/toolsdk-mcp-registry), MIT licence.',
  can: { sweep: true, recent: false },
  politeness,
  discover,
} satisfies Source;
