import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Ending, Running, Stopped } from './sandbox.ts';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Descriptors to hand over from number 3 on. */
  readonly descriptors?: readonly number[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** See `Running`. */
  readonly places?: Running['places'];
}

/** What a driver adds to a bare process: limits that it watches itself, and what to clean up when all is over. */
export interface Watch {
  /** Called every `WATCH_MS` while it runs; what it returns ends the program. */
  look?(pid: number): Stopped | undefined;
  /** Called once it has ended, with the signal that ended it; may know better why. */
  after?(signal: NodeJS.Signals | null): Promise<Stopped | undefined>;
  cpuTime?(pid: number): number | undefined;
  /** Memory in bytes: the most so far, or what is held now; the highest answer counts. */
  memory?(pid: number): number | undefined;
}

const WATCH_MS = 100;
/** How long what it wrote before its end may take to arrive, where nothing of it is left that could write more. */
const DRAIN_MS = 1000;

/** Starts a sandbox's command in a process group of its own. Rejects where it cannot be started at all. */
export async function run(command: Command, watch: Watch): Promise<Running> {
  const child = spawn(command.program, command.args, {
    cwd: command.cwd ?? '/',
    env: { ...command.env },
    stdio: ['pipe', 'pipe', 'pipe', ...(command.descriptors ?? [])],
    detached: true,
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const pid = child.pid!;
  let stopped: Stopped | undefined;
  let over = false;
  const kill = () => {
    // The number of a group that is no more may belong to others.
    if (!over) killGroup(child, pid);
  };
  let [cpuTime, memory]: [number | undefined, number | undefined] = [undefined, undefined];
  // What only living processes tell is nought once they are gone.
  const measure = () => {
    cpuTime = highest(cpuTime, watch.cpuTime?.(pid));
    memory = highest(memory, watch.memory?.(pid));
  };
  const timer = setInterval(() => {
    measure();
    stopped ??= watch.look?.(pid);
    if (stopped) kill();
  }, WATCH_MS);
  const ended = new Promise<Ending>((resolve) => {
    child.once('exit', async (code, signal) => {
      clearInterval(timer);
      measure();
      // The leader is gone; whoever of its group is left goes too.
      kill();
      over = true;
      await drained(child);
      const after = await watch.after?.(signal);
      const why = stopped ?? after;
      resolve({ code, signal, ...(why && { stopped: why }) });
    });
  });
  // Writing to a server that is gone is the transport's to notice, not the process's to die of.
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.on('error', () => {});
  return {
    stdin: child.stdin as Writable,
    stdout: child.stdout as Readable,
    stderr: child.stderr as Readable,
    ended,
    places: command.places ?? [],
    kill,
    cpuTime: () => {
      if (!over) measure();
      return cpuTime;
    },
    peakMemory: () => {
      if (!over) measure();
      return memory;
    },
  };
}

function highest(so: number | undefined, now: number | undefined): number | undefined {
  return now === undefined ? so : Math.max(now, so ?? 0);
}

/** Resolves once both streams are read to their end, which is after 'exit', or after a second. */
function drained(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const enough = setTimeout(resolve, DRAIN_MS);
    child.once('close', () => {
      clearTimeout(enough);
      resolve();
    });
  });
}

function killGroup(child: ChildProcess, pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}
