import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';

/** The file of a path below a folder. Throws for a path that is not plain: nothing is touched outside the folder. */
export function within(folder: string, path: string): string {
  const own = path.replaceAll('/', sep);
  if (path === '' || path === '.' || path.startsWith('/') || path.startsWith('..') || normalize(own) !== own)
    throw new Error(`'${path}' is not a plain path inside the site`);
  return join(folder, own);
}

/** Whether there is such a file, not a link to one, and it holds these bytes and no others. */
export function holds(file: string, content: Buffer): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return false;
  }
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile() || found.size !== content.length) return false;
    const bytes = Buffer.allocUnsafe(content.length);
    return readSync(descriptor, bytes) === content.length && bytes.equals(content);
  } finally {
    closeSync(descriptor);
  }
}

/** Removes a file and the folders that it leaves empty; false where it was gone already. */
export function removeFile(folder: string, path: string): boolean {
  const file = within(folder, path);
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return false;
  rmSync(file);
  for (let above = dirname(file); above !== folder; above = dirname(above)) {
    try {
      rmdirSync(above);
    } catch {
      break;
    }
  }
  return true;
}
