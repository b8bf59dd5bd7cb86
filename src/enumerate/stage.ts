import { chmod, copyFile, link, mkdir, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { sha256 } from '#core/hash.ts';
import { OWNER } from '#core/owner.ts';

/** The uid and gid under which a crawler that is root starts bubblewrap: nobody else's, and no entry in passwd. */
export const SANDBOX_UID = 20001;

const ELSEWHERE = '/var/lib/plimsoll';

/**
 * The folder under which package trees lie and from which sandboxes read them: `<home>/stage`, or, where the crawler
 * is root and other users cannot get to `home` (below /root, say), a folder of root's elsewhere that they can read.
 */
export async function stageFolder(home: string): Promise<string> {
  await mkdir(home, { recursive: true });
  const apart = process.getuid?.() === 0 && !(await everyoneReaches(home));
  const stage = apart ? join(ELSEWHERE, sha256(home).slice(0, 16)) : join(home, 'stage');
  await mkdir(stage, { recursive: true, mode: 0o755 });
  if (apart) for (const folder of [ELSEWHERE, stage]) await chmod(folder, 0o755);
  else await chmod(stage, 0o755);
  // Deno's permissions are for real paths: a link on the way here would keep a server from its own package.
  return realpath(stage);
}

async function everyoneReaches(folder: string): Promise<boolean> {
  for (let path = await realpath(folder); ; path = dirname(path)) {
    if (((await stat(path)).mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

/** A copy of the Node binary that runs this crawler, where the sandbox can read it; a hard link where that will do. */
export async function stagedNode(stage: string): Promise<string> {
  return staged(process.execPath, join(stage, `node-${process.version}-${process.arch}`, 'node'));
}

const underWay = new Map<string, Promise<string>>();

/** Puts a file at `target` once, readable and runnable by everyone, whole or not at all. */
export function staged(source: string, target: string): Promise<string> {
  const known = underWay.get(target) ?? put(source, target).finally(() => underWay.delete(target));
  underWay.set(target, known);
  return known;
}

/** Puts a text at `target`, readable by everyone, whole or not at all: other launches and other workers read it meanwhile. */
export async function stagedText(text: string, target: string): Promise<string> {
  if ((await readFile(target, 'utf8').catch(() => undefined)) === text) return target;
  await mkdir(dirname(target), { recursive: true, mode: 0o755 });
  const part = join(dirname(target), `.${OWNER}${Math.random().toString(36).slice(2)}-${basename(target)}`);
  await writeFile(part, text, { mode: 0o644, flag: 'wx' });
  await rename(part, target);
  return target;
}

async function put(source: string, target: string): Promise<string> {
  const { size, mode } = await stat(source);
  const there = await stat(target).catch(() => undefined);
  if (there?.size === size) return target;
  await mkdir(dirname(target), { recursive: true, mode: 0o755 });
  const part = join(dirname(target), `.${OWNER}${basename(target)}`);
  // A link shares the original's mode; only one that everyone may run will do.
  const runnable = (mode & 0o555) === 0o555;
  await (runnable ? link(source, part).catch(() => copyFile(source, part)) : copyFile(source, part));
  if (!runnable) await chmod(part, 0o755);
  await rename(part, target);
  return target;
}
