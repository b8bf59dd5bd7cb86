import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createHistogram } from 'node:perf_hooks';
import autocannon from 'autocannon';
import postgres from 'postgres';
import { CATEGORIES } from '#domain/verdict.ts';
import { random as numbers } from '../test/support/random.ts';
import { fill, TOOLS_EACH, toolName } from './api/fill.ts';
import { asked } from './api/queries.ts';
import { atPace, percentile } from './figures/pace.ts';
import { type Say, saying } from './figures/say.ts';
import type { Bench } from './run.ts';

const SERVER = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/test';
/** With ten tools each: as many as the largest catalogue that is known. */
const SERVERS = Number(process.env.SERVERS ?? 43_000);
const SECONDS = Number(process.env.SECONDS ?? 10);
/** Keeps the database for the next run with as many servers. */
const KEEP = process.env.BENCH_KEEP === '1';
const ONLY = process.env.ONLY;
const CACHE_MB = process.env.CACHE_MB ?? '128';
/** Slices in which two are measured beside each other. */
const TURNS = 5;
/** Who searches at once. */
const SEARCHERS = 8;
/** Addresses that the bare route has in memory, and that are asked again and again where all is remembered. */
const WARM = 1_000;
/** Skewed requests after which a memory holds what is wanted most. */
const SETTLING = 20_000;
/** Requests a second where latency is looked at: what a busy catalogue gets, below what it can. */
const CALM = 200;

type Draw = () => string;
function seeded(seed: number): () => number {
  const given = numbers(seed);
  return () => given.next().value;
}
const pick = <T>(list: readonly T[], random: () => number) => list[Math.floor(random() * list.length)]!;

/** Ranks as people ask for them: the n-th most wanted an n-th as often as the first. */
function skewed(count: number, random: () => number): number {
  return Math.min(count - 1, Math.floor((count + 1) ** random()) - 1);
}

const server = (at: number) => `/v1/servers/${encodeURIComponent(`bench:${at}`)}`;
const KINDS: Readonly<Record<string, (at: number) => string>> = {
  tool: (at) => `${server(at)}/tools/${toolName(at, at % TOOLS_EACH)}`,
  'server tools': (at) => `${server(at)}/tools`,
  policy: (at) => `${server(at)}/policy`,
};

/**
 * Requests a second and latencies of look-ups and searches over 430,000 generated tools in PostgreSQL, against a bare
 * route of Hono that has the same bytes in memory, in the same process. Look-ups three ways: `warm`, a thousand
 * addresses that are all remembered; `skewed`, all addresses, the n-th an n-th as often, of a service that was asked for a
 * while; `uniform`, all alike, which the usual memory does not help: the bare route has them all. Of the last two it says
 * how many were remembered. Searches with nothing remembered: one after another, a hundred a second, and by eight who
 * ask as fast as they are answered; and within a category, which no index holds together with words.
 * `SERVERS=4000` for fewer, `ONLY=search` for one kind. Needs the PostgreSQL that tests use; its database is dropped
 * unless `BENCH_KEEP=1`.
 */
const bench: Bench = async (report) => {
  const name = KEEP ? `plimsoll_bench_${SERVERS}` : `plimsoll_bench_${randomBytes(6).toString('hex')}`;
  const admin = postgres(SERVER, { max: 1, connect_timeout: 5, onnotice: () => {} });
  const url = Object.assign(new URL(SERVER), { pathname: `/${name}` }).href;
  const say = saying('api', report);
  const [kept] =
    await admin`select shobj_description(oid, 'pg_database') = 'filled' as filled from pg_database where datname = ${name}`;
  if (!kept) await admin.unsafe(`create database ${name}`);
  const processes: ChildProcess[] = [];
  try {
    const began = performance.now();
    if (!kept?.filled) {
      await fill(url, SERVERS);
      await admin.unsafe(`comment on database ${name} is 'filled'`);
      say(`${SERVERS * TOOLS_EACH} tools written`, (performance.now() - began) / 1000, 's');
    }
    for (const [kind, path] of Object.entries(KINDS)) {
      if (ONLY && kind !== ONLY) continue;
      const site = await start(url, CACHE_MB, processes);
      const random = seeded(1);
      const warm = Array.from({ length: Math.min(WARM, SERVERS) }, (_, at) => path(at));
      for (const port of [site.barePort, site.port]) await load(port, () => pick(warm, random), { requests: 4 * WARM });
      const draws: Readonly<Record<string, Draw>> = {
        warm: () => pick(warm, random),
        skewed: () => path(skewed(SERVERS, random)),
        uniform: () => path(Math.floor(random() * SERVERS)),
      };
      for (const [mix, draw] of Object.entries(draws)) {
        if (mix === 'skewed') await load(site.port, draw, { requests: SETTLING });
        const before = await callsOf(site.port);
        const [found, bare] = await inTurns([
          [site.port, draw],
          [site.barePort, () => pick(warm, random)],
        ]);
        say(`${kind}, ${mix}`, found!.perSecond, 'requests/s', bare!.perSecond);
        if (mix !== 'warm')
          say(`${kind}, ${mix}, remembered`, 1 - ((await callsOf(site.port)) - before) / found!.requests, 'share');
        await paced(`${kind}, ${mix}`, site.port, draw, CALM, say);
      }
      await end(site.process);
    }
    if (ONLY && ONLY !== 'search') return;
    const site = await start(url, '0', processes);
    const random = seeded(2);
    const query: Draw = () => `/v1/tools?limit=20&q=${encodeURIComponent(asked(random, SERVERS))}`;
    const alone = await load(site.port, query, { connections: 1 });
    say('search, one after another, p50', alone.p50, 'ms');
    say('search, one after another, p99', alone.p99, 'ms');
    await paced('search', site.port, query, CALM / 2, say);
    const busy = await load(site.port, query, { connections: SEARCHERS });
    say(`search, ${SEARCHERS} at once`, busy.perSecond, 'requests/s');
    say(`search, ${SEARCHERS} at once, p50`, busy.p50, 'ms');
    say(`search, ${SEARCHERS} at once, p99`, busy.p99, 'ms');
    const narrow: Draw = () => `${query()}&category=${pick(CATEGORIES, random)}`;
    const narrowed = await load(site.port, narrow, { connections: 1 });
    say('search within a category, one after another, p50', narrowed.p50, 'ms');
    say('search within a category, one after another, p99', narrowed.p99, 'ms');
    await end(site.process);
  } finally {
    for (const process of processes) process.kill('SIGKILL');
    if (!KEEP) await admin.unsafe(`drop database ${name} with (force)`);
    await admin.end({ timeout: 1 });
  }
};

async function start(url: string, cache: string, processes: ChildProcess[]) {
  const script = join(import.meta.dirname, 'api/serve.ts');
  const flags = ['--max-semi-space-size=4', '--heap-growing-percent=100'];
  const child = spawn(process.execPath, [...flags, script, url, cache], { stdio: ['ignore', 'pipe', 'inherit'] });
  processes.push(child);
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  const { port, barePort } = JSON.parse(line.toString()) as { port: number; barePort: number };
  return { process: child, port, barePort };
}

async function end(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

async function callsOf(port: number): Promise<number> {
  return (await (await fetch(`http://127.0.0.1:${port}/calls`)).json()) as number;
}

/** Asks for what `draw` gives, for some seconds or so many times. Throws where an answer is not as it should be. */
async function load(
  port: number,
  draw: Draw,
  { requests, connections = 10, seconds = SECONDS }: { requests?: number; connections?: number; seconds?: number } = {},
) {
  const times = createHistogram();
  const { promise, resolve, reject } = Promise.withResolvers<autocannon.Result>();
  const options: autocannon.Options = {
    url: `http://127.0.0.1:${port}`,
    connections,
    ...(requests === undefined ? { duration: seconds } : { amount: requests }),
    requests: [{ setupRequest: (request) => ({ ...request, path: draw() }) }],
  };
  const run = autocannon(options, (error, result) => (error ? reject(error) : resolve(result)));
  // Microseconds: its own histogram counts whole milliseconds.
  run.on('response', (_client, _status, _bytes, ms) => times.record(Math.max(1, Math.round(ms * 1000))));
  const { non2xx, errors, timeouts, requests: asked, duration } = await promise;
  if (non2xx + errors + timeouts > 0) throw new Error(`${non2xx} refused, ${errors} failed, ${timeouts} too slow`);
  const at = (share: number) => times.percentile(share) / 1000;
  return { requests: asked.total, perSecond: asked.total / duration, p50: at(50), p99: at(99) };
}

/** Latencies at so many requests a second: autocannon sends those of a second in one burst. */
async function paced(figure: string, port: number, draw: Draw, rate: number, say: Say): Promise<void> {
  const addresses = Array.from({ length: rate * SECONDS }, () => `http://127.0.0.1:${port}${draw()}`);
  const times = await atPace(addresses, rate);
  say(`${figure}, p50 at ${rate}/s`, percentile(times, 0.5), 'ms');
  say(`${figure}, p99 at ${rate}/s`, percentile(times, 0.99), 'ms');
}

/** Loads several ports in turns, so that whatever else the machine does weighs on all of them alike. */
async function inTurns(ports: readonly (readonly [number, Draw])[]) {
  const sums = ports.map(() => ({ requests: 0, seconds: 0 }));
  for (let turn = 0; turn < TURNS; turn++)
    for (const [at, [port, draw]] of ports.entries()) {
      const { requests, perSecond } = await load(port, draw, { seconds: SECONDS / TURNS });
      sums[at]!.requests += requests;
      sums[at]!.seconds += requests / perSecond;
    }
  return sums.map(({ requests, seconds }) => ({ requests, perSecond: requests / seconds }));
}

export default bench;
