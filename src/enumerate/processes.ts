import { readdirSync, readFileSync, statSync } from 'node:fs';

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

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
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
    // A child belongs to the thread that started it.
    for (const thread of list(`/proc/${pid}/task`))
      for (const child of read(`/proc/${pid}/task/${thread}/children`).split(' ')) if (child) queue.push(Number(child));
  }
  return { pids, memory, cpuTime };
}

/** Bytes of files that a process holds open and that are in no folder any more: no walk through folders finds them. */
export function unlinkedBytes(pid: number): number {
  let bytes = 0;
  for (const descriptor of list(`/proc/${pid}/fd`)) {
    try {
      const file = statSync(`/proc/${pid}/fd/${descriptor}`);
      if (file.isFile() && file.nlink === 0) bytes += file.size;
    } catch {
      // Closed meanwhile.
    }
  }
  return bytes;
}
