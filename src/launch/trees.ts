import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { sha256 } from '#core/hash.ts';
import { isAbandoned, OWNER } from '#core/owner.ts';
import type { Artefact } from '#domain/launch.ts';
import { openUp } from './open-up.ts';
import type { Installed, InstallOptions, Unavailable } from './resolver.ts';
import { sharedKey } from './shared/shared.ts';

/** A tree on disk, and when it was last asked for. */
export interface Tree {
  readonly path: string;
  readonly purl: string;
  readonly version: string;
  readonly bytes: number;
  readonly usedAt: Date;
}

/** Beside the tree's content; written last, so that a tree with it is complete. */
const RECORD = '.plimsoll.json';
const Record = z.object({ purl: z.string(), version: z.string(), bytes: z.number() });
/** A tree asked for this recently may be in use by a launch and is left alone. */
const IN_USE = 10 * 60_000;
/** A folder being built has this prefix and then its builder's mark. */
const BUILDING = 'building-';

/** Where an artefact's tree belongs: the same bytes on the same platform always in the same place. */
export function treePath(stage: string, kind: string, artefact: Artefact): string {
  const { purl, version, integrity } = artefact;
  const key = JSON.stringify([purl, version, integrity, process.platform, process.arch, process.versions.modules]);
  return join(stage, kind, sha256(key).slice(0, 32));
}

/**
 * The artefact's tree: the one that is there, one that another machine shares, or a new one that `build` fills.
 * It appears complete or not at all, and every user of this machine can read it. What `build` throws goes through.
 */
export async function obtainTree(
  { stage, shared, confine }: Pick<InstallOptions, 'stage' | 'shared' | 'confine'>,
  kind: string,
  artefact: Artefact,
  build: (folder: string) => Promise<Unavailable | undefined>,
): Promise<Installed | Unavailable> {
  const path = treePath(stage, kind, artefact);
  const present = await readTree(path);
  if (present) {
    await utimes(join(path, RECORD), new Date(), new Date());
    return { tree: path, bytes: present.bytes, reused: true };
  }
  const parent = dirname(path);
  await mkdir(parent, { recursive: true });
  await chmod(parent, 0o755);
  await removeAbandoned(parent);
  const key = sharedKey(kind, artefact, confine !== undefined);
  let folder = await mkdtemp(join(parent, `${BUILDING}${OWNER}`));
  try {
    const fetched = (await shared?.fetch(key, folder)) ?? false;
    if (!fetched) {
      if (shared) {
        // What came half way is not to be built upon.
        await rm(folder, { recursive: true });
        folder = await mkdtemp(join(parent, `${BUILDING}${OWNER}`));
      }
      const refusal = await build(folder);
      if (refusal) return refusal;
    }
    const bytes = await openUp(folder);
    if (!fetched) await shared?.store(key, folder, bytes);
    const { purl, version } = artefact;
    await writeFile(join(folder, RECORD), JSON.stringify({ purl, version, bytes }), { mode: 0o644 });
    await place(folder, path);
    return { tree: path, bytes, reused: false };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Puts a complete tree where it belongs. Where another builder was faster, its tree serves and is not touched: a launch may use it. */
async function place(folder: string, path: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await rename(folder, path);
    } catch (error) {
      if (await readTree(path)) return;
      if (tries > 2) throw error;
    }
    // Whatever lies there has no record, so it is not complete.
    await rm(path, { recursive: true, force: true });
  }
}

async function readTree(path: string): Promise<Tree | undefined> {
  try {
    const file = join(path, RECORD);
    const record = Record.parse(JSON.parse(await readFile(file, 'utf8')));
    return { ...record, path, usedAt: (await stat(file)).mtime };
  } catch {
    return undefined;
  }
}

/** Removes what processes that are gone were building. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent))
    if (name.startsWith(BUILDING) && (await isAbandoned(join(parent, name))))
      await rm(join(parent, name), { recursive: true, force: true });
}

/** All complete trees under `stage`, longest unused first. */
export async function listTrees(stage: string): Promise<readonly Tree[]> {
  const trees: Tree[] = [];
  for (const kind of await readdir(stage, { withFileTypes: true }).catch(() => []))
    if (kind.isDirectory())
      for (const name of await readdir(join(stage, kind.name))) {
        const tree = await readTree(join(stage, kind.name, name));
        if (tree) trees.push(tree);
      }
  return trees.sort((a, b) => a.usedAt.getTime() - b.usedAt.getTime());
}

/** Removes one tree. Refuses, by throwing, what is not a tree's folder. */
export async function removeTree(path: string): Promise<void> {
  if (!/^[0-9a-f]{32}$/.test(basename(path))) throw new Error(`${path} is not the folder of an installed tree`);
  // The record goes first: what is half removed must not pass for complete.
  await rm(join(path, RECORD), { force: true });
  await rm(path, { recursive: true, force: true });
}

/** Removes trees of other versions of this package, but for those used in the last ten minutes. */
export async function removeOtherVersions(stage: string, artefact: Artefact): Promise<void> {
  for (const tree of await listTrees(stage))
    if (tree.purl === artefact.purl && tree.version !== artefact.version && !recentlyUsed(tree))
      await removeTree(tree.path);
}

/** Removes the longest unused trees until what stays fits `bytes`; those used in the last ten minutes stay anyway. */
export async function trimTrees(stage: string, bytes: number): Promise<readonly Tree[]> {
  const trees = await listTrees(stage);
  let total = 0;
  for (const tree of trees) total += tree.bytes;
  const removed: Tree[] = [];
  for (const tree of trees) {
    if (total <= bytes) break;
    if (recentlyUsed(tree)) continue;
    await removeTree(tree.path);
    removed.push(tree);
    total -= tree.bytes;
  }
  return removed;
}

function recentlyUsed(tree: Tree): boolean {
  return Date.now() - tree.usedAt.getTime() < IN_USE;
}
