import { chmod, lchown, lstat, readdir, readlink, unlink } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';

/**
 * Makes a tree readable by every user, whatever umask it was written under, and takes away what no package needs:
 * set-uid bits, writing by others, links that lead out of the tree, and anything but files, folders and links.
 * It belongs to whoever runs this, also where a sandbox's user wrote it. Answers the bytes of its files.
 */
export async function openUp(root: string): Promise<number> {
  let bytes = 0;
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    await own(folder, await lstat(folder));
    await chmod(folder, 0o755);
    const entries = await readdir(folder, { withFileTypes: true });
    const sizes = await Promise.all(entries.map((entry) => openEntry(root, join(folder!, entry.name))));
    for (const [index, size] of sizes.entries())
      if (size === 'folder') folders.push(join(folder, entries[index]!.name));
      else bytes += size;
  }
  return bytes;
}

async function openEntry(root: string, path: string): Promise<number | 'folder'> {
  const stats = await lstat(path);
  if (stats.isDirectory()) return 'folder';
  await own(path, stats);
  if (stats.isFile()) {
    const mode = stats.mode & 0o100 ? 0o755 : 0o644;
    if ((stats.mode & 0o7777) !== mode) await chmod(path, mode);
    return stats.size;
  }
  if (!stats.isSymbolicLink() || isOutside(root, resolve(path, '..', await readlink(path)))) await unlink(path);
  return 0;
}

async function own(path: string, { uid }: { readonly uid: number }): Promise<void> {
  if (process.getuid?.() === 0 && uid !== 0) await lchown(path, 0, 0);
}

function isOutside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '..' || way.startsWith('../') || way.startsWith('..\\') || resolve(path) !== path;
}

/** Bytes of the files under a folder; stops counting once it is past `limit`. What vanishes meanwhile is not counted. */
export async function folderSize(root: string, limit: number): Promise<number> {
  let bytes = 0;
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined && bytes <= limit; folder = folders.pop())
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile()) bytes += (await lstat(path).catch(() => ({ size: 0 }))).size;
    }
  return bytes;
}
