import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
/** Compiling what a job loads takes a third of a second of processor time, and tests start hundreds of jobs. */
const COMPILED = join(tmpdir(), 'plimsoll-compiled');
/** Containers start slowly, and have tests of their own: jobs take the next sandbox. */
const NO_CONTAINER = { PLIMSOLL_CONTAINER_IMAGE: 'plimsoll-none-in-tests' };

export interface Ran {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** Starts the command line as a user would, with nothing in its environment but what is given. */
export function startCli(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): { readonly child: ChildProcess; readonly ended: Promise<Ran> } {
  const child = spawn(process.execPath, ['src/cli.ts', ...args], {
    cwd: root,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      NODE_COMPILE_CACHE: COMPILED,
      ...NO_CONTAINER,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout!.on('data', (chunk) => (out += chunk));
  child.stderr!.on('data', (chunk) => (err += chunk));
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, out, err }) as Ran);
  return { child, ended };
}

export function cli(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
  return startCli(args, env).ended;
}
