import { readFileSync } from 'node:fs';
import { chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fingerprint, sha256 } from '#core/hash.ts';
import { OWNER } from '#core/owner.ts';
import { systemProgram } from '#core/system-program.ts';
import { AIDS_VERSION, aidArguments, stageAids } from '../aids.ts';
import { denoBinary } from '../deno/binary.ts';
import { diskUsage, sweepScratch } from '../deno/disk.ts';
import type { Limits } from '../limits.ts';
import { treeUsage } from '../processes.ts';
import { run } from '../run.ts';
import type { Program, Running, Sandbox } from '../sandbox.ts';
import { SANDBOX_UID, staged } from '../stage.ts';

const PRELOAD = join(import.meta.dirname, '../deno/preload.mjs');
const PRELOAD_HASH = sha256(readFileSync(PRELOAD)).slice(0, 12);
const HEAP_MB = 512;

/** Read and taken away by the preload. */
const ENVIRONMENT = '.plimsoll-environment.json';
/** What a server may ask of the system; not the names and addresses of this machine. */
const SYSTEM = ['cpus', 'gid', 'homedir', 'loadavg', 'osRelease', 'osUptime', 'systemMemoryInfo', 'uid', 'username'];

const isRoot = () => process.getuid?.() === 0;
/** On Linux the kernel ends it with the crawler, and a crawler that is root gives it another uid besides. */
const guard = () => (process.platform === 'linux' ? systemProgram('setpriv') : undefined);

function flags(readable: readonly string[], home: string): readonly string[] {
  return [
    ...['run', '--quiet', '--no-prompt', '--cached-only', '--no-remote', '--no-config', '--no-lock'],
    ...['--node-modules-dir=manual', `--v8-flags=--max-old-space-size=${HEAP_MB}`],
    ...[`--allow-read=${[...readable, home].map(escaped).join(',')}`, `--allow-write=${escaped(home)}`],
    ...['--allow-env', `--allow-sys=${SYSTEM}`, '--deny-net', '--deny-run', '--deny-ffi', '--deny-import'],
  ];
}

/** Deno reads a comma in a path as the end of the path unless it is doubled. */
function escaped(path: string): string {
  return path.replaceAll(',', ',,');
}

async function start(program: Program, limits: Limits, stage: string): Promise<Running> {
  const deno = await staged(denoBinary()!, join(stage, 'deno', 'deno'));
  const preload = await staged(PRELOAD, join(stage, 'deno', `preload-${PRELOAD_HASH}.mjs`));
  const aids = await stageAids(stage);
  const scratch = join(stage, 'scratch');
  await mkdir(scratch, { recursive: true, mode: 0o755 });
  await sweepScratch(scratch);
  const home = await mkdtemp(join(scratch, OWNER));
  // Not as its process's environment: a loader outside of the sandbox would heed LD_PRELOAD, and Deno NODE_OPTIONS.
  await writeFile(join(home, ENVIRONMENT), JSON.stringify(program.env), { mode: 0o644, flag: 'wx' });
  const setpriv = guard();
  if (setpriv && isRoot()) await chown(home, SANDBOX_UID, SANDBOX_UID);
  const drop = isRoot() ? ['--reuid', SANDBOX_UID, '--regid', SANDBOX_UID, '--clear-groups'] : [];
  const wrap = setpriv ? [setpriv, ...drop, '--no-new-privs', '--pdeathsig', 'KILL', '--'].map(String) : [];
  const prlimit = systemProgram('prlimit');
  if (prlimit) wrap.push(prlimit, `--nofile=${limits.files}`, `--fsize=${limits.disk}`, '--core=0', '--');
  const [first, ...rest] = [
    ...wrap,
    deno,
    ...flags([program.tree, preload, aids], home),
    ...[
      '--preload',
      preload,
      ...aidArguments(program.aids ?? [], aids),
      join(program.tree, program.entry),
      ...program.args,
    ],
  ];
  const env = { HOME: home, TMPDIR: home, PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', NO_COLOR: '1' };
  const places = [[home, '/home/u'] as const, [program.tree, '/srv/pkg'] as const, [stage, '/srv'] as const];
  const own = { DENO_DIR: join(home, '.deno'), DENO_NO_UPDATE_CHECK: '1', DENO_NO_PROMPT: '1' };
  try {
    return await run(
      { program: first!, args: rest, cwd: home, env: { ...env, ...own }, places },
      {
        look: (pid) =>
          treeUsage(pid).memory > limits.memory
            ? 'memory'
            : diskUsage(home, pid, limits.disk) > limits.disk
              ? 'disk'
              : undefined,
        after: async (signal) => {
          await rm(home, { recursive: true, force: true, maxRetries: 3 });
          return signal === 'SIGXFSZ' ? 'disk' : undefined;
        },
        cpuTime: (pid) => treeUsage(pid).cpuTime,
        memory: (pid) => treeUsage(pid).memory,
      },
    );
  } catch (error) {
    await rm(home, { recursive: true, force: true });
    throw error;
  }
}

export default {
  id: 'deno',
  title: "Deno's permission sandbox (JavaScript servers only)",
  strength: 1,
  runs: ['node'],
  holds: {
    'no-dns': '--deny-net',
    'no-host-loopback': '--deny-net',
    'no-vsock': 'no foreign functions, no processes, no network',
    'clean-environment': 'started with an environment of its own',
    'home-unreadable': '--allow-read for the package and a scratch folder only',
    'proc-sys-read-only': '--allow-write for a scratch folder only',
    'forks-stopped': '--deny-run: no process at all',
    // The watchdog reads /proc; elsewhere there is V8's heap limit alone.
    ...(process.platform === 'linux' && {
      'memory-stopped': "V8's heap limit and a watchdog on resident memory, every 100 ms",
    }),
    'writes-confined': '--allow-write for a scratch folder only',
    'disk-bounded':
      'RLIMIT_FSIZE for a file, a watchdog every 100 ms for all: it may overshoot by what can be written in that time',
    'no-nested-namespaces': 'no system calls of its own, no processes',
    ...(guard() && { 'dies-with-parent': 'the kernel ends it with the crawler (PR_SET_PDEATHSIG)' }),
  },
  profile: (limits) =>
    fingerprint({ id: 'deno', version: 2, aids: AIDS_VERSION, limits: { ...limits }, flags: flags([''], '') }).slice(
      0,
      16,
    ),
  async refuses() {
    return denoBinary()
      ? undefined
      : 'Deno is not installed (npm ci brings it as an optional dependency: do not omit optional ones)';
  },
  start,
} satisfies Sandbox;
