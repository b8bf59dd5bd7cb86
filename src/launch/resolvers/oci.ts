import { askEngine, type Engine, findEngine, firstLine } from '#core/engine.ts';
import { parsePurl } from '#core/purl.ts';
import type { Artefact } from '#domain/launch.ts';
import { type LocalImage, localImage, referenceOf } from '../containers/image.ts';
import { type Installed, isUnavailable, type ResolveOptions, type Resolver, type Unavailable } from '../resolver.ts';

const PULL_MS = 600_000;

function refuse(phase: Unavailable['phase'], reason: string, detail: string, temporary = false): Unavailable {
  return { phase, reason, detail, temporary };
}

async function engineOf({ containers }: ResolveOptions, phase: Unavailable['phase']): Promise<Engine | Unavailable> {
  const engine = await findEngine(containers?.engine ?? 'auto');
  return typeof engine === 'string' ? refuse(phase, 'no-engine', `No container engine: ${engine}.`) : engine;
}

/**
 * What the engine holds under the reference today. Where it holds nothing and may fetch, what the reference itself pins
 * by digest: a tag alone says nothing of what would come.
 */
async function current({ purl, version = 'latest' }: Parameters<Resolver['current']>[0], options: ResolveOptions) {
  const name = parsePurl(purl)?.name ?? '';
  const engine = await engineOf(options, 'resolve');
  if (isUnavailable(engine)) return engine;
  const reference = referenceOf(name, version);
  const image = await localImage(engine, reference);
  if (image) return artefactOf(purl, name, version, image);
  const [, pinned] = /^sha256:([0-9a-f]{64})$/.exec(version) ?? [];
  if (options.containers?.pull && pinned) return { purl, name, version, integrity: integrityOf(pinned) };
  const how = options.containers?.pull ? 'and no digest says which one to fetch' : 'and none is fetched';
  return refuse('resolve', 'no-image', `${engine.name} has no image ${reference}, ${how}.`);
}

function artefactOf(purl: string, name: string, version: string, image: LocalImage): Artefact {
  const { license, created, bears } = image;
  return {
    purl,
    name,
    version,
    integrity: integrityOf(image.digest),
    ...(license !== undefined && { license }),
    ...(created !== undefined && { publishedAt: created }),
    bears,
  };
}

function integrityOf(hex: string): string {
  return `sha256-${Buffer.from(hex, 'hex').toString('base64')}`;
}

/** The engine fetches it, if it has to and may: only here, and only what a digest names. */
async function install(artefact: Artefact, options: ResolveOptions): Promise<Installed | Unavailable> {
  const engine = await engineOf(options, 'install');
  if (isUnavailable(engine)) return engine;
  const reference = referenceOf(artefact.name, artefact.version);
  const there = await localImage(engine, reference);
  if (there) return { tree: '', bytes: there.bytes, reused: true };
  if (!options.containers?.pull) return refuse('install', 'no-image', `${engine.name} has no image ${reference}.`);
  const signal = options.signal;
  const { code, stderr } = await askEngine(engine, ['pull', '--quiet', reference], { timeout: PULL_MS, signal });
  const image = code === 0 ? await localImage(engine, reference) : undefined;
  if (!image) return refuse('install', 'not-pulled', `${engine.name} did not fetch it: ${firstLine(stderr)}`, true);
  return { tree: '', bytes: image.bytes, reused: false };
}

export default {
  id: 'oci',
  purlType: 'oci',
  current,
  install,
  fetchPackage: async () => refuse('install', 'no-sandbox', 'An image is only started, never read.'),
  launches: async (artefact, _, ref) => {
    // By its digest: what a tag means may change until it is started.
    const [, hash = ''] = /^sha256-(.+)$/.exec(artefact.integrity) ?? [];
    const pinned = artefact.version.startsWith('sha256:');
    const image = pinned
      ? referenceOf(artefact.name, artefact.version)
      : `sha256:${Buffer.from(hash, 'base64').toString('hex')}`;
    const start = { runtime: 'image', image, tree: '', entry: '' } as const;
    return [{ resolver: 'oci', artefact, ...start, args: ref.args ?? [], inputs: ref.env ?? [] }];
  },
} satisfies Resolver;
