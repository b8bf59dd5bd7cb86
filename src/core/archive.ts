import { Parser } from 'tar';

/** Thrown where an archive holds more than it may once unpacked. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

/**
 * The text files of a tar archive, gzipped or not, whose path matches; the first folder of paths, which GitHub names
 * after the commit, is left out. Rejects with `TooLarge` past `bytes` of unpacked content, with another error where
 * the archive is damaged. Nothing is written anywhere.
 */
export async function textFiles(
  chunks: AsyncIterable<Uint8Array>,
  wanted: RegExp,
  bytes: number,
): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  let size = 0;
  let failed: Error | undefined;
  const parser = new Parser({
    strict: true,
    onReadEntry(entry) {
      const path = entry.path.replace(/^[^/]*\//, '');
      const parts: Buffer[] = [];
      entry.on('data', (part: Buffer) => {
        size += part.length;
        if (size > bytes) failed ??= new TooLarge(`more than ${bytes} bytes`);
        else if (entry.type === 'File' && wanted.test(path)) parts.push(part);
      });
      entry.on('end', () => {
        if (parts.length > 0) files.set(path, Buffer.concat(parts).toString('utf8'));
      });
    },
  });
  const ended = new Promise<void>((resolve, reject) => {
    parser.on('end', resolve);
    parser.on('error', reject);
    parser.on('abort', reject);
  });
  // Whoever awaits it below may come after it has failed.
  ended.catch(() => {});
  for await (const chunk of chunks) {
    parser.write(Buffer.from(chunk));
    if (failed) throw failed;
  }
  parser.end();
  await ended;
  if (failed) throw failed;
  return files;
}
