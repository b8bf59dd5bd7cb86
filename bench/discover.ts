import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { listings } from './discover/listings.ts';
import { saying } from './figures/say.ts';
import type { Bench } from './run.ts';

const SERVER = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/test';
const SIZES = (process.env.SIZES ?? '10000,100000,1000000').split(',').map(Number);
/** Of the lines, one in so many is changed for the last pass. */
const CHANGED = 100;
const HOUR = 3_600_000;

interface Pass {
  readonly seconds: number;
  /** Of the own process's processor: what another process on a busy machine does not change. */
  readonly busy: number;
  readonly megabytes: number;
  readonly rows?: number;
  readonly changed?: number;
}

async function pass(what: 'parse' | 'raw' | 'record', file: string, url: string): Promise<Pass> {
  const script = join(import.meta.dirname, 'discover/pass.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script, what, file, url], { timeout: HOUR });
  return JSON.parse(stdout) as Pass;
}

/** Writes the listings of a benchmark to a file; `edited` says which get another text. Returns how many there are. */
async function write(file: string, count: number, edited: (i: number) => boolean): Promise<number> {
  let given = 0;
  function* lines() {
    for (const { line } of listings(count))
      yield `${edited(given++) ? line.replace('"title":"', '"title":"New ') : line}\n`;
  }
  await pipeline(Readable.from(lines()), createWriteStream(file));
  return given;
}

/**
 * Listings a second and the process's own peak memory, from the bytes a source sends to servers in PostgreSQL, at
 * growing sizes; against parsing the same bytes and inserting them raw. Then the same listings again, and once more
 * with 1 % of them changed. `SIZES=10000` does one size. Needs the PostgreSQL that tests use; its database is dropped.
 */
const bench: Bench = async (report) => {
  const scratch = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'));
  const admin = postgres(SERVER, { max: 1, connect_timeout: 5, onnotice: () => {} });
  const say = saying('discover', report);
  try {
    for (const size of SIZES) {
      const name = `plimsoll_bench_${randomBytes(6).toString('hex')}`;
      await admin.unsafe(`create database ${name}`);
      const url = Object.assign(new URL(SERVER), { pathname: `/${name}` }).href;
      const file = join(scratch, 'listings.jsonl');
      try {
        const count = await write(file, size, () => false);
        const parsed = await pass('parse', file, url);
        const raw = await pass('raw', file, url);
        const first = await pass('record', file, url);
        say(`${count} listings, parsed only`, count / parsed.seconds, 'listings/s');
        say(`${count} listings, against raw inserts`, count / first.seconds, 'listings/s', count / raw.seconds);
        say(
          `${count} listings, own processor time`,
          (first.busy / count) * 1e6,
          'µs/listing',
          (raw.busy / count) * 1e6,
        );
        say(`${count} listings, peak memory`, first.megabytes, 'MB', raw.megabytes);
        const again = await pass('record', file, url);
        say(`${count} listings again, against the first pass`, again.seconds, 's', first.seconds);
        say(`${count} listings again, rows written`, again.rows!, 'rows', first.rows!);
        await write(file, size, (i) => i % CHANGED === 0);
        const little = await pass('record', file, url);
        say(`${count} listings, 1 % changed, against nothing changed`, little.seconds, 's', again.seconds);
        say(`${count} listings, 1 % changed, rows written`, little.rows!, 'rows', first.rows!);
      } finally {
        await admin.unsafe(`drop database ${name} with (force)`);
      }
    }
  } finally {
    await admin.end({ timeout: 1 });
    await rm(scratch, { recursive: true, force: true });
  }
};

export default bench;
