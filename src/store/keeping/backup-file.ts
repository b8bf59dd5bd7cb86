import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import { z } from 'zod';
import { Missing, WrongUse } from '#core/errors.ts';
import type { Contents, Page } from './contents.ts';
import type { Total } from './tables.ts';

/**
 * A backup is JSON Lines, compressed with Zstandard: what it is, then some rows of a table a line, then what every table
 * held, and last the SHA-256 of all lines before. `zstd -dc FILE | jq` reads it without us.
 */
const Head = z.object({
  plimsoll: z.literal('backup'),
  version: z.literal(1),
  made: z.string(),
  steps: z.int().min(1),
  size: z.int().min(0),
  tables: z.array(
    z.object({ name: z.string(), columns: z.array(z.object({ name: z.string(), type: z.string() })).min(1) }),
  ),
  sequences: z.array(z.object({ name: z.string(), last: z.string().regex(/^\d{1,19}$/), called: z.boolean() })),
});
const Rows = z.tuple([z.string(), z.array(z.array(z.string().nullable()))]);
const Totals = z.object({ totals: z.record(z.string(), z.object({ rows: z.number(), hash: z.string() })) });
const Sum = z.object({ sha256: z.string() });

/** A line longer than this is none that we write: half a megabyte of rows and what stands outside of them. */
const LINE_MAX = 256 * 2 ** 20;
/** Only whoever may read the database: it holds hashes of tokens. */
const MODE = 0o600;

/**
 * Writes a backup to a file that is not there yet: it appears whole and on disk, or not at all. Returns what each table
 * held. Throws `WrongUse` where the file is there.
 */
export async function writeBackup(
  contents: Contents,
  path: string,
  options: { readonly now: Date; readonly report?: (done: number, table: string) => void },
): Promise<Readonly<Record<string, Total>>> {
  const refuseThere = () => {
    if (existsSync(path))
      throw new WrongUse(`${path} is there already. Name another file: a backup is never written over one.`);
  };
  refuseThere();
  const part = `${path}.${process.pid}.part`;
  let totals: Readonly<Record<string, Total>> = {};
  async function* lines() {
    const hash = createHash('sha256');
    const line = (value: unknown) => {
      const text = `${JSON.stringify(value)}\n`;
      hash.update(text);
      return text;
    };
    const { steps, size, tables, sequences } = contents;
    const made = options.now.toISOString();
    yield line({ plimsoll: 'backup', version: 1, made, steps, size, tables, sequences });
    let done = 0;
    for await (const { table, rows } of contents.pages()) {
      yield line([table.name, rows]);
      options.report?.(++done, table.name);
    }
    totals = await contents.totals();
    yield line({ totals });
    yield `${JSON.stringify({ sha256: hash.digest('hex') })}\n`;
  }
  try {
    const compress = createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } });
    await pipeline(Readable.from(lines()), compress, createWriteStream(part, { flags: 'wx', mode: MODE, flush: true }));
    refuseThere();
    await rename(part, path);
    const folder = await open(dirname(path));
    await folder.sync().finally(() => folder.close());
    return totals;
  } finally {
    await rm(part, { force: true });
  }
}

/**
 * What a backup holds. Its head is read at once; the rows as they are asked for, and whether the file is whole shows at
 * its end. Throws `WrongUse` for a file that is no backup, and while reading `Missing` for one that is cut off or damaged.
 */
export async function openBackup(path: string): Promise<Contents & { readonly made: string }> {
  const lines = checked(path);
  const first = await lines.next().catch((error: unknown) => {
    if (error instanceof Missing) return undefined;
    throw error;
  });
  const head = Head.safeParse(first?.value);
  if (!head.success)
    throw new WrongUse(
      `${path} is no backup that this version reads. Backups are written by: plimsoll db backup FILE.`,
    );
  const { made, steps, size, tables, sequences } = head.data;
  let totals: z.infer<typeof Totals>['totals'] | undefined;
  return {
    ...{ made, steps, size, tables, sequences },
    async *pages(): AsyncIterable<Page> {
      for await (const line of lines) {
        const end = Totals.safeParse(line);
        if (end.success) totals = end.data.totals;
        else yield page(line, tables, path);
      }
    },
    async totals() {
      if (!totals) throw damaged(path, 'it ends before its end');
      return totals;
    },
  };
}

function page(line: unknown, tables: Contents['tables'], path: string): Page {
  const row = Rows.safeParse(line);
  const table = row.success ? tables.find(({ name }) => name === row.data[0]) : undefined;
  if (!row.success || !table || row.data[1].some((values) => values.length !== table.columns.length))
    throw damaged(path, 'a line of it is none that we write');
  return { table, rows: row.data[1] };
}

/** The lines but the last, which is their checksum. Whatever the file is, what is wrong with it is `Missing`. */
async function* checked(path: string): AsyncGenerator<unknown, undefined> {
  const hash = createHash('sha256');
  let before: string | undefined;
  const parse = (text: string): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      throw damaged(path, 'a line of it is no JSON');
    }
  };
  for await (const line of linesOf(path)) {
    if (before !== undefined) {
      hash.update(`${before}\n`);
      yield parse(before);
    }
    before = line;
  }
  const sum = Sum.safeParse(parse(before ?? 'null'));
  if (!sum.success) throw damaged(path, 'it ends before its end');
  if (sum.data.sha256 !== hash.digest('hex')) throw damaged(path, 'its checksum is another');
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const text = createZstdDecompress();
  // The error of either comes out of the loop below.
  void pipeline(file, text).catch(() => {});
  let parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of text as AsyncIterable<Buffer>) {
      let from = 0;
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
        yield Buffer.concat([...parts, chunk.subarray(from, at)]).toString('utf8');
        [parts, length, from] = [[], 0, at + 1];
      }
      parts.push(chunk.subarray(from));
      length += chunk.length - from;
      if (length > LINE_MAX) throw damaged(path, 'a line of it has no end');
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof Missing) throw error;
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'EACCES')
      throw new WrongUse(`${path} cannot be read (${code}). Name a file that db backup wrote.`);
    throw damaged(path, message);
  }
  if (length > 0) throw damaged(path, 'it ends in the middle of a line');
}

function damaged(path: string, why: string): Missing {
  return new Missing(
    `${path} cannot be restored: ${why}. Take another backup; the database keeps nothing of this one.`,
  );
}
