import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Artefact, Launch } from '#domain/launch.ts';
import type { PackageRef } from '#domain/server.ts';
import { readText } from '../hints/read-text.ts';
import { readHints } from '../hints.ts';
import { extractPackage } from '../npm/extract-package.ts';
import { npmInstall } from '../npm/install.ts';
import { type Program, programs } from '../npm/programs.ts';
import { currentNpm, gate } from '../npm/registry.ts';
import type { InstallOptions, Resolver } from '../resolver.ts';
import { obtainTree, removeOtherVersions } from '../trees.ts';

const MANIFEST_MAX = 1_000_000;
/** More starts than this are not worth their time: the first ones are what documentation says. */
const LAUNCHES_MAX = 4;

async function install(artefact: Artefact, options: InstallOptions) {
  const result = await obtainTree(options, 'npm', artefact, async (folder) => {
    return (await gate(artefact, options)) ?? (await npmInstall(artefact, folder, options));
  });
  if (!('tree' in result)) return result;
  if (!result.reused) await removeOtherVersions(options.stage, artefact);
  return { ...result, ...(options.confine && { confined: true as const }) };
}

function fetchPackage(artefact: Artefact, options: InstallOptions) {
  return obtainTree(options, 'npm-source', artefact, async (folder) => {
    return (await gate(artefact, options)) ?? (await extractPackage(artefact, folder, options));
  });
}

async function launches(artefact: Artefact, tree: string, ref: PackageRef): Promise<readonly Launch[]> {
  const folder = join(tree, 'node_modules', artefact.name);
  const manifest = await readText(join(folder, 'package.json'), MANIFEST_MAX);
  const found = manifest === undefined ? [] : await present(folder, programs(parseJson(manifest)));
  const [best, ...others] = found;
  if (!best) return [];
  const names = found.map((program) => program.name);
  const files = found.map((program) => program.file);
  const { inputs, args } = await readHints(folder, artefact.name, names, ref.env, files);
  const entryOf = (program: Program) => `node_modules/${artefact.name}/${program.file}`;
  const bare = ref.args ?? [];
  const starts = [
    { entry: entryOf(best), args: bare },
    ...args.map((list) => ({ entry: entryOf(best), args: list })),
    ...others.map((program) => ({ entry: entryOf(program), args: bare })),
  ];
  const unlike = new Map(starts.map((start) => [JSON.stringify(start), start]));
  return [...unlike.values()]
    .slice(0, LAUNCHES_MAX)
    .map((start) => ({ resolver: 'npm', artefact, runtime: 'node', tree, ...start, inputs }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

/** The programs whose files are there, found as Node finds them: with `.js` added, or `index.js` in a folder. */
async function present(folder: string, listed: readonly Program[]): Promise<readonly Program[]> {
  const root = await realpath(folder).catch(() => folder);
  const found: Program[] = [];
  for (const program of listed)
    for (const file of [program.file, `${program.file}.js`, `${program.file}/index.js`]) {
      const path = await realpath(join(folder, file)).catch(() => undefined);
      if (!path?.startsWith(root + sep) || !(await stat(path)).isFile()) continue;
      found.push({ ...program, file });
      break;
    }
  return found;
}

export default { id: 'npm', purlType: 'npm', current: currentNpm, install, fetchPackage, launches } satisfies Resolver;
