import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { hasCorpus } from '../test/support/corpus.ts';
import { saying } from './figures/say.ts';
import { type Night, night } from './night/nights.ts';
import { reportNight, reportNightAfter, reportProjection } from './night/report.ts';
import type { Bench } from './run.ts';

const SERVER = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/test';
/** As many as the whole field is thought to have. */
const SERVERS = Number(process.env.SERVERS ?? 50_000);
const WORKERS = (process.env.WORKERS ?? '1,2,4,8').split(',').map(Number);
/** A real visit takes so many times as long as a simulated one. */
const SCALE = Number(process.env.SCALE ?? 100);

/**
 * Whole nights of a simulated field, on PostgreSQL with 1, 2, 4 and 8 worker processes: throughput and how it scales,
 * database, memory, what the queue costs, where the processors' time goes, and the night after, in which one server in
 * a hundred changed; then what 16 and 64 workers would do. Discovery, enumeration, classification and publishing are the
 * pipeline's own; launches are drawn from 300 real ones (night/calibration.json). `SERVERS=500 WORKERS=1,2` is small.
 * Figures of each number of workers come as soon as it is through, a line a minute on standard error meanwhile.
 * Needs the corpus beside the project and the PostgreSQL that tests use; databases and sites are removed.
 */
const bench: Bench = async (report) => {
  if (!hasCorpus) {
    process.stderr.write('skipped: no shared data\n');
    return;
  }
  const say = saying('night', report);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  let one: Night | undefined;
  const failed: unknown[] = [];
  for (const count of WORKERS) {
    if (stop.signal.aborted) break;
    const work = async (url: string, home: string) => {
      const around = { url, home, servers: SERVERS, workers: count, scale: SCALE, stop: stop.signal };
      const first = await night(around, 1);
      one ??= first;
      reportNight(first, one, SCALE, say);
      if (count !== WORKERS[0]) return;
      reportNightAfter(await night(around, 2), first, SCALE, say);
    };
    // Hours go into each number of workers: what befalls one is not to cost the others.
    await onOwnDatabase(work).catch((error: Error) => {
      failed.push(error);
      process.stderr.write(`${count} workers: ${error.stack}\n`);
    });
  }
  if (one) reportProjection(one, SCALE, say);
  if (failed.length > 0) process.exitCode = 1;
};

async function onOwnDatabase(work: (url: string, home: string) => Promise<void>): Promise<void> {
  const name = `plimsoll_bench_${randomBytes(6).toString('hex')}`;
  const home = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), 'plimsoll-bench-'));
  const admin = postgres(SERVER, { max: 1, connect_timeout: 5, onnotice: () => {} });
  await admin.unsafe(`create database ${name}`);
  try {
    await work(Object.assign(new URL(SERVER), { pathname: `/${name}` }).href, home);
  } finally {
    await admin.unsafe(`drop database ${name} with (force)`);
    await admin.end({ timeout: 1 });
    await rm(home, { recursive: true, force: true });
  }
}

export default bench;
