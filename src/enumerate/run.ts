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
}

/** What a driver adds to a bare process: limits that it watches itself, and what to clean up when all is over. */
export interface Watch {
  /** Called every `WATCH_MS` while it runs; what it returns ends the program. */
  look?(pid: number): Stopped | undefined;
  /** Called once it has ended; may know better why. */
  after?(): Stopped | undefined | Promise<Stopped | undefined>;
  cpuTime?(pid: number): number | undefined;
  /** Called by `kill` beside the signal to the process group. */
  kill?(): void;
}

const WATCH_MS = 100;

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
  const kill = () => {
    watch.kill?.();
    killGroup(child, pid);
  };
  const timer = setInterval(() => {
    stopped ??= watch.look?.(pid);
    if (stopped) kill();
  }, WATCH_MS);
  let cpuTime: number | undefined;
  const ended = new Promise<Ending>((resolve) => {
    child.once('exit', async (code, signal) => {
      clearInterval(timer);
      cpuTime = watch.cpuTime?.(pid) ?? cpuTime;
      // The leader is gone; whoever of its group is left goes too.
      kill();
      const after = await watch.after?.();
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
    kill,
    cpuTime: () => {
      if (child.exitCode === null && child.signalCode === null) cpuTime = watch.cpuTime?.(pid) ?? cpuTime;
      return cpuTime;
    },
  };
}

function killGroup(child: ChildProcess, pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}
