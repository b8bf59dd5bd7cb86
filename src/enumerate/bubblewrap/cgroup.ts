import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LIMITS, type Limits } from '../limits.ts';

/** What a control group tells of what its processes use. */
export interface CgroupUsage {
  /** Milliseconds of CPU used so far; undefined once the group is gone. */
  cpuTime(): number | undefined;
  /** The most memory that it held at once, in bytes; undefined where this kernel does not say. */
  peakMemory(): number | undefined;
  /** Whether the kernel ended something in it for want of memory. */
  outOfMemory(): boolean;
}

/** A control group for one program. Its processes join by writing their pid to `procs`. */
export interface Cgroup extends CgroupUsage {
  /** Files that a starting process writes its pid to. */
  readonly procs: readonly string[];
  /** Resolves once it is gone; waits up to a second for its last processes to be. */
  remove(): Promise<void>;
}

/** Where control groups are mounted. */
export const CGROUPS = '/sys/fs/cgroup';
const PARENT = 'plimsoll';
const PERIOD_US = 100_000;
/** The parent group weighs as much as the servers that are started at once; else all of them would weigh as one process. */
const AT_ONCE = 2 * availableParallelism();

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function writable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

let kind: 'v2' | 'v1' | undefined | null = null;

/** Which kind of control groups this process may make: version 2, version 1, or none. Tried once, by making one. */
export function cgroupKind(): 'v2' | 'v1' | undefined {
  if (kind !== null) return kind;
  const offered = process.platform === 'linux' ? offeredKind() : undefined;
  try {
    // What may be written may still be refused: a group that holds processes hands out no controllers (cgroups(7)).
    const trial = offered && KINDS[offered](`${process.pid}-trial`, LIMITS);
    void trial?.remove();
    kind = offered;
  } catch {
    kind = undefined;
  }
  return kind;
}

function offeredKind(): 'v2' | 'v1' | undefined {
  const controllers = read(join(CGROUPS, 'cgroup.controllers'));
  if (/\bmemory\b/.test(controllers) && /\bpids\b/.test(controllers) && writable(CGROUPS)) return 'v2';
  return ['memory', 'pids', 'cpu'].every((name) => writable(join(CGROUPS, name, 'cgroup.procs'))) ? 'v1' : undefined;
}

/** Makes a control group with these limits, or undefined where none can be made; the caller then watches by itself. */
export function makeCgroup(id: string, limits: Limits): Cgroup | undefined {
  const usable = cgroupKind();
  try {
    return usable && KINDS[usable](id, limits);
  } catch {
    return undefined;
  }
}

function v1(id: string, limits: Limits): Cgroup {
  const folder = (controller: string) => join(CGROUPS, controller, PARENT, id);
  for (const controller of ['memory', 'pids', 'cpu', 'cpuacct']) mkdirSync(folder(controller), { recursive: true });
  const set = (controller: string, file: string, value: number) =>
    writeFileSync(join(folder(controller), file), String(value));
  writeFileSync(join(CGROUPS, 'cpu', PARENT, 'cpu.shares'), String(1024 * AT_ONCE));
  set('memory', 'memory.limit_in_bytes', limits.memory);
  if (existsSync(join(folder('memory'), 'memory.memsw.limit_in_bytes')))
    set('memory', 'memory.memsw.limit_in_bytes', limits.memory);
  set('pids', 'pids.max', limits.pids);
  set('cpu', 'cpu.cfs_period_us', PERIOD_US);
  set('cpu', 'cpu.cfs_quota_us', Math.round(limits.cpus * PERIOD_US));
  const folders = ['memory', 'pids', 'cpu', 'cpuacct'].map(folder);
  return {
    procs: folders.map((one) => join(one, 'cgroup.procs')),
    ...usageV1(folder),
    remove: async () => {
      await Promise.all(folders.map(removeEmptied));
    },
  };
}

/** `folder` gives the group's folder under each controller. */
export function usageV1(folder: (controller: string) => string): CgroupUsage {
  return {
    cpuTime: () => numberIn(/(\d+)/, join(folder('cpuacct'), 'cpuacct.usage'), 1e6),
    peakMemory: () => numberIn(/(\d+)/, join(folder('memory'), 'memory.max_usage_in_bytes')),
    outOfMemory: () => (numberIn(/oom_kill (\d+)/, join(folder('memory'), 'memory.oom_control')) ?? 0) > 0,
  };
}

export function usageV2(folder: string): CgroupUsage {
  return {
    cpuTime: () => numberIn(/usage_usec (\d+)/, join(folder, 'cpu.stat'), 1e3),
    // The peak is told since Linux 5.19; before it, what is held now.
    peakMemory: () =>
      numberIn(/(\d+)/, join(folder, 'memory.peak')) ?? numberIn(/(\d+)/, join(folder, 'memory.current')),
    outOfMemory: () => (numberIn(/oom_kill (\d+)/, join(folder, 'memory.events')) ?? 0) > 0,
  };
}

function numberIn(pattern: RegExp, path: string, unit = 1): number | undefined {
  const [, digits] = pattern.exec(read(path)) ?? [];
  return digits === undefined ? undefined : Number(digits) / unit;
}

function v2(id: string, limits: Limits): Cgroup {
  const parent = join(CGROUPS, PARENT);
  mkdirSync(parent, { recursive: true });
  for (const path of [CGROUPS, parent]) writeFileSync(join(path, 'cgroup.subtree_control'), '+memory +pids +cpu');
  // More than this is no weight to the kernel, but an error.
  writeFileSync(join(parent, 'cpu.weight'), String(Math.min(100 * AT_ONCE, 10_000)));
  const folder = join(parent, id);
  mkdirSync(folder);
  writeFileSync(join(folder, 'memory.max'), String(limits.memory));
  if (existsSync(join(folder, 'memory.swap.max'))) writeFileSync(join(folder, 'memory.swap.max'), '0');
  writeFileSync(join(folder, 'pids.max'), String(limits.pids));
  writeFileSync(join(folder, 'cpu.max'), `${Math.round(limits.cpus * PERIOD_US)} ${PERIOD_US}`);
  return {
    procs: [join(folder, 'cgroup.procs')],
    ...usageV2(folder),
    remove: () => removeEmptied(folder),
  };
}

const KINDS = { v1, v2 };

/** Killed processes leave a group a moment after they are gone for everybody else. */
async function removeEmptied(folder: string): Promise<void> {
  for (let i = 0; i < 250 && !removeFolder(folder); i++) await sleep(4);
}

function removeFolder(folder: string): boolean {
  try {
    rmdirSync(folder);
  } catch {
    // Busy for an instant, or gone.
  }
  return !existsSync(folder);
}

/** Removes the groups of crawlers that are no more. A group's name begins with its crawler's pid. */
export function sweepCgroups(alive: (pid: number) => boolean): void {
  for (const base of [CGROUPS, ...['memory', 'pids', 'cpu', 'cpuacct'].map((name) => join(CGROUPS, name))]) {
    const parent = join(base, PARENT);
    if (!existsSync(parent)) continue;
    for (const entry of readdirSync(parent, { withFileTypes: true }))
      if (entry.isDirectory() && !alive(Number.parseInt(entry.name, 10))) removeFolder(join(parent, entry.name));
  }
}
