import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Confine, type Errand, type ErrandEnd, placeOf } from '#core/errand.ts';
import { type NpmNetwork, npmNetwork, npmVariables } from '#core/npm-network.ts';
import type { Artefact } from '#domain/launch.ts';
import { certificates } from '../certificates.ts';
import { folderSize } from '../open-up.ts';
import type { InstallOptions, Unavailable } from '../resolver.ts';
import { npmCache } from './cache.ts';
import { unavailable } from './errors.ts';
import { runNpm } from './run.ts';
import { stagedNpm } from './staged.ts';

/** Bytes of a package with all its dependencies beyond which it is not installed. */
const TREE_MAX = 1.5e9;
/** Milliseconds for one install; the slowest of 44 real ones took 51 seconds. */
const DEADLINE = 120_000;

/**
 * What makes installing safe: no code of a package runs, and nothing comes from elsewhere than the registry.
 * `--ignore-scripts` alone would still let a git dependency run git with settings of its own.
 */
const FLAGS = [
  '--ignore-scripts',
  '--allow-git=none',
  '--allow-remote=none',
  '--allow-file=none',
  '--allow-directory=none',
  '--omit=dev',
  '--no-audit',
  '--no-fund',
  '--no-update-notifier',
  '--package-lock=true',
  '--install-strategy=hoisted',
  '--fetch-retries=2',
  '--fetch-retry-factor=2',
  '--fetch-retry-mintimeout=500',
  '--fetch-retry-maxtimeout=5000',
  '--fetch-timeout=30000',
  '--logs-max=0',
  '--loglevel=error',
  '--json',
];

/** Installs an artefact and its dependencies into an empty folder with the pinned npm: in a sandbox, where there is one. */
export async function npmInstall(
  { name, version, integrity }: Artefact,
  folder: string,
  { home, stage, registry, confine, signal }: InstallOptions,
): Promise<Unavailable | undefined> {
  const network = await npmNetwork(registry);
  if (confine && network.registry === undefined)
    return refusal('network', "npm's configuration names no registry, or could not be read", true);
  // What the sandbox may write is nothing that this process trusts: it has a cache of its own.
  const cache = npmCache(confine ? stage : home).npm;
  await mkdir(cache, { recursive: true });
  // The project's own file comes before npm's search for one further up, where the operator's may lie.
  await writeFile(join(folder, 'package.json'), '{"private":true}\n');
  const run = await (confine ? confined : bare)({
    args: ['install', `${name}@${version}`, '--save-exact', ...FLAGS],
    folder,
    cache,
    network,
    bounds: { deadline: DEADLINE, signal, isTooLarge: async () => (await folderSize(folder, TREE_MAX)) > TREE_MAX },
    confine: confine!,
    stage,
  });
  signal?.throwIfAborted();
  if (run.stopped === 'timeout')
    return refusal('timeout', `installing took longer than ${DEADLINE / 1000} seconds`, true);
  if (run.stopped === 'memory') return refusal('oom', 'installing took more memory than it may');
  if (run.stopped === 'too-large' || (run.code === 0 && (await folderSize(folder, TREE_MAX)) > TREE_MAX))
    return refusal('too-large', `package and dependencies take more than ${TREE_MAX / 1e9} GB`);
  if (run.code !== 0) return readFailure(run, folder);
  const locked = await lockedIntegrity(folder, name);
  if (locked !== integrity)
    return refusal('integrity', `expected ${integrity}, the registry now serves ${locked ?? 'no hash'}`);
  return undefined;
}

interface NpmErrand {
  readonly args: readonly string[];
  readonly folder: string;
  readonly cache: string;
  readonly network: NpmNetwork;
  readonly bounds: Pick<Errand, 'deadline' | 'signal' | 'isTooLarge'>;
  readonly confine: Confine;
  readonly stage: string;
}

/** Files of configuration that are not there: npm would read the operator's. */
const settings = (cache: string, nowhere: string) => ({
  npm_config_cache: cache,
  npm_config_userconfig: `${nowhere}/user`,
  npm_config_globalconfig: `${nowhere}/global`,
  npm_config_prefix: nowhere,
});

async function bare({ args, folder, cache, network, bounds }: NpmErrand): Promise<ErrandEnd> {
  const empty = await mkdtemp(join(tmpdir(), 'plimsoll-npm-'));
  const path = dirname(process.execPath);
  try {
    const env = { ...npmVariables(network), HOME: empty, PATH: path, ...settings(cache, empty) };
    return await runNpm(args, { folder, env, ...bounds });
  } finally {
    await rm(empty, { recursive: true, force: true });
  }
}

async function confined({ args, folder, cache, network, bounds, confine, stage }: NpmErrand): Promise<ErrandEnd> {
  const { registry = '', cafile, ...ways } = network;
  const files = { '/srv/ca.pem': cafile, '/srv/extra.pem': process.env.NODE_EXTRA_CA_CERTS };
  const texts = await certificates(files);
  return confine({
    command: ['node', '/opt/npm/bin/npm-cli.js', ...args],
    env: {
      npm_config_registry: registry,
      ...('/srv/ca.pem' in texts && { npm_config_cafile: '/srv/ca.pem' }),
      ...('/srv/extra.pem' in texts && { NODE_EXTRA_CA_CERTS: '/srv/extra.pem' }),
      ...settings('/srv/cache', '/home/u'),
    },
    reads: { '/opt/npm': await stagedNpm(stage) },
    writes: { '/srv/tree': folder, '/srv/cache': cache },
    files: texts,
    cwd: '/srv/tree',
    reach: { hosts: [placeOf(new URL(registry))], ...ways },
    ...bounds,
  });
}

function refusal(reason: string, detail: string, temporary = false): Unavailable {
  return { phase: 'install', reason, detail, temporary };
}

/** npm's report of why it failed: JSON on stdout, or lines on stderr where it got no further. */
function readFailure({ stdout, stderr, refused }: ErrandEnd, folder: string): Unavailable {
  let code = /npm error code (\S+)/.exec(stderr)?.[1] ?? 'unknown';
  let said = stderr.replace(/npm error (code \S+)?/g, '');
  try {
    const { error } = JSON.parse(stdout) as { error?: { code?: unknown; summary?: unknown } };
    if (typeof error?.code === 'string') code = error.code;
    if (typeof error?.summary === 'string') said = error.summary;
  } catch {
    // stderr it is.
  }
  if (refused.length > 0)
    return refusal('remote-dependency', `it wants to fetch from ${refused.slice(0, 3).join(', ')}`);
  return unavailable('install', code, said.replaceAll(folder, '<tree>').replaceAll('/srv/tree', '<tree>'));
}

async function lockedIntegrity(folder: string, name: string): Promise<string | undefined> {
  const lock = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8')) as {
    packages?: { [path: string]: { integrity?: string } | undefined };
  };
  return lock.packages?.[`node_modules/${name}`]?.integrity;
}
