import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import pacote from 'pacote';
import { z } from 'zod';
import type { Artefact } from '#domain/launch.ts';
import { readText } from '../hints/read-text.ts';
import { folderSize } from '../open-up.ts';
import type { ResolveOptions, Unavailable } from '../resolver.ts';
import { isOfSameMakers } from '../same-makers.ts';
import { unavailableFrom } from './errors.ts';
import { isVersion, libraryOptions, PACKAGE_MAX, tooLarge } from './registry.ts';

/** Packages of the same makers that come along, and bytes that they may unpack to in all. */
const COMPANIONS_MAX = 24;
const COMPANION_BYTES_MAX = 60e6;
const MANIFEST_MAX = 1_000_000;

const Dependencies = z.object({ dependencies: z.record(z.string(), z.string().catch('')).catch({}) });

/**
 * Unpacks a package, and those of its dependencies that are of the same makers and may hold its tools, to where npm would
 * put them in `folder`. The package's hash is checked against the artefact's, the others' against the registry's.
 * A companion that cannot be had is left out.
 */
export async function extractPackage(
  { name, version, integrity }: Artefact,
  folder: string,
  options: ResolveOptions,
): Promise<Unavailable | undefined> {
  const library = await libraryOptions(options);
  const place = (packageName: string) => join(folder, 'node_modules', packageName);
  try {
    const exact = { ...library, integrity };
    if (await inflatesBeyond(PACKAGE_MAX, `${name}@${version}`, exact)) return tooLarge();
    await pacote.extract(`${name}@${version}`, place(name), exact);
  } catch (error) {
    options.signal?.throwIfAborted();
    return unavailableFrom('install', error);
  }
  const wanted = await companions(place(name), name);
  const taken = new Set([name]);
  let bytes = 0;
  for (let next = wanted.shift(); next && taken.size <= COMPANIONS_MAX; next = wanted.shift()) {
    if (taken.has(next.name) || !isVersion(next.name, next.range)) continue;
    taken.add(next.name);
    try {
      const manifest = await pacote.manifest(`${next.name}@${next.range}`, library);
      // Some registries do not say how large a package is; then its size counts once it is there.
      const stated = Number(manifest.dist?.unpackedSize ?? 0);
      const { _integrity: integrity } = manifest as { _integrity?: string };
      const exact = { ...library, ...(integrity !== undefined && { integrity }) };
      const spec = `${next.name}@${manifest.version}`;
      const left = COMPANION_BYTES_MAX - bytes;
      if (stated > left || (await inflatesBeyond(left, spec, exact))) break;
      await pacote.extract(spec, place(next.name), exact);
      bytes += await folderSize(place(next.name), COMPANION_BYTES_MAX);
      wanted.push(...(await companions(place(next.name), name)));
    } catch (error) {
      options.signal?.throwIfAborted();
      unavailableFrom('install', error);
    }
  }
  return undefined;
}

/** Whether an archive unpacks to more than so many bytes: a small one can hold terabytes of zeros. It stays in the cache. */
async function inflatesBeyond(limit: number, spec: string, options: pacote.Options): Promise<boolean> {
  let bytes = 0;
  await pacote.tarball.stream(
    spec,
    async (stream) => {
      bytes = 0;
      const inflated = createGunzip();
      stream.on('error', (error) => inflated.destroy(error)).pipe(inflated);
      for await (const chunk of inflated) {
        bytes += (chunk as Buffer).length;
        if (bytes > limit) break;
      }
      stream.resume();
    },
    options,
  );
  return bytes > limit;
}

/** The dependencies of an unpacked package that may hold tools of the server `name`. */
async function companions(folder: string, name: string): Promise<{ name: string; range: string }[]> {
  const text = await readText(join(folder, 'package.json'), MANIFEST_MAX);
  try {
    const { dependencies } = Dependencies.parse(JSON.parse(text ?? ''));
    const listed = Object.entries(dependencies).filter(([other]) => isOfSameMakers(name, other));
    return listed.map(([other, range]) => ({ name: other, range }));
  } catch {
    return [];
  }
}
