import { readFileSync, readlinkSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { isAlive } from './alive.ts';
import { sha256 } from './hash.ts';

/** Where ids of processes count: containers that share a folder have a process 7 each. Empty where the system does not tell. */
export const PID_SPACE = pidSpace();

/** How the names of folders and files begin that this process will take away again. */
export const OWNER = `${process.pid}-${PID_SPACE && `${PID_SPACE}-`}`;

const OWNED = /^(?:[a-z]+-)?(\d+)-(?:([0-9a-f]{8})-)?/;
/** Nothing that has an owner is worked on for so long; whether owners in other containers live cannot be asked. */
const FORGOTTEN_MS = 86_400_000;

function pidSpace(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
    return sha256(`${boot}${readlinkSync('/proc/self/ns/pid')}`).slice(0, 8);
  } catch {
    return '';
  }
}

/** Whether what lies at `path`, named after its `OWNER` (a word and a dash may stand before), was left by one that is no more. */
export async function isAbandoned(path: string): Promise<boolean> {
  const [, pid, space = PID_SPACE] = OWNED.exec(basename(path)) ?? [];
  if (pid === undefined) return false;
  if (space === PID_SPACE) return !isAlive(Number(pid));
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > FORGOTTEN_MS;
}
