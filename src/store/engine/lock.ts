import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '#core/alive.ts';
import { OWNER, PID_SPACE } from '#core/owner.ts';

/** Somebody else has the embedded database open. */
export class InUse extends Error {
  override readonly name = 'InUse';
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

/** Removes the lock that held `text`, and no other: somebody may have taken over a dead one a moment before us. */
function removeStale(path: string, text: string): void {
  const aside = `${path}.${OWNER}aside`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (readFileSync(aside, 'utf8') === text) rmSync(aside);
  else renameSync(aside, path);
}

const TRIES = 40;
const PAUSE_MS = 25;
/** How often a holder shows those who cannot see its process that it lives, and how long without is dead. */
const BEAT_MS = 5000;
const DEAD_MS = 120_000;

/** Whether the holder that the lock's text names lives. One in another container is taken by its beat. */
function isHeld(path: string, pid: number, start: string | undefined, space: string | undefined): boolean {
  if (space === undefined || space === PID_SPACE)
    return isAlive(pid) && (start === undefined || startOf(pid) === start);
  return Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) < DEAD_MS;
}

/** Keeps the lock fresh until it is released. Whoever took it away is not resisted. */
function beat(path: string): () => void {
  const timer = setInterval(() => {
    try {
      utimesSync(path, new Date(), new Date());
    } catch {
      clearInterval(timer);
    }
  }, BEAT_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    rmSync(path, { force: true });
  };
}

/**
 * Takes the lock file at `path` for this process and returns its release.
 * PGlite has no lock of its own: two processes on one folder silently lose each other's rows (measured).
 * A lock whose owner is dead is taken over; one whose owner lives is never stolen, and rejects with `InUse`. Of an owner in
 * another container, whose process cannot be seen, two minutes without a beat say that it is dead.
 */
export async function takeLock(path: string): Promise<() => void> {
  const mine = `${process.pid} ${startOf(process.pid)}${PID_SPACE && ` ${PID_SPACE}`}\n`;
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      const file = openSync(path, 'wx', 0o600);
      writeSync(file, mine);
      closeSync(file);
      return beat(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch {
      continue;
    }
    const [, pid, start, space] = /^(\d+)(?: (\d+))?(?: ([0-9a-f]{8}))?\n/.exec(text) ?? [];
    if (pid !== undefined && isHeld(path, Number(pid), start, space))
      throw new InUse(
        `The embedded database is in use by process ${pid}${space !== undefined && space !== PID_SPACE ? ' of another container' : ''} (lock file ${path}). Stop that process, or set DATABASE_URL to share a PostgreSQL server.`,
      );
    // A file without a whole line is being written this instant, or was left by a crash: give it a moment first.
    if (pid !== undefined || tries > TRIES / 4) removeStale(path, text);
    else await sleep(PAUSE_MS);
  }
  throw new InUse(`The lock file ${path} keeps coming back. Remove it when no other process uses the database.`);
}
