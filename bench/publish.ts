import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { globSync, lstatSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { hasCorpus } from '../test/support/corpus.ts';
import { assessedCorpus } from './export/catalogue.ts';
import { fill } from './export/fill.ts';
import { type Say, saying } from './figures/say.ts';
import { served } from './publish/served.ts';
import { addVisits, changeSome } from './publish/visits.ts';
import type { Bench } from './run.ts';

const SERVER = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/test';
/** As many as the largest catalogue that is known. */
const SERVERS = Number(process.env.SERVERS ?? 43_000);
/** Files that are written raw, for comparison. */
const SAMPLE = 40_000;

/**
 * Pages a second written from PostgreSQL, of the corpus and of a generated catalogue of 43,000 servers with 400,000
 * tools, against writing as many files of the same sizes and nothing else; memory of the process; a night in which one
 * server in a hundred changed; and how long live tool pages take at 200 requests a second, which `live` measures alone.
 * Needs the corpus beside the project and the PostgreSQL that tests use; database and folder are removed at the end.
 */
const bench: Bench = async (report) => {
  if (!hasCorpus) {
    process.stderr.write('skipped: no shared data\n');
    return;
  }
  const say = saying('publish', report);
  const corpus = await assessedCorpus();
  // Removed at the end only: for minutes after many files went, ext4 takes long to make others (it leaves their inodes be).
  const folder = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), 'plimsoll-bench-'));
  try {
    for (const count of new Set([Math.min(corpus.length, SERVERS), SERVERS]))
      await withDatabase(async (url) => {
        await fill(url, corpus, count);
        await addVisits(url);
        await published(url, count, join(folder, String(count)), say);
        if (count === SERVERS) await served(url, say);
      });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

async function withDatabase(work: (url: string) => Promise<void>): Promise<void> {
  const name = `plimsoll_bench_${randomBytes(6).toString('hex')}`;
  const admin = postgres(SERVER, { max: 1, connect_timeout: 5, onnotice: () => {} });
  await admin.unsafe(`create database ${name}`);
  try {
    await work(Object.assign(new URL(SERVER), { pathname: `/${name}` }).href);
  } finally {
    await admin.unsafe(`drop database ${name} with (force)`);
    await admin.end({ timeout: 1 });
  }
}

async function published(url: string, count: number, folder: string, say: Say): Promise<void> {
  const site = join(folder, 'site');
  const full = await inProcess('publish/site.ts', url, site);
  const paths = globSync('**/*', { cwd: site });
  const pages = paths.filter((path) => path.endsWith('.html'));
  const twins = paths.filter((path) => path.endsWith('.md'));
  const tools = pages.filter((path) => path.includes('/-/tools/'));
  const raw = await rawRate(site, paths, folder);
  const of = `${count} servers, ${tools.length} tools`;
  const seconds = full.ms / 1000;
  say(`${of}: files written, against writing them raw`, full.written / seconds, 'files/s', raw);
  say(`${of}: pages written, HTML and Markdown`, (pages.length + twins.length) / seconds, 'pages/s');
  say(`${of}: pages written, HTML alone`, pages.length / seconds, 'pages/s');
  say(`${of}: processor time a file`, (full.cpu * 1000) / full.written, 'µs');
  say(`${of}: memory of the process`, full.megabytes, 'MB');
  const sizes = tools.slice(0, SAMPLE).map((path) => lstatSync(join(site, path)).size);
  say(`${of}: a tool page`, sizes.reduce((a, b) => a + b, 0) / sizes.length / 1000, 'kB');
  say(`${of}: the largest tool page`, Math.max(...sizes) / 1000, 'kB');
  const same = await inProcess('publish/site.ts', url, site);
  say(`${of}: a night without changes`, same.ms, 'ms', full.ms);
  await changeSome(url);
  const night = await inProcess('publish/site.ts', url, site);
  say(`${of}: a night in which 1 % changed`, night.ms, 'ms', full.ms);
  say(`${of}: a night in which 1 % changed, processor time`, night.cpu, 'ms', full.cpu);
  say(`${of}: files of that night`, night.written, 'files', full.written);
}

/** Files a second that this disk and these cores take, of the sizes that the site has. */
async function rawRate(site: string, paths: readonly string[], folder: string): Promise<number> {
  const step = Math.max(1, Math.floor(paths.length / SAMPLE));
  const sizes = paths
    .filter((_, at) => at % step === 0)
    .map((path) => lstatSync(join(site, path)))
    .filter((one) => one.isFile())
    .map(({ size }) => size);
  const list = join(folder, 'sizes.json');
  writeFileSync(list, JSON.stringify(sizes));
  const { files, ms } = await inProcess('publish/raw.ts', list, join(folder, 'raw'));
  return files / (ms / 1000);
}

async function inProcess(script: string, ...args: readonly string[]): Promise<Record<string, number> & Did> {
  // As `npm run plimsoll` starts it.
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--max-semi-space-size=4', join(import.meta.dirname, script), ...args],
    { timeout: 3_600_000 },
  );
  return JSON.parse(stdout);
}
interface Did {
  readonly ms: number;
  readonly cpu: number;
  readonly megabytes: number;
  readonly written: number;
  readonly files: number;
}

export default bench;
