import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { clientEnvironment } from '#core/engine.ts';
import { modulePath } from '#core/module-path.ts';
import type { Sandbox } from '../sandbox.ts';

const CRAWLER = modulePath(import.meta, 'orphan');
/** How long what is left may take to be gone, and how often to look. */
const GRACE_MS = 2000;
const LOOK_MS = 50;

/** Pids of this machine's processes that have a mark among their arguments, as far as they can be seen from here. */
async function marked(mark: string): Promise<readonly number[]> {
  if (process.platform !== 'linux') {
    const { stdout } = await promisify(execFile)('ps', ['-Ao', 'pid,args'], { maxBuffer: 64e6 });
    return stdout.split('\n').flatMap((line) => (line.includes(mark) ? [Number.parseInt(line, 10)] : []));
  }
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return pids.flatMap((pid, index) => (lines[index]!.includes(mark) ? [Number(pid)] : []));
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone meanwhile, or another user's: it gives up by itself.
  }
}

/**
 * Kills a crawler, a small one of its own, whose program in the sandbox does what it can to stay. Answers what was
 * left of it two seconds later: '' where nothing was, undefined where it did not come so far within `deadline` ms.
 */
export async function outlives(
  sandbox: Sandbox,
  tree: string,
  stage: string,
  deadline: number,
): Promise<string | undefined> {
  const mark = `plimsoll-${randomUUID()}`;
  const here = async () => (await marked(mark)).length + ((await sandbox.remains?.(mark)) ?? 0);
  const program = { runtime: 'node', tree, entry: 'linger.mjs', args: [mark], env: {} };
  const crawler = spawn(process.execPath, [CRAWLER], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...clientEnvironment(), ...(process.env.NODE_OPTIONS && { NODE_OPTIONS: process.env.NODE_OPTIONS }) },
    cwd: '/',
  });
  const gone = new Promise((resolve) => crawler.once('close', resolve));
  crawler.stdin.on('error', () => {});
  crawler.stdin.end(JSON.stringify({ id: sandbox.id, settings: sandbox.settings, program, stage }));
  try {
    const up = new Promise<boolean>((resolve) => {
      crawler.stdout.once('data', () => resolve(true));
      crawler.once('close', () => resolve(false));
    });
    if (!(await Promise.race([up, sleep(deadline, false, { ref: false })])) || (await here()) === 0) return undefined;
  } finally {
    crawler.kill('SIGKILL');
  }
  const killed = performance.now();
  for (;;) {
    const left = await here();
    if (left === 0) break;
    if (performance.now() - killed > GRACE_MS) {
      for (const pid of await marked(mark)) end(pid);
      return `${left} of its processes were left after two seconds`;
    }
    await sleep(LOOK_MS);
  }
  await gone;
  return '';
}
