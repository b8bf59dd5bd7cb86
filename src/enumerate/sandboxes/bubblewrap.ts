import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { isAlive } from '#core/alive.ts';
import { fingerprint } from '#core/hash.ts';
import { systemProgram } from '#core/system-program.ts';
import type { Runtime } from '#domain/launch.ts';
import { AIDS_INSIDE, AIDS_VERSION, aidArguments, stageAids } from '../aids.ts';
import { cgroupKind, sweepCgroups } from '../bubblewrap/cgroup.ts';
import { hasFilter } from '../bubblewrap/seccomp.ts';
import { APART, isRoot, startBubblewrap } from '../bubblewrap/start.ts';
import { fakeEtc, libraryFlags } from '../bubblewrap/system.ts';
import type { Limits } from '../limits.ts';
import type { Program, Running, Sandbox } from '../sandbox.ts';
import { stagedNode } from '../stage.ts';

const SHM_BYTES = 16 * 1024 * 1024;
const HEAP_MB = 512;
const PYTHON = '/usr/bin/python3';

/** The command for each kind of program, with the path of its entry inside. */
const COMMANDS: Readonly<Partial<Record<Runtime, (program: Program, entry: string) => readonly string[]>>> = {
  node: ({ aids = [] }, entry) => [
    ...['/opt/node/bin/node', `--max-old-space-size=${HEAP_MB}`, ...aidArguments(aids, AIDS_INSIDE), entry],
  ],
  ...(existsSync(PYTHON) && { python: (_: Program, entry: string) => [PYTHON, entry] }),
  native: (_, entry) => [entry],
};

/** Python's packages lie beside the program; `sitecustomize` among the aids is found by the same path. */
function pythonVariables({ runtime, aids = [] }: Program): Readonly<Record<string, string>> {
  if (runtime !== 'python') return {};
  const path = [...(aids.includes('egress') ? [AIDS_INSIDE] : []), '/srv/pkg/site'];
  return { PYTHONPATH: path.join(':'), PYTHONDONTWRITEBYTECODE: '1' };
}

/** The profile of sandbox.md §1.3; every flag closes a hole that was measured there. */
function flags(
  program: Program,
  limits: Limits,
  places: { node: string; etc: string; aids: string },
): readonly string[] {
  const scratch = (bytes: number, path: string) => ['--size', String(bytes), '--tmpfs', path];
  return [
    ...APART,
    ...libraryFlags(),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...[...scratch(limits.disk, '/tmp'), ...scratch(limits.disk, '/home/u'), ...scratch(SHM_BYTES, '/dev/shm')],
    ...['--ro-bind', places.etc, '/etc', '--ro-bind', places.node, '/opt/node/bin/node'],
    ...['--ro-bind', program.tree, '/srv/pkg', '--ro-bind', places.aids, AIDS_INSIDE],
    ...['--chdir', '/home/u'],
    ...Object.entries({
      HOME: '/home/u',
      PATH: '/opt/node/bin:/usr/bin:/bin',
      LANG: 'C.UTF-8',
      ...pythonVariables(program),
      ...program.env,
    }).flatMap(([name, value]) => ['--setenv', name, value]),
  ];
}

async function start(program: Program, limits: Limits, stage: string): Promise<Running> {
  await mkdir(stage, { recursive: true });
  const places = { node: await stagedNode(stage), etc: await fakeEtc(stage), aids: await stageAids(stage) };
  const inside = [
    ...['/usr/bin/prlimit', `--nproc=${limits.pids}`, `--nofile=${limits.files}`, '--core=0', '--'],
    ...COMMANDS[program.runtime]!(program, `/srv/pkg/${program.entry}`),
    ...program.args,
  ];
  // /proc/self/mountinfo tells where what is mounted comes from.
  const sources = [[program.tree, '/srv/pkg'] as const, [stage, '/srv'] as const];
  return startBubblewrap({ flags: flags(program, limits, places), inside, limits, stage, places: sources });
}

const bounded = cgroupKind() ? `control groups ${cgroupKind()}` : 'rlimits and a watchdog on resident memory';

export default {
  id: 'bubblewrap',
  title: 'bubblewrap: Linux namespaces, seccomp, no network',
  strength: 2,
  runs: Object.keys(COMMANDS) as Runtime[],
  holds: {
    'no-dns': 'network namespace of its own, empty resolv.conf',
    'no-host-loopback': 'network namespace of its own',
    'no-vsock': 'seccomp: sockets of four families only',
    'clean-environment': 'started with an empty environment, then --clearenv',
    'home-unreadable': 'only /usr, the package and the Node binary are mounted',
    'proc-sys-read-only': 'started under an unprivileged uid, in a user namespace of its own',
    'forks-stopped': `RLIMIT_NPROC inside the namespace; ${bounded}`,
    'memory-stopped': bounded,
    'writes-confined': 'everything but three scratch folders is mounted read-only',
    'disk-bounded': 'scratch folders are sized tmpfs',
    'no-nested-namespaces': '--disable-userns and seccomp',
    'dies-with-parent': '--die-with-parent and a pid namespace',
  },
  profile: (limits) =>
    fingerprint({
      id: 'bubblewrap',
      version: 2,
      aids: AIDS_VERSION,
      bounded,
      limits: { ...limits },
      flags: flags({ runtime: 'node', tree: '', entry: '', args: [], env: {} }, limits, {
        node: '',
        etc: '',
        aids: '',
      }),
    }).slice(0, 16),
  async refuses() {
    if (process.platform !== 'linux') return 'it needs Linux';
    if (!hasFilter) return `there is no seccomp filter for ${process.arch}`;
    for (const name of ['bwrap', 'prlimit', ...(isRoot() ? ['setpriv'] : [])])
      if (!systemProgram(name))
        return name === 'bwrap'
          ? 'it is not installed (Debian: apt-get install bubblewrap)'
          : `${name} is missing (Debian: apt-get install util-linux)`;
    sweepCgroups(isAlive);
    return undefined;
  },
  start,
} satisfies Sandbox;
