import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Somebody else has the embedded database open. */
export class InUse extends Error {
  override readonly name = 'InUse';
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When the process with that id started, in the kernel's ticks: tells a reused pid from its first owner. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/**
 * Takes the lock file at `path` for this process and returns its release.
 * PGlite has no lock of its own: two processes on one folder silently lose each other's rows (measured).
 * A lock whose owner is dead is taken over; one whose owner lives is never stolen, and rejects with `InUse`.
 */
export async function takeLock(path: string): Promise<() => void> {
  for (let tries = 0; ; tries++) {
    try {
      const file = openSync(path, 'wx', 0o600);
      writeSync(file, `${process.pid} ${startOf(process.pid)}\n`);
      closeSync(file);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    let text = '';
    try {
      text = readFileSync(path, 'utf8');
    } catch {
      continue;
    }
    const [pid = Number.NaN, start = ''] = text
      .trim()
      .split(' ')
      .map((word, i) => (i ? word : Number(word))) as [number, string];
    if (Number.isInteger(pid) && alive(pid) && (start === '' || startOf(pid) === start))
      throw new InUse(
        `The embedded database is in use by process ${pid} (lock file ${path}). Stop that process, or set DATABASE_URL to share a PostgreSQL server.`,
      );
    // An empty file is a lock being written this instant, or left by a crash in between: give it a moment first.
    if (text === '' && tries < 5) await sleep(50);
    else rmSync(path, { force: true });
    if (tries > 20)
      throw new InUse(`The lock file ${path} keeps coming back. Remove it when no other process uses the database.`);
  }
}
