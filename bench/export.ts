import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { loadExporters } from '#publish/formats/exporter.ts';
import { recommend } from '#recommend/recommend.ts';
import { hasCorpus } from '../test/support/corpus.ts';
import { assessedCorpus } from './export/catalogue.ts';
import { fill } from './export/fill.ts';
import { type Say, saying } from './figures/say.ts';
import type { Bench } from './run.ts';

const SERVER = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/test';
/** As many as the largest catalogue that is known. */
const SERVERS = Number(process.env.SERVERS ?? 43_000);
const ROUNDS = 3;

type Corpus = Awaited<ReturnType<typeof assessedCorpus>>;

/**
 * Policies a second in every format over the corpus, against writing the same policies as plain JSON, and how memory
 * grows; then the feed of a catalogue of 43,000 servers from PostgreSQL: first byte, whole, and memory of the process
 * that serves it. Needs the corpus beside the project and the PostgreSQL that tests use; its database is dropped.
 */
const bench: Bench = async (report) => {
  if (!hasCorpus) {
    process.stderr.write('skipped: no shared data\n');
    return;
  }
  const say = saying('export', report);
  const servers = await assessedCorpus();
  await exported(servers, say);
  await fed(servers, say);
};

async function exported(servers: Corpus, say: Say): Promise<void> {
  const made = timed(() => servers.map((one) => recommend(one, 'recommended')));
  const policies = made.result;
  say('policies made', policies.length / made.seconds, 'policies/s');
  const plain = timed(() => policies.map((policy) => JSON.stringify(policy).length));
  const rate = policies.length / plain.seconds;
  const exporters = [...(await loadExporters()).values()];
  const grown: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    let all = 0;
    for (const exporter of exporters) {
      const { seconds } = timed(() => {
        for (const policy of policies) exporter.write([policy]);
      });
      all += seconds;
      if (round === ROUNDS - 1)
        say(`${exporter.id}, against plain JSON`, policies.length / seconds, 'policies/s', rate);
    }
    if (round === ROUNDS - 1) say('all formats', (policies.length * exporters.length) / all, 'policies/s', rate);
    global.gc?.();
    grown.push(process.memoryUsage().rss / 2 ** 20);
  }
  say('memory after the last round, against the first', grown.at(-1)!, 'MB', grown[0]);
}

async function fed(servers: Corpus, say: Say): Promise<void> {
  const name = `plimsoll_bench_${randomBytes(6).toString('hex')}`;
  const admin = postgres(SERVER, { max: 1, connect_timeout: 5, onnotice: () => {} });
  await admin.unsafe(`create database ${name}`);
  const url = Object.assign(new URL(SERVER), { pathname: `/${name}` }).href;
  try {
    await fill(url, servers, SERVERS);
    // As `npm run serve` starts it: left alone, V8 lets four times of what lives lie about, and is no faster here.
    const started = `--import=${join(import.meta.dirname, '../src/core/quick-start.ts')}`;
    const flags = ['--max-semi-space-size=4', '--heap-growing-percent=30', started];
    const script = join(import.meta.dirname, 'export/feed.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, script, url], { timeout: 3_600_000 });
    const { whole, cold, rest, megabytes } = JSON.parse(stdout);
    say(`feed of ${SERVERS} servers, first byte of the first request`, cold.first, 'ms');
    say(`feed of ${SERVERS} servers, first byte`, whole.first, 'ms');
    say(`feed of ${SERVERS} servers, whole`, whole.lines / (whole.ms / 1000), 'policies/s');
    say(`feed of ${SERVERS} servers, bytes`, whole.bytes / 1e6, 'MB');
    say(`feed of ${SERVERS} servers, nothing new`, rest.ms, 'ms', whole.ms);
    say(`feed of ${SERVERS} servers, memory of its process`, megabytes, 'MB');
  } finally {
    await admin.unsafe(`drop database ${name} with (force)`);
    await admin.end({ timeout: 1 });
  }
}

function timed<T>(work: () => T): { readonly result: T; readonly seconds: number } {
  const began = performance.now();
  const result = work();
  return { result, seconds: (performance.now() - began) / 1000 };
}

export default bench;
