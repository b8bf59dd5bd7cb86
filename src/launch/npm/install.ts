import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { npmNetwork, npmVariables } from '#core/npm-network.ts';
import type { Artefact } from '#domain/launch.ts';
import { folderSize } from '../open-up.ts';
import type { InstallOptions, Unavailable } from '../resolver.ts';
import { npmCache } from './cache.ts';
import { unavailable } from './errors.ts';
import { runNpm } from './run.ts';

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

/** Installs an artefact and its dependencies into an empty folder with the pinned npm. */
export async function npmInstall(
  { name, version, integrity }: Artefact,
  folder: string,
  { home, registry, signal }: InstallOptions,
): Promise<Unavailable | undefined> {
  const network = await npmNetwork(registry);
  const cache = npmCache(home).npm;
  await mkdir(cache, { recursive: true });
  const empty = await mkdtemp(join(tmpdir(), 'plimsoll-npm-'));
  try {
    // The project's own file comes before npm's search for one further up, where the operator's may lie.
    await writeFile(join(folder, 'package.json'), '{"private":true}\n');
    const run = await runNpm(['install', `${name}@${version}`, '--save-exact', ...FLAGS], {
      folder,
      env: {
        ...npmVariables(network),
        HOME: empty,
        PATH: dirname(process.execPath),
        npm_config_cache: cache,
        npm_config_userconfig: join(empty, 'user'),
        npm_config_globalconfig: join(empty, 'global'),
        npm_config_prefix: empty,
      },
      deadline: DEADLINE,
      signal,
      isTooLarge: async () => (await folderSize(folder, TREE_MAX)) > TREE_MAX,
    });
    signal?.throwIfAborted();
    if (run.stopped === 'timeout')
      return refusal('timeout', `installing took longer than ${DEADLINE / 1000} seconds`, true);
    if (run.stopped === 'too-large' || (run.code === 0 && (await folderSize(folder, TREE_MAX)) > TREE_MAX))
      return refusal('too-large', `package and dependencies take more than ${TREE_MAX / 1e9} GB`);
    if (run.code !== 0) return readFailure(run.stdout, run.stderr, folder);
    const locked = await lockedIntegrity(folder, name);
    if (locked !== integrity)
      return refusal('integrity', `expected ${integrity}, the registry now serves ${locked ?? 'no hash'}`);
    return undefined;
  } finally {
    await rm(empty, { recursive: true, force: true });
  }
}

function refusal(reason: string, detail: string, temporary = false): Unavailable {
  return { phase: 'install', reason, detail, temporary };
}

/** npm's report of why it failed: JSON on stdout, or lines on stderr where it got no further. */
function readFailure(stdout: string, stderr: string, folder: string): Unavailable {
  let code = /npm error code (\S+)/.exec(stderr)?.[1] ?? 'unknown';
  let said = stderr.replace(/npm error (code \S+)?/g, '');
  try {
    const { error } = JSON.parse(stdout) as { error?: { code?: unknown; summary?: unknown } };
    if (typeof error?.code === 'string') code = error.code;
    if (typeof error?.summary === 'string') said = error.summary;
  } catch {
    // stderr it is.
  }
  return unavailable('install', code, said.replaceAll(folder, '<tree>'));
}

async function lockedIntegrity(folder: string, name: string): Promise<string | undefined> {
  const lock = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8')) as {
    packages?: { [path: string]: { integrity?: string } | undefined };
  };
  return lock.packages?.[`node_modules/${name}`]?.integrity;
}
