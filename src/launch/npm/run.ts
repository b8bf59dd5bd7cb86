import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { NPM_PROGRAM } from '#core/npm-network.ts';

/** How one run of npm ended. `stopped`: it was ended before its time, and why. */
export interface NpmRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly stopped?: 'timeout' | 'aborted' | 'too-large';
}

export interface RunOptions {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds until it is killed. */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
  /** Asked now and then; once it says yes npm is killed as `too-large`. */
  readonly isTooLarge: () => Promise<boolean>;
}

/** Characters of output that are kept: enough for npm's report. */
const KEPT = 1_000_000;
/** Milliseconds between looks at the size: most installs end before the first. */
const LOOK = 5_000;

/**
 * Runs the pinned npm under this Node with nothing of this process's environment.
 * It and all it started are gone when this resolves.
 */
export async function runNpm(args: readonly string[], options: RunOptions): Promise<NpmRun> {
  const { folder, env, deadline, signal, isTooLarge } = options;
  if (signal?.aborted) return { code: null, stdout: '', stderr: '', stopped: 'aborted' };
  const child = spawn(process.execPath, [NPM_PROGRAM, ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, so that whatever npm starts is killed with it.
    detached: process.platform !== 'win32',
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] = (output[name] + text).slice(-KEPT);
    });

  let stopped: NpmRun['stopped'];
  const stop = (why: NonNullable<NpmRun['stopped']>) => {
    stopped ??= why;
    killGroup(child.pid);
  };
  const abort = () => stop('aborted');
  signal?.addEventListener('abort', abort, { once: true });
  const timer = setTimeout(() => stop('timeout'), deadline);
  const done = new AbortController();
  const watch = (async () => {
    for (;;) {
      await sleep(LOOK, undefined, { signal: done.signal, ref: false });
      if (await isTooLarge()) return stop('too-large');
    }
  })().catch(() => undefined);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    return { code, ...output, ...(stopped && { stopped }) };
  } finally {
    clearTimeout(timer);
    done.abort();
    signal?.removeEventListener('abort', abort);
    await watch;
    killGroup(child.pid);
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
