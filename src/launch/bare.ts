import { spawn } from 'node:child_process';
import type { Errand, ErrandEnd } from '#core/errand.ts';
import { lastOf, watchOver } from '#core/watch-over.ts';

export type BareErrand = Pick<Errand, 'command' | 'env' | 'cwd' | 'deadline' | 'signal' | 'isTooLarge'>;

/**
 * Runs an installer on this machine itself, with nothing of this process's environment: where no sandbox for it can be
 * had. It and all it started are gone when this resolves.
 */
export async function runBare({ command, env, cwd, ...bounds }: BareErrand): Promise<ErrandEnd> {
  const nothing = { code: null, stdout: '', stderr: '', refused: [] };
  if (bounds.signal?.aborted) return { ...nothing, stopped: 'aborted' };
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, so that whatever it starts is killed with it.
    detached: process.platform !== 'win32',
  });
  const [stdout, stderr] = [lastOf(child.stdout), lastOf(child.stderr)];
  const watch = watchOver(() => killGroup(child.pid), bounds);
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  await ended.catch(() => undefined);
  const stopped = await watch.over();
  killGroup(child.pid);
  const code = await ended;
  return { code, stdout: stdout(), stderr: stderr(), refused: [], ...(stopped && { stopped }) };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
