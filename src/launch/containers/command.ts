import { findEngine } from '#core/engine.ts';
import { parsePurl } from '#core/purl.ts';
import type { PackageRef } from '#domain/server.ts';
import {
  type InstallOptions,
  isUnavailable,
  type ResolveOptions,
  type Resolver,
  type Unavailable,
} from '../resolver.ts';
import { localImage } from './image.ts';

/** A program of an image, and what comes before a server's own arguments. */
export type Command = readonly [program: string, ...before: string[]];

/**
 * A resolver for packages that no installer of ours knows: it resolves to a command that runs the package in a container
 * image of the operator's, which holds what the command needs. Without such an image nothing is resolved.
 */
export function commandResolver(
  id: string,
  what: string,
  command: (name: string, version: string) => Command,
): Resolver {
  const refuse = (reason: string, detail: string): Unavailable => ({
    phase: 'resolve',
    reason,
    detail,
    temporary: false,
  });

  async function imageOf(options: ResolveOptions) {
    const image = options.containers?.images[id];
    if (image === undefined)
      return refuse('no-image', `No image that runs ${what} is named: PLIMSOLL_CONTAINER_IMAGES, as ${id}=IMAGE.`);
    const engine = await findEngine(options.containers!.engine);
    if (typeof engine === 'string') return refuse('no-engine', `No container engine: ${engine}.`);
    return (await localImage(engine, image)) ?? refuse('no-image', `${engine.name} has no image ${image}.`);
  }

  async function current(ref: PackageRef, options: ResolveOptions) {
    const name = parsePurl(ref.purl)?.name ?? '';
    if (ref.version === undefined) return refuse('no-version', 'Its registry is not asked, and no version is named.');
    const image = await imageOf(options);
    if (isUnavailable(image)) return image;
    // The image is what runs; it stands for the package, whose own bytes nobody has seen.
    const integrity = `sha256-${Buffer.from(image.digest, 'hex').toString('base64')}`;
    return { purl: ref.purl, name, version: ref.version, integrity };
  }

  return {
    id,
    purlType: id,
    current,
    async install(_, options: InstallOptions) {
      const image = await imageOf(options);
      return isUnavailable(image) ? image : { tree: '', bytes: image.bytes, reused: true };
    },
    fetchPackage: async () => ({
      ...refuse('no-sandbox', `${what} are only started, never read.`),
      phase: 'install' as const,
    }),
    async launches(artefact, _, ref) {
      const [entry, ...before] = command(artefact.name, artefact.version);
      const [, hash = ''] = /^sha256-(.+)$/.exec(artefact.integrity) ?? [];
      const image = `sha256:${Buffer.from(hash, 'base64').toString('hex')}`;
      const args = [...before, ...(ref.args ?? [])];
      return [{ resolver: id, artefact, runtime: 'command', image, tree: '', entry, args, inputs: ref.env ?? [] }];
    },
  };
}
