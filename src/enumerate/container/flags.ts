import type { Engine } from '#core/engine.ts';
import type { Runtime } from '#domain/launch.ts';
import { AIDS_INSIDE, aidArguments } from '../aids.ts';
import type { Limits } from '../limits.ts';
import type { Program } from '../sandbox.ts';

const HEAP_MB = 512;
const PERIOD_US = 100_000;
/** Nobody, in every image. */
const NOBODY = 65_534;
/** A bound of last resort: it counts the processes of one uid in all containers together. */
const ALL_PROCESSES = 4096;
/** Clients put the operator's proxies, credentials included, into every container unless these are named. */
const PROXIES = ['HTTP', 'HTTPS', 'FTP', 'NO', 'ALL'].flatMap((kind) => [
  `${kind}_PROXY`,
  `${kind}_PROXY`.toLowerCase(),
]);

/** Paths on this machine of what is mounted. */
export interface Mounts {
  /** Absent where this machine's Node cannot run in the container; the image's is used. */
  readonly node?: string;
  readonly etc: string;
  readonly aids: string;
  readonly seccomp: string;
  readonly variables: string;
}

/** The program and what stands before its own arguments, for each kind; an image says for itself. */
const COMMANDS: Readonly<Record<Runtime, (program: Program, node: string) => readonly string[]>> = {
  node: ({ entry, aids = [] }, node) => [
    node,
    `--max-old-space-size=${HEAP_MB}`,
    ...aidArguments(aids, AIDS_INSIDE),
    `/srv/pkg/${entry}`,
  ],
  python: ({ entry }) => ['python3', `/srv/pkg/${entry}`],
  native: ({ entry }) => [`/srv/pkg/${entry}`],
  command: ({ entry }) => [entry],
  image: () => [],
};
export const RUNS = Object.keys(COMMANDS) as readonly Runtime[];

/** Variables of a program beside its own. An image's PATH is its own business. */
export function variables(program: Program): Readonly<Record<string, string>> {
  const { runtime, aids = [], env } = program;
  const path = [...(aids.includes('egress') ? [AIDS_INSIDE] : []), '/srv/pkg/site'].join(':');
  return {
    HOME: '/home/u',
    LANG: 'C.UTF-8',
    ...(runtime === 'node' && { PATH: '/opt/node/bin:/usr/local/bin:/usr/bin:/bin' }),
    ...(runtime === 'python' && { PYTHONPATH: path, PYTHONDONTWRITEBYTECODE: '1' }),
    ...env,
  };
}

/**
 * Arguments of `create` for one program: the flags of sandbox.md §1.5. No image is fetched, nothing is written but
 * three sized folders in memory, and nobody has a capability.
 */
export function createArguments(
  engine: Engine,
  program: Program,
  limits: Limits,
  options: { readonly image: string; readonly labels: readonly string[]; readonly mounts: Mounts },
): readonly string[] {
  const { image, labels, mounts } = options;
  const podman = engine.name === 'podman';
  const scratch = (path: string, owner: string) => [
    '--tmpfs',
    `${path}:rw,exec,nosuid,nodev,size=${limits.disk},${podman ? 'mode=1777' : owner}`,
  ];
  const [entry, ...before] = COMMANDS[program.runtime](program, mounts.node ? '/opt/node/bin/node' : 'node');
  return [
    ...['--interactive', '--pull', 'never', '--network', 'none', '--read-only', '--user', `${NOBODY}:${NOBODY}`],
    ...(engine.init ? ['--init'] : []),
    ...(engine.runsc ? ['--runtime', 'runsc'] : []),
    ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--security-opt', `seccomp=${mounts.seccomp}`],
    ...['--pids-limit', limits.pids, '--memory', limits.memory, '--memory-swap', limits.memory],
    ...['--cpu-period', PERIOD_US, '--cpu-quota', Math.round(limits.cpus * PERIOD_US)],
    ...['--ulimit', `nofile=${limits.files}:${limits.files}`, '--ulimit', 'core=0:0'],
    ...['--ulimit', `nproc=${ALL_PROCESSES}:${ALL_PROCESSES}`, '--ipc', 'none', '--hostname', 'sandbox'],
    ...['--log-driver', 'none', ...labels.flatMap((label) => ['--label', label])],
    ...(podman ? ['--read-only-tmpfs=false', '--http-proxy=false'] : []),
    ...scratch('/tmp', 'mode=1777'),
    ...scratch('/home/u', `uid=${NOBODY},gid=${NOBODY},mode=0755`),
    ...mount(`${mounts.etc}/resolv.conf`, '/etc/resolv.conf'),
    ...(program.runtime === 'node' && mounts.node ? mount(mounts.node, '/opt/node/bin/node') : []),
    ...(program.aids?.length ? mount(mounts.aids, AIDS_INSIDE) : []),
    ...(program.tree === '' ? [] : [...mount(program.tree, '/srv/pkg'), '--workdir', '/home/u']),
    ...['--env-file', mounts.variables, ...PROXIES.flatMap((name) => ['--env', name])],
    ...(entry === undefined ? [] : ['--entrypoint', entry]),
    image,
    ...before,
    ...program.args,
  ].map(String);
}

/** As a line of CSV, which both clients read here: a folder may have a comma in its name. */
function mount(source: string, target: string): readonly string[] {
  const fields = ['type=bind', `source=${source}`, `target=${target}`, 'readonly'];
  const quoted = fields.map((field) => (/[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field));
  return ['--mount', quoted.join(',')];
}
