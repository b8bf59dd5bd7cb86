import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import { create, extract } from 'tar';
import { TooLarge } from '#core/archive.ts';

/** Entries of a tree beyond which it is none: twice the largest that has been seen. */
const ENTRIES_MAX = 400_000;
const KINDS = new Set(['File', 'Directory', 'SymbolicLink', 'Link']);

/** Writes a tree to one file, as a tar compressed with Zstandard, and returns the SHA-256 of that and its bytes. */
export async function pack(
  tree: string,
  file: string,
  signal: AbortSignal,
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const names = (await readdir(tree)).sort();
  // Without owners and inodes, which are this machine's; with times, by which Python knows that compiled code is fresh.
  const archive = create(
    { cwd: tree, portable: true, jobs: 8 },
    names.map((name) => `./${name}`),
  );
  await pipeline(
    archive as unknown as AsyncIterable<Uint8Array>,
    createZstdCompress(),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    },
    createWriteStream(file),
    { signal },
  );
  return { sha256: hash.digest('hex'), bytes };
}

/**
 * Unpacks such a file into a folder: files, folders and links, nothing outside of the folder and nothing beyond `bytes`.
 * Whoever calls it has compared the hash; what is unpacked is made safe by `openUp` as what was installed here is.
 */
export async function unpack(file: string, folder: string, bytes: number, signal: AbortSignal): Promise<void> {
  let [size, entries] = [0, 0];
  await pipeline(
    createReadStream(file),
    createZstdDecompress(),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        size += chunk.length;
        if (size > bytes) throw new TooLarge(`more than ${bytes} bytes`);
        yield chunk;
      }
    },
    extract({
      cwd: folder,
      strict: true,
      preserveOwner: false,
      filter: (_, entry) => {
        if (++entries > ENTRIES_MAX) throw new TooLarge(`more than ${ENTRIES_MAX} entries`);
        return 'type' in entry && KINDS.has(entry.type);
      },
    }),
    { signal },
  );
}
