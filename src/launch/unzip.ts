import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise } from 'yauzl';
import { TooLarge } from '#core/archive.ts';

/** Thrown for an archive that is damaged, or that holds what none of its kind may. */
export class BadArchive extends Error {
  override readonly name = 'BadArchive';
}

export interface ZipLimits {
  /** Bytes of all files together, unpacked. */
  readonly bytes: number;
  readonly entries: number;
}

const KIND = 0o170000;
const [LINK, FOLDER, FILE] = [0o120000, 0o040000, 0o100000];

/**
 * Unpacks a zip into a folder: files and folders, the executable bit and nothing else of their modes. Links are left out.
 * Rejects with `TooLarge` past a limit, before more than it is written, and with `BadArchive` for paths that lead out,
 * names that come twice, encryption, and damage. What was unpacked until then stays: the caller throws the folder away.
 */
export async function unzip(archive: string, folder: string, limits: ZipLimits): Promise<void> {
  let entries = 0;
  let bytes = 0;
  const seen = new Set<string>();
  try {
    // The library refuses absolute paths, backslashes, `..`, and content of another size than stated.
    const zip = await openPromise(archive, { lazyEntries: true, autoClose: false, strictFileNames: true });
    try {
      for await (const entry of zip.eachEntry()) {
        bytes += entry.uncompressedSize;
        if (++entries > limits.entries) throw new TooLarge(`more than ${limits.entries} files`);
        if (bytes > limits.bytes) throw new TooLarge(`more than ${limits.bytes} bytes`);
        const path = placeOf(entry, folder, seen);
        if (path === undefined) continue;
        await mkdir(dirname(path), { recursive: true });
        const mode = entry.externalFileAttributes >>> 16;
        await pipeline(
          await zip.openReadStreamPromise(entry),
          createWriteStream(path, { flags: 'wx', mode: mode & 0o111 ? 0o755 : 0o644 }),
        );
      }
    } finally {
      zip.close();
    }
  } catch (error) {
    if (error instanceof TooLarge || error instanceof BadArchive || isOurs(error)) throw error;
    throw new BadArchive((error as Error).message);
  }
}

/** Where a file goes; undefined for what is no file. */
function placeOf(entry: Entry, folder: string, seen: Set<string>): string | undefined {
  const name = entry.fileName;
  const kind = (entry.externalFileAttributes >>> 16) & KIND;
  if (entry.isEncrypted()) throw new BadArchive(`${name} is encrypted`);
  if (kind === LINK || kind === FOLDER || name.endsWith('/')) return undefined;
  if (kind !== FILE && kind !== 0) throw new BadArchive(`${name} is no file`);
  const path = join(folder, name);
  if (!path.startsWith(`${join(folder, '.')}/`) || name.includes('\0')) throw new BadArchive(`${name} leads out`);
  if (seen.has(path)) throw new BadArchive(`${name} is there twice`);
  seen.add(path);
  return path;
}

/** Failures of this machine, which say nothing of the archive. */
function isOurs(error: unknown): boolean {
  return /^(ENOSPC|EIO|EMFILE|ENFILE|EACCES|EPERM|EROFS)$/.test(String((error as { code?: unknown }).code));
}
