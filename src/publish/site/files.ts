import { lstatSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';

/** The file of a path below a folder. Throws for a path that is not plain: nothing is touched outside the folder. */
export function within(folder: string, path: string): string {
  const own = path.replaceAll('/', sep);
  if (path === '' || path === '.' || path.startsWith('/') || path.startsWith('..') || normalize(own) !== own)
    throw new Error(`'${path}' is not a plain path inside the site`);
  return join(folder, own);
}

/** The size of a file in bytes; undefined where there is none. */
export function sizeOf(file: string): number | undefined {
  return lstatSync(file, { throwIfNoEntry: false })?.size;
}

/** Removes a file and the folders that it leaves empty; false where it was gone already. */
export function removeFile(folder: string, path: string): boolean {
  const file = within(folder, path);
  if (sizeOf(file) === undefined) return false;
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
