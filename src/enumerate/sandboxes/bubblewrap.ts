import { closeSync, openSync, unlinkSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '#core/alive.ts';
import { fingerprint } from '#core/hash.ts';
import { AIDS_INSIDE, AIDS_VERSION, aidArguments, stageAids } from '../aids.ts';
import { cgroupKind, makeCgroup, sweepCgroups } from '../bubblewrap/cgroup.ts';
import { hasFilter, seccompFilter } from '../bubblewrap/seccomp.ts';
import { fakeEtc, libraryFlags, systemProgram } from '../bubblewrap/system.ts';
import type { Limits } from '../limits.ts';
import { treeUsage } from '../processes.ts';
import { run } from '../run.ts';
import type { Program, Running, Sandbox } from '../sandbox.ts';
import { SANDBOX_UID, stagedNode } from '../stage.ts';

const SHM_BYTES = 16 * 1024 * 1024;
const HEAP_MB = 512;
/** Joins control groups, then becomes what follows `--`: nothing can be started before the limits hold. */
const JOIN = 'while [ "$1" != -- ]; do echo $$ > "$1" || exit 125; shift; done; shift; unset PWD OLDPWD; exec "$@"';

const isRoot = () => process.getuid?.() === 0;
let started = 0;

/** The profile of sandbox.md §1.3; every flag closes a hole that was measured there. */
function flags(
  program: Program,
  limits: Limits,
  places: { node: string; etc: string; aids: string },
): readonly string[] {
  const scratch = (bytes: number, path: string) => ['--size', String(bytes), '--tmpfs', path];
  return [
    ...['--unshare-all', '--unshare-user', '--disable-userns', '--die-with-parent', '--new-session', '--clearenv'],
    ...['--cap-drop', 'ALL', '--uid', '1000', '--gid', '1000', '--hostname', 'sandbox'],
    ...libraryFlags(),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...[...scratch(limits.disk, '/tmp'), ...scratch(limits.disk, '/home/u'), ...scratch(SHM_BYTES, '/dev/shm')],
    ...['--ro-bind', places.etc, '/etc', '--ro-bind', places.node, '/opt/node/bin/node'],
    ...['--ro-bind', program.tree, '/srv/pkg', '--ro-bind', places.aids, AIDS_INSIDE],
    ...['--remount-ro', '/', '--remount-ro', '/dev', '--chdir', '/home/u'],
    ...Object.entries({
      HOME: '/home/u',
      PATH: '/opt/node/bin:/usr/bin:/bin',
      LANG: 'C.UTF-8',
      ...program.env,
    }).flatMap(([name, value]) => ['--setenv', name, value]),
    ...['--seccomp', '3'],
  ];
}

/** Hands text over on a descriptor instead of a command line, which everybody in the sandbox could read. */
function descriptorOf(content: string | Buffer, stage: string): number {
  const path = join(stage, `.fd-${process.pid}-${started}-${Math.random().toString(36).slice(2)}`);
  writeFileSync(path, content, { mode: 0o600 });
  const descriptor = openSync(path, 'r');
  unlinkSync(path);
  return descriptor;
}

async function start(program: Program, limits: Limits, stage: string): Promise<Running> {
  // Kept before anything is awaited: others start meanwhile.
  const turn = ++started;
  await mkdir(stage, { recursive: true });
  const places = { node: await stagedNode(stage), etc: await fakeEtc(stage), aids: await stageAids(stage) };
  const group = makeCgroup(`${process.pid}-${turn}`, limits);
  const inside = [
    ...['/usr/bin/prlimit', `--nproc=${limits.pids}`, `--nofile=${limits.files}`, '--core=0', '--'],
    ...['/opt/node/bin/node', `--max-old-space-size=${HEAP_MB}`, ...aidArguments(program.aids ?? [], AIDS_INSIDE)],
    ...[`/srv/pkg/${program.entry}`, ...program.args],
  ];
  const drop = isRoot()
    ? [systemProgram('setpriv')!, '--reuid', SANDBOX_UID, '--regid', SANDBOX_UID, '--clear-groups', '--no-new-privs']
    : [];
  const bwrap = [...drop, systemProgram('bwrap')!, '--args', '4', '--', ...inside].map(String);
  const descriptors = [
    descriptorOf(seccompFilter(), stage),
    descriptorOf(
      flags(program, limits, places)
        .map((flag) => `${flag}\0`)
        .join(''),
      stage,
    ),
  ];
  // /proc/self/mountinfo tells where what is mounted comes from.
  const sources = [[program.tree, '/srv/pkg'] as const, [stage, '/srv'] as const];
  try {
    return await run(
      {
        program: '/bin/sh',
        args: ['-c', JOIN, 'sh', ...(group?.procs ?? []), '--', ...bwrap],
        descriptors,
        places: sources,
      },
      {
        look: (pid) => (!group && treeUsage(pid).memory > limits.memory ? 'memory' : undefined),
        after: async () => {
          const starved = group?.outOfMemory();
          await group?.remove();
          return starved ? 'memory' : undefined;
        },
        cpuTime: (pid) => group?.cpuTime() ?? treeUsage(pid).cpuTime,
        memory: (pid) => group?.peakMemory() ?? treeUsage(pid).memory,
      },
    );
  } catch (error) {
    await group?.remove();
    throw error;
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
  }
}

const bounded = cgroupKind() ? `control groups ${cgroupKind()}` : 'rlimits and a watchdog on resident memory';

export default {
  id: 'bubblewrap',
  title: 'bubblewrap: Linux namespaces, seccomp, no network',
  strength: 2,
  runs: ['node'],
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
