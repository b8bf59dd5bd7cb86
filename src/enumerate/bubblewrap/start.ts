import { closeSync, openSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemProgram } from '#core/system-program.ts';
import type { Limits } from '../limits.ts';
import { treeUsage } from '../processes.ts';
import { run } from '../run.ts';
import type { Running } from '../sandbox.ts';
import { SANDBOX_UID } from '../stage.ts';
import { makeCgroup } from './cgroup.ts';
import { seccompFilter } from './seccomp.ts';

/** Joins control groups, then becomes what follows `--`: nothing can be started before the limits hold. */
const JOIN = 'while [ "$1" != -- ]; do echo $$ > "$1" || exit 125; shift; done; shift; unset PWD OLDPWD; exec "$@"';

/** Whether bubblewrap is to be started under another uid: in a sandbox that root started, uid 0 is the machine's own. */
export const isRoot = () => process.getuid?.() === 0;

/** The flags that every sandbox of ours has, whatever it is for: nothing shared, nothing inherited, no way to get more. */
export const APART = [
  ...['--unshare-all', '--unshare-user', '--disable-userns', '--die-with-parent', '--new-session', '--clearenv'],
  ...['--cap-drop', 'ALL', '--uid', '1000', '--gid', '1000', '--hostname', 'sandbox'],
];

export interface Start {
  /** What is seen inside; root and /dev are made read-only after it. */
  readonly flags: readonly string[];
  /** The command, by its paths in the sandbox. */
  readonly inside: readonly string[];
  /** Texts to see as files, by path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly limits: Limits;
  readonly stage: string;
  readonly places: Running['places'];
}

let started = 0;

/** Hands text over on a descriptor instead of a command line, which everybody in the sandbox could read. */
function descriptorOf(content: string | Buffer, stage: string): number {
  const path = join(stage, `.fd-${process.pid}-${started}-${Math.random().toString(36).slice(2)}`);
  writeFileSync(path, content, { mode: 0o600 });
  const descriptor = openSync(path, 'r');
  unlinkSync(path);
  return descriptor;
}

/** Runs a command in bubblewrap: under the sandbox's uid, the system call filter, and control groups or a watchdog. */
export async function startBubblewrap({ flags, inside, files = {}, limits, stage, places }: Start): Promise<Running> {
  const group = makeCgroup(`${process.pid}-${++started}`, limits);
  const drop = isRoot()
    ? [systemProgram('setpriv')!, '--reuid', SANDBOX_UID, '--regid', SANDBOX_UID, '--clear-groups', '--no-new-privs']
    : [];
  const bwrap = [...drop, systemProgram('bwrap')!, '--args', '4', '--', ...inside].map(String);
  const mounts = Object.keys(files).flatMap((path, index) => ['--perms', '0444', '--ro-bind-data', 5 + index, path]);
  const sealed = ['--remount-ro', '/', '--remount-ro', '/dev', '--seccomp', '3'];
  const words = [...flags, ...mounts, ...sealed].map((word) => `${word}\0`).join('');
  const descriptors = [seccompFilter(), words, ...Object.values(files)].map((content) => descriptorOf(content, stage));
  try {
    return await run(
      { program: '/bin/sh', args: ['-c', JOIN, 'sh', ...(group?.procs ?? []), '--', ...bwrap], descriptors, places },
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
