import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OWNER } from '#core/owner.ts';
import type { Objects } from './objects.ts';

/** Objects as files of a folder that every machine mounts. */
export function folderObjects(folder: string): Objects {
  return {
    place: folder,
    async read(name, signal) {
      try {
        const file = await open(join(folder, name));
        return file.createReadStream({ signal });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async write(name, { path }) {
      const target = join(folder, name);
      const part = `${target}.${OWNER}part`;
      await mkdir(dirname(target), { recursive: true });
      try {
        await copyFile(path, part);
        await rename(part, target);
      } finally {
        await rm(part, { force: true });
      }
    },
  };
}
