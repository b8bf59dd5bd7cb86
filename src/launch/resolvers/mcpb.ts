import { mkdir, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { type Guard, whyOffLimits } from '#core/public-address.ts';
import { openPublicFetch } from '#core/public-fetch.ts';
import { parsePurl } from '#core/purl.ts';
import type { Artefact, Launch } from '#domain/launch.ts';
import type { PackageRef } from '#domain/server.ts';
import { download } from '../download.ts';
import { mergeInputs } from '../hints/inputs.ts';
import { readText } from '../hints/read-text.ts';
import { bundleRunner, bundleStart, readManifest } from '../mcpb/manifest.ts';
import type { InstallOptions, ResolveOptions, Resolver, Unavailable } from '../resolver.ts';
import { obtainTree } from '../trees.ts';
import { unzipTree } from '../unzip-tree.ts';

/** Bytes of one bundle; those with a runtime of their own reach 150 MB. */
const BUNDLE_MAX = 300e6;
const DEADLINE = 120_000;
const MANIFEST_MAX = 1_000_000;

const PYTHON_START = 'run/start.py';

const guardOf = ({ allowLoopback }: ResolveOptions): Guard => ({ allowLoopback });

/**
 * A bundle is called by its address, and is what the listing's hash says: nothing need be asked. One without a hash could
 * be anything by tomorrow, and is not taken.
 */
async function current(ref: PackageRef, options: ResolveOptions): Promise<Artefact | Unavailable> {
  const address = parsePurl(ref.purl)?.name ?? '';
  const refuse = (reason: string, detail: string): Unavailable => ({
    phase: 'resolve',
    reason,
    detail,
    temporary: false,
  });
  const url = URL.parse(address);
  const why = url ? whyOffLimits(url, guardOf(options)) : 'its address is none';
  if (!url || why !== undefined) return refuse('off-limits', why ?? 'its address is none');
  if (ref.sha256 === undefined || !/^[0-9a-f]{64}$/.test(ref.sha256))
    return refuse('integrity', 'the listing states no SHA-256 for the bundle');
  const name = basename(url.pathname).replace(/\.(mcpb|dxt|zip)$/i, '');
  const integrity = `sha256-${Buffer.from(ref.sha256, 'hex').toString('base64')}`;
  return { purl: ref.purl, name, version: ref.version ?? ref.sha256.slice(0, 12), integrity };
}

function install(artefact: Artefact, options: InstallOptions) {
  return obtainTree(options, 'mcpb', artefact, async (folder) => {
    const refuse = (reason: string, detail: string) =>
      ({ phase: 'install', reason, detail, temporary: false }) satisfies Unavailable;
    const [archive, bundle] = [join(folder, 'archive'), join(folder, 'bundle')];
    await using open = openPublicFetch({
      ...guardOf(options),
      userAgent: 'plimsoll',
      limits: { bytes: BUNDLE_MAX, redirects: 5 },
    });
    const refusal = await download(parsePurl(artefact.purl)!.name, archive, {
      fetch: (url, init) => open.fetch(url, init),
      sha256: Buffer.from(artefact.integrity.replace(/^sha256-/, ''), 'base64').toString('hex'),
      bytes: BUNDLE_MAX,
      deadline: DEADLINE,
      signal: options.signal,
    });
    if (refusal) return refusal;
    await mkdir(bundle);
    const bad = await unzipTree(archive, bundle);
    await rm(archive);
    if (bad) return bad;
    const text = await readText(join(bundle, 'manifest.json'), MANIFEST_MAX);
    const manifest = text === undefined ? undefined : readManifest(text);
    if (!manifest) return refuse('bad-manifest', 'the bundle holds no manifest.json that can be read');
    const start = bundleStart(manifest);
    if (start?.runtime !== 'python') return undefined;
    await mkdir(join(folder, 'run'));
    await writeFile(join(folder, PYTHON_START), bundleRunner(start));
    return undefined;
  });
}

async function launches(artefact: Artefact, tree: string, ref: PackageRef): Promise<readonly Launch[]> {
  const bundle = join(tree, 'bundle');
  const text = await readText(join(bundle, 'manifest.json'), MANIFEST_MAX);
  const manifest = text === undefined ? undefined : readManifest(text);
  const start = manifest && bundleStart(manifest);
  if (!start || !(await isFile(bundle, start.entry))) return [];
  const { runtime, entry, args } = start;
  const inputs = mergeInputs([ref.env ?? [], start.inputs]);
  const program = runtime === 'python' ? PYTHON_START : `bundle/${entry}`;
  return [{ resolver: 'mcpb', artefact, runtime, tree, entry: program, args, inputs }];
}

async function isFile(root: string, path: string): Promise<boolean> {
  const [real, base] = await Promise.all([realpath(join(root, path)).catch(() => ''), realpath(root)]);
  return real.startsWith(base + sep) && (await stat(real)).isFile();
}

export default {
  id: 'mcpb',
  purlType: 'mcpb',
  current,
  install,
  fetchPackage: install,
  launches,
} satisfies Resolver;
