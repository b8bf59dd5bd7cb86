import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders that hold no code of the running server. */
const SKIPPED_FOLDERS =
  /^(node_modules|\.[^.].*|tests?|__tests__|spec|__mocks__|fixtures?|examples?|docs?|coverage|assets)$/i;
const SOURCE = /\.[cm]?[jt]sx?$/;
const SKIPPED_FILES = /(\.d\.[cm]?ts|\.min\.js|\.(test|spec|stories|config|bench)\.[cm]?[jt]sx?)$/;
/** Entries looked at in one package: real ones stay under 2,000. */
const ENTRIES_MAX = 20_000;

/**
 * Absolute paths of a package's own JavaScript and TypeScript files, without tests, examples and dependencies,
 * in order of path. Links are not followed.
 */
export async function sourceFiles(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  const folders = [folder];
  let left = ENTRIES_MAX;
  for (let next = folders.pop(); next !== undefined && left > 0; next = folders.pop())
    for (const entry of await readdir(next, { withFileTypes: true }).catch(() => [])) {
      left -= 1;
      if (entry.isDirectory() && !SKIPPED_FOLDERS.test(entry.name)) folders.push(join(next, entry.name));
      else if (entry.isFile() && SOURCE.test(entry.name) && !SKIPPED_FILES.test(entry.name))
        files.push(join(next, entry.name));
    }
  return files.sort();
}
