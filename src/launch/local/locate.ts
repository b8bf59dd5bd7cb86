import { constants } from 'node:fs';
import { access, open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, parse, resolve, sep } from 'node:path';
import type { Runtime } from '#domain/launch.ts';

/** A program of this machine, as its user starts it. */
export interface LocalProgram {
  /** What its file is for; where it is absent, the file itself tells. */
  readonly runtime?: 'node' | 'python';
  /** A path, or a name that is looked for in `path`. */
  readonly file: string;
  readonly args: readonly string[];
  /** Folder in which relative paths begin. */
  readonly folder: string;
  /** Folders in which programs are looked for by name. */
  readonly path: readonly string[];
  readonly home: string;
}

/** What makes a folder a project. */
export const MARKS = ['package.json', 'pyproject.toml', 'requirements.txt', 'deno.json', '.git'];
const NO_ENDING: Readonly<Record<string, Runtime>> = { node: 'node', deno: 'node', bun: 'node', python: 'python' };

/** Where a program lies, the folder of its project, and what it is for. */
export interface Located {
  readonly file: string;
  readonly root: string;
  readonly runtime: Runtime;
}

/** Finds a program; undefined where there is none. */
export async function locate({ runtime, file, folder, path, home }: LocalProgram): Promise<Located | undefined> {
  const isPath = runtime !== undefined || isAbsolute(file) || /[\\/]/.test(file);
  const candidates = isPath
    ? [resolve(folder, file.replace(/^~(?=[\\/])/, home))]
    : path.filter(isAbsolute).map((one) => join(one, file));
  for (const candidate of candidates) {
    const real = await realpath(candidate).catch(() => undefined);
    if (real === undefined || !(await stat(real)).isFile()) continue;
    if (
      !isPath &&
      !(await access(real, constants.X_OK).then(
        () => true,
        () => false,
      ))
    )
      continue;
    return { file: real, root: await projectOf(real, home), runtime: runtime ?? (await runtimeOf(real)) };
  }
  return undefined;
}

/** What a file is for: by its ending, else by its first line. */
async function runtimeOf(file: string): Promise<Runtime> {
  if (/\.[cm]?[jt]s$/i.test(file)) return 'node';
  if (/\.pyw?$/i.test(file)) return 'python';
  await using handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(200), 0, 200, 0);
  const [, interpreter = ''] = /^#!.*?\b(node|deno|bun|python)/.exec(buffer.toString('latin1', 0, bytesRead)) ?? [];
  return NO_ENDING[interpreter] ?? 'native';
}

/**
 * The folder of the project that a file is of: the nearest that a version control or, without one, the outermost that a
 * manifest marks; the package itself where it is installed. Never the home folder or one that holds it: then the file
 * stands alone.
 */
async function projectOf(file: string, home: string): Promise<string> {
  const realHome = await realpath(home).catch(() => home);
  let found = dirname(file);
  for (let folder = found; folder !== parse(folder).root; folder = dirname(folder)) {
    if (`${realHome}${sep}`.startsWith(`${folder}${sep}`)) break;
    const names = await readdir(folder).catch(() => [] as string[]);
    if (names.includes('.git')) return folder;
    if (MARKS.some((mark) => names.includes(mark))) found = folder;
    // Beyond lie the packages of others.
    if (basename(dirname(folder)) === 'node_modules') break;
  }
  return found;
}
