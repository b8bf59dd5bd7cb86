import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** The first `limit` bytes of a regular file as text; undefined where there is none. Links are not followed. */
export async function readText(path: string, limit: number): Promise<string | undefined> {
  try {
    await using file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const stats = await file.stat();
    if (!stats.isFile()) return undefined;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(stats.size, limit)));
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return undefined;
  }
}
