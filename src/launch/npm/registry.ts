import { mkdir } from 'node:fs/promises';
import npa from 'npm-package-arg';
import pacote from 'pacote';
import { npmLibraryOptions, npmNetwork } from '#core/npm-network.ts';
import { parsePurl } from '#core/purl.ts';
import { registryName } from '#core/registry-name.ts';
import type { Artefact } from '#domain/launch.ts';
import type { PackageRef } from '#domain/server.ts';
import type { ResolveOptions, Unavailable } from '../resolver.ts';
import { npmCache } from './cache.ts';
import { unavailableFrom } from './errors.ts';

/** Bytes of one unpacked package, as its publisher's npm counted them, beyond which it is not fetched. */
export const PACKAGE_MAX = 300e6;
/** Milliseconds for one answer of the registry. */
const PATIENCE = 30_000;

/** Options of npm's libraries: the operator's network, our cache, and nothing but registries to fetch from. */
export async function libraryOptions({ home, registry, signal }: ResolveOptions): Promise<pacote.Options> {
  const cache = npmCache(home).pacote;
  await mkdir(cache, { recursive: true });
  return {
    ...npmLibraryOptions(await npmNetwork(registry)),
    cache,
    fetchRetries: 2,
    fetchRetryFactor: 2,
    fetchRetryMintimeout: 500,
    fetchRetryMaxtimeout: 5_000,
    timeout: PATIENCE,
    allowGit: 'none',
    allowRemote: 'none',
    allowFile: 'none',
    allowDirectory: 'none',
    ...(signal && { signal }),
  } as pacote.Options;
}

/** Asks the registry what a reference means today: version, hash, licence, date. A conditional request, cached under home. */
export async function currentNpm(ref: PackageRef, options: ResolveOptions): Promise<Artefact | Unavailable> {
  const name = parsePurl(ref.purl)?.name ?? '';
  // Not the tag `latest`: npm and npx pass over a deprecated version where they are not asked for one.
  const wanted = ref.version ?? '*';
  const refuse = (reason: string, detail: string): Unavailable => ({
    phase: 'resolve',
    reason,
    detail,
    temporary: false,
  });
  if (!isVersion(name, wanted)) return refuse('no-version', `'${wanted}' is not a version of ${name}`);
  try {
    const manifest = await pacote.manifest(`${name}@${wanted}`, {
      ...(await libraryOptions(options)),
      fullMetadata: true,
      preferOnline: true,
    });
    const {
      version,
      license,
      _integrity: integrity,
      _time: publishedAt,
      mcpName,
      gitHead,
    } = manifest as typeof manifest & {
      _integrity?: unknown;
      _time?: unknown;
      mcpName?: unknown;
      gitHead?: unknown;
    };
    if (manifest.name !== name || typeof version !== 'string')
      return refuse('bad-manifest', `the registry answers with ${manifest.name}@${version}`);
    if (typeof integrity !== 'string' || integrity === '')
      return refuse('integrity', `the registry states no hash for ${name}@${version}`);
    return {
      purl: ref.purl,
      name,
      version,
      integrity,
      ...(typeof license === 'string' && { license: license.slice(0, 100) }),
      ...(typeof publishedAt === 'string' && { publishedAt }),
      ...(typeof gitHead === 'string' && /^[0-9a-f]{40}$/.test(gitHead) && { commit: gitHead }),
      bears: [registryName(mcpName) ?? []].flat(),
    };
  } catch (error) {
    options.signal?.throwIfAborted();
    return unavailableFrom('resolve', error);
  }
}

/** A version, range or tag; anything else after the @ (a path, an address, an alias) would fetch something else. */
export function isVersion(name: string, wanted: string): boolean {
  try {
    const spec = npa.resolve(name, wanted);
    return spec.type === 'version' || spec.type === 'range' || spec.type === 'tag';
  } catch {
    return false;
  }
}

/** The refusal of a package that unpacks to more than the limit. */
export function tooLarge(): Unavailable {
  const detail = `the package unpacks to more than ${PACKAGE_MAX / 1e6} MB`;
  return { phase: 'install', reason: 'too-large', detail, temporary: false };
}

/** Refuses an artefact whose publisher says that it is too large, or whose hash has changed since it was looked up. */
export async function gate(artefact: Artefact, options: ResolveOptions): Promise<Unavailable | undefined> {
  const refuse = (reason: string, detail: string): Unavailable => ({
    phase: 'install',
    reason,
    detail,
    temporary: false,
  });
  try {
    const { name, version, integrity } = artefact;
    const manifest = await pacote.manifest(`${name}@${version}`, {
      ...(await libraryOptions(options)),
      fullMetadata: true,
      preferOffline: true,
    });
    const stated = (manifest as { _integrity?: string })._integrity;
    if (stated !== integrity) return refuse('integrity', `expected ${integrity}, the registry now states ${stated}`);
    const size = Number(manifest.dist?.unpackedSize ?? 0);
    return size > PACKAGE_MAX ? tooLarge() : undefined;
  } catch (error) {
    options.signal?.throwIfAborted();
    return unavailableFrom('install', error);
  }
}
