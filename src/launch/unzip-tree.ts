import { TooLarge } from '#core/archive.ts';
import { visibleLine } from '#core/visible.ts';
import type { Unavailable } from './resolver.ts';
import { BadArchive, unzip } from './unzip.ts';

/** Bytes and files of one package, unpacked, beyond which it is not. */
const LIMITS = { bytes: 300e6, entries: 20_000 };

/** Unpacks a package's zip, and answers why it cannot be. */
export async function unzipTree(archive: string, folder: string): Promise<Unavailable | undefined> {
  try {
    await unzip(archive, folder, LIMITS);
    return undefined;
  } catch (error) {
    const refuse = (reason: string) => {
      const detail = `the archive holds ${visibleLine((error as Error).message).slice(0, 200)}`;
      return { phase: 'install', reason, detail, temporary: false } as const;
    };
    if (error instanceof TooLarge) return refuse('too-large');
    if (error instanceof BadArchive) return refuse('bad-archive');
    throw error;
  }
}
