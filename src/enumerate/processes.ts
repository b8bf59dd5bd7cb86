import { readFileSync } from 'node:fs';

/** What a process and everything it started use now, from /proc. Zeros where that cannot be read. */
export interface TreeUsage {
  readonly pids: readonly number[];
  /** Resident memory in bytes. */
  readonly memory: number;
  /** CPU time of the living in milliseconds. */
  readonly cpuTime: number;
}

/** Ticks a second in /proc/PID/stat; 100 on every Linux that Node runs on. */
const TICKS = 100;
const PAGE = 4096;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Adds up a process and its descendants. Those that were orphaned inside a pid namespace still count: its init keeps them. */
export function treeUsage(root: number): TreeUsage {
  const pids: number[] = [];
  let [memory, cpuTime] = [0, 0];
  const queue = [root];
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    const stat = read(`/proc/${pid}/stat`);
    if (stat === '') continue;
    pids.push(pid);
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    cpuTime += ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS;
    memory += Number(fields[21]) * PAGE;
    for (const task of read(`/proc/${pid}/task/${pid}/children`).split(' ')) if (task) queue.push(Number(task));
  }
  return { pids, memory, cpuTime };
}

/** Whether a process lives, whoever it belongs to. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
