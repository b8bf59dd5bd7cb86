import { lstatSync, readdirSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbandoned } from '#core/owner.ts';
import { treeUsage, unlinkedBytes } from '../processes.ts';

/** An empty file takes this much of a disk too. */
const BLOCK = 4096;

/**
 * Bytes of disk that a process uses under its scratch folder and in files that it holds open though they are deleted.
 * Stops counting beyond `most`; what cannot be read counts nothing.
 */
export function diskUsage(folder: string, pid: number, most: number): number {
  let bytes = 0;
  for (const one of treeUsage(pid).pids) bytes += unlinkedBytes(one);
  const queue = [folder];
  for (let path = queue.pop(); path !== undefined && bytes <= most; path = queue.pop()) {
    try {
      for (const entry of readdirSync(path, { withFileTypes: true })) {
        const inner = join(path, entry.name);
        bytes += BLOCK;
        if (entry.isDirectory()) queue.push(inner);
        else bytes += lstatSync(inner, { throwIfNoEntry: false })?.size ?? 0;
        if (bytes > most) break;
      }
    } catch {
      // Gone or changed while being looked at.
    }
  }
  return bytes;
}

const swept = new Set<string>();

/** Removes scratch folders of crawlers that are no more, once. A folder's name says which crawler's it is. */
export async function sweepScratch(scratch: string): Promise<void> {
  if (swept.has(scratch)) return;
  swept.add(scratch);
  for (const name of await readdir(scratch))
    if (await isAbandoned(join(scratch, name))) await rm(join(scratch, name), { recursive: true, force: true });
}
