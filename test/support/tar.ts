import { gzipSync } from 'node:zlib';

/** One entry of a tarball; `link` makes a symbolic link. Nothing about the path is checked, so that hostile ones can be made. */
export interface TarEntry {
  readonly path: string;
  readonly content?: string | Uint8Array;
  readonly mode?: number;
  readonly link?: string;
}

const BLOCK = 512;

function header(entry: TarEntry, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const split = entry.path.length > 100 ? entry.path.lastIndexOf('/', 155) : -1;
  block.write(entry.path.slice(split + 1), 0, 100);
  const octal = (value: number, at: number, length: number) =>
    block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, length);
  octal(entry.mode ?? 0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0x5a000000, 136, 12);
  block.write(entry.link === undefined ? '0' : '2', 156);
  block.write(entry.link ?? '', 157, 100);
  block.write('ustar\x0000', 257);
  if (split > 0) block.write(entry.path.slice(0, split), 345, 155);
  block.fill(' ', 148, 156);
  block.write(
    `${[...block]
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
    8,
  );
  return block;
}

/** A gzipped ustar archive of the entries, in order; equal entries give equal bytes. */
export function tarball(entries: readonly TarEntry[]): Buffer {
  const blocks: Buffer[] = [];
  for (const entry of entries) {
    const content = Buffer.from(entry.content ?? '');
    blocks.push(header(entry, content.length), content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK));
  }
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]), { level: 1 });
}
