import { constants } from 'node:fs';
import {
  access,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, parse, relative, resolve, sep } from 'node:path';
import { isAlive } from '#core/alive.ts';
import { sha256 } from '#core/hash.ts';
import type { Artefact, Runtime } from '#domain/launch.ts';
import { mergeInputs } from './hints/inputs.ts';
import { bundleRunner } from './mcpb/manifest.ts';
import { openUp } from './open-up.ts';
import type { Resolver, Unavailable } from './resolver.ts';

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

/** Bytes and files of one project, dependencies included. */
const BYTES_MAX = 1e9;
const FILES_MAX = 200_000;
/** What makes a folder a project. */
const MARKS = ['package.json', 'pyproject.toml', 'requirements.txt', 'deno.json', '.git'];
/** What no server needs to list its tools, and what may hold its user's secrets. */
const LEFT_OUT =
  /^(?:\.git|\.hg|\.svn|\.env(?:\..*)?|\.npmrc|\.netrc|\.ssh|\.aws|\.plimsoll|__pycache__|.*\.(?:pem|key|p12|pfx|sqlite|db))$/i;
const NO_ENDING: Readonly<Record<string, Runtime>> = { node: 'node', deno: 'node', bun: 'node', python: 'python' };

const RUNNER = 'run/start.py';

function refuse(phase: Unavailable['phase'], reason: string, detail: string): Unavailable {
  return { phase, reason, detail, temporary: false };
}

/**
 * A resolver for one program of this machine. It is copied with its project where a sandbox can read it, without files
 * that may hold credentials, so that nothing of the original can be seen or changed. Dispose it to remove the copy.
 */
export function localResolver(program: LocalProgram): Resolver & AsyncDisposable {
  let copy: string | undefined;
  let found: { readonly file: string; readonly root: string; readonly runtime: Runtime } | undefined;

  const install: Resolver['install'] = async (_, { stage, signal }) => {
    if (!found) return refuse('install', 'not-found', 'There is no such program.');
    await mkdir(join(stage, 'local'), { recursive: true, mode: 0o755 });
    await sweep(join(stage, 'local'));
    copy ??= await mkdtemp(join(stage, 'local', `${process.pid}-`));
    const left = { bytes: BYTES_MAX, files: FILES_MAX };
    const bundle = join(copy, 'bundle');
    const whole = await copyProject(found.root, bundle, found.file, left, signal);
    if (!whole) return refuse('install', 'too-large', 'Its project is larger than what is copied into a sandbox.');
    if (found.runtime === 'python') {
      await mkdir(join(copy, 'run'), { recursive: true });
      const entry = relative(found.root, found.file).split(sep).join('/');
      await writeFile(join(copy, RUNNER), bundleRunner({ entry, paths: await sitePackages(bundle) }));
    }
    return { tree: copy, bytes: await openUp(copy), reused: false };
  };

  return {
    id: 'local',
    purlType: 'local',
    async current() {
      found = await locate(program);
      if (!found) return refuse('resolve', 'not-found', 'There is no such program on this machine.');
      const name = basename(found.root);
      const hash = sha256(await readFile(found.file));
      const integrity = `sha256-${Buffer.from(hash, 'hex').toString('base64')}`;
      return { purl: `pkg:generic/${encodeURIComponent(name)}`, name, version: 'local', integrity } satisfies Artefact;
    },
    install,
    fetchPackage: install,
    async launches(artefact, tree, ref) {
      const { runtime, file, root } = found!;
      const entry = runtime === 'python' ? RUNNER : `bundle/${relative(root, file).split(sep).join('/')}`;
      return [
        {
          resolver: 'local',
          artefact,
          runtime,
          tree,
          entry,
          args: ref.args ?? [],
          inputs: mergeInputs([ref.env ?? []]),
        },
      ];
    },
    async [Symbol.asyncDispose]() {
      if (copy !== undefined) await rm(copy, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Removes the copies of runs that were killed. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (!isAlive(Number.parseInt(name, 10))) await rm(join(folder, name), { recursive: true, force: true });
}

async function locate({ runtime, file, folder, path, home }: LocalProgram) {
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

/** Copies a project within bounds; answers whether it was whole. A file that stands in a home folder comes alone. */
async function copyProject(
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
async function sitePackages(bundle: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const venv of ['.venv', 'venv', 'env'])
    for (const version of await readdir(join(bundle, venv, 'lib')).catch(() => [] as string[]))
      if (/^python\d/.test(version)) found.push(`${venv}/lib/${version}/site-packages`);
  return found;
}
