import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parsePurl } from '#core/purl.ts';
import { registryNamesIn } from '#core/registry-name.ts';
import type { Artefact, Launch } from '#domain/launch.ts';
import type { PackageRef } from '#domain/server.ts';
import { download, plainFetch } from '../download.ts';
import { readPythonHints } from '../hints.ts';
import { listFiles } from '../pypi/index.ts';
import { pythonInstall } from '../pypi/install.ts';
import { readDistribution, runnerOf, writeRunners } from '../pypi/programs.ts';
import { pureTags, systemPython } from '../pypi/python.ts';
import { choose, type Interpreter } from '../pypi/wheels.ts';
import {
  type InstallOptions,
  isUnavailable,
  type ResolveOptions,
  type Resolver,
  type Unavailable,
} from '../resolver.ts';
import { obtainTree, removeOtherVersions } from '../trees.ts';
import { unzipTree } from '../unzip-tree.ts';

const WHEEL_MAX = 300e6;
const DEADLINE = 60_000;
const LAUNCHES_MAX = 4;
/** What wheels are chosen for where there is no Python to run them: to be read. */
const NO_PYTHON: Interpreter = { version: '3.13.0', tags: pureTags('3.13.0') };

const WHY = {
  'no-version': 'there is no such version',
  'no-wheel': 'it comes as source only, which would have to be built',
  platform: 'none of its files is for this machine and its version of Python',
};

async function current(ref: PackageRef, options: ResolveOptions): Promise<Artefact | Unavailable> {
  const name = parsePurl(ref.purl)?.name ?? '';
  const found = await chosen(name, ref.version, options, 'resolve');
  if ('reason' in found) return found;
  const { version, file, sha256 } = found;
  const integrity = `sha256-${Buffer.from(sha256, 'hex').toString('base64')}`;
  return { purl: ref.purl, name, version, integrity, ...(file.uploadedAt && { publishedAt: file.uploadedAt }) };
}

/** The file that a version means on this machine, as the index lists it now. */
async function chosen(name: string, version: string | undefined, options: ResolveOptions, phase: Unavailable['phase']) {
  const refuse = (reason: string, detail: string): Unavailable => ({ phase, reason, detail, temporary: false });
  const files = await listFiles(name, options, phase);
  if (!Array.isArray(files)) return files as Unavailable;
  const interpreter = (await systemPython()) ?? NO_PYTHON;
  const release = choose(files, name, version, interpreter, options.builds ?? false);
  if ('why' in release) return refuse(release.why, WHY[release.why]);
  const { sha256 } = release.file;
  if (sha256 === undefined) return refuse('integrity', `the index states no hash for ${release.file.filename}`);
  return { ...release, sha256 };
}

/** The same file as before, or why it is not to be had: the index may have changed since it was looked up. */
async function again(artefact: Artefact, options: InstallOptions) {
  const found = await chosen(artefact.name, artefact.version, options, 'install');
  if ('reason' in found) return found;
  const wanted = Buffer.from(artefact.integrity.replace(/^sha256-/, ''), 'base64').toString('hex');
  if (found.sha256 === wanted) return found;
  const detail = `expected SHA-256 ${wanted}, the index now states ${found.sha256}`;
  return { phase: 'install', reason: 'integrity', detail, temporary: false } satisfies Unavailable;
}

async function install(artefact: Artefact, options: InstallOptions) {
  const python = await systemPython();
  const refuse = (detail: string): Unavailable => ({ phase: 'install', reason: 'no-python', detail, temporary: false });
  if (!python) return refuse('there is no /usr/bin/python3 on this machine');
  if (!python.pip && !python.uv) return refuse('there is neither pip nor uv (Debian: apt-get install python3-pip)');
  const kind = `pypi-${python.version.split('.').slice(0, 2).join('.')}`;
  const result = await obtainTree(options, kind, artefact, async (folder) => {
    const found = await again(artefact, options);
    if ('reason' in found) return found;
    const wanted = { ...artefact, sha256: found.sha256, fileUrl: found.file.url };
    const refusal = await pythonInstall(wanted, folder, python, options);
    if (refusal) return refusal;
    const distribution = await readDistribution(join(folder, 'site'), artefact.name);
    await writeRunners(folder, distribution?.scripts ?? []);
    return undefined;
  });
  if (isUnavailable(result)) return result;
  if (!result.reused) await removeOtherVersions(options.stage, artefact);
  return { ...result, confined: true as const };
}

function fetchPackage(artefact: Artefact, options: InstallOptions) {
  return obtainTree(options, 'pypi-source', artefact, async (folder) => {
    const found = await again(artefact, options);
    if ('reason' in found) return found;
    const archive = join(folder, 'archive');
    const { sha256, file, kind } = found;
    const options_ = { fetch: plainFetch, sha256, bytes: WHEEL_MAX, deadline: DEADLINE, signal: options.signal };
    const refusal = await download(file.url, archive, options_);
    if (refusal) return refusal;
    if (kind === 'sdist') return { phase: 'install', reason: 'no-wheel', detail: WHY['no-wheel'], temporary: false };
    const site = join(folder, 'site');
    await mkdir(site);
    const bad = await unzipTree(archive, site);
    await rm(archive);
    return bad;
  });
}

async function launches(artefact: Artefact, tree: string, ref: PackageRef): Promise<readonly Launch[]> {
  const distribution = await readDistribution(join(tree, 'site'), artefact.name);
  const [best, ...others] = distribution?.scripts ?? [];
  if (!distribution || !best) return [];
  const { inputs, args } = await readPythonHints(join(tree, 'site'), distribution, ref.env);
  const bare = ref.args ?? [];
  const starts = [
    { entry: runnerOf(best), args: bare },
    ...args.map((list) => ({ entry: runnerOf(best), args: list })),
    ...others.map((script) => ({ entry: runnerOf(script), args: bare })),
  ];
  const unlike = new Map(starts.map((start) => [JSON.stringify(start), start]));
  return [...unlike.values()]
    .slice(0, LAUNCHES_MAX)
    .map((start) => ({ resolver: 'pypi', artefact, runtime: 'python', tree, ...start, inputs }));
}

async function tells(artefact: Artefact, tree: string) {
  const distribution = await readDistribution(join(tree, 'site'), artefact.name);
  if (!distribution) return undefined;
  const { description, license } = distribution;
  return { bears: registryNamesIn(description), ...(license !== undefined && { license }) };
}

export default { id: 'pypi', purlType: 'pypi', current, install, fetchPackage, launches, tells } satisfies Resolver;
