import { cp, lstat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MARKS } from './locate.ts';

/** What no server needs to list its tools, and what may hold its user's secrets. */
const LEFT_OUT =
  /^(?:\.git|\.hg|\.svn|\.env(?:\..*)?|\.npmrc|\.netrc|\.ssh|\.aws|\.plimsoll|__pycache__|.*\.(?:pem|key|p12|pfx|sqlite|db))$/i;

/** Copies a project within bounds; answers whether it was whole. A file that stands in a home folder comes alone. */
export async function copyProject(
  root: string,
  target: string,
  file: string,
  left: { bytes: number; files: number },
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const marked = (await readdir(root)).some((name) => MARKS.includes(name));
  let whole = true;
  await cp(root, target, {
    recursive: true,
    verbatimSymlinks: true,
    async filter(source) {
      signal?.throwIfAborted();
      if (source === root) return true;
      if (!marked && source !== file) return false;
      if (source !== file && LEFT_OUT.test(basename(source))) return false;
      const stats = await lstat(source);
      if (!stats.isFile() && !stats.isDirectory() && !stats.isSymbolicLink()) return false;
      left.files -= 1;
      left.bytes -= stats.isFile() ? stats.size : 0;
      if (left.files < 0 || left.bytes < 0) whole = false;
      return whole;
    },
  });
  return whole;
}

/** Folders of packages in a project's own Python environment. */
export async function sitePackages(bundle: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const venv of ['.venv', 'venv', 'env'])
    for (const version of await readdir(join(bundle, venv, 'lib')).catch(() => [] as string[]))
      if (/^python\d/.test(version)) found.push(`${venv}/lib/${version}/site-packages`);
  return found;
}
