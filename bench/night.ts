import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import postgres from 'postgres';
import { begin } from '#pipeline/night.ts';
import { openWorld, surroundings } from '#world.ts';
import manifest from '../package.json' with { type: 'json' };
import { hasCorpus } from '../test/support/corpus.ts';
import { mcpRegistry } from '../test/support/mcp-registry.ts';
import { entries } from './night/field.ts';
import { type Backends, machineBusy, type Steps, type Worked, watchNight } from './night/figures.ts';
import { reportNight, reportNightAfter, reportProjection } from './night/report.ts';
import type { Bench } from './run.ts';

const SERVER = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/test';
/** As many as the whole field is thought to have. */
const SERVERS = Number(process.env.SERVERS ?? 50_000);
const WORKERS = (process.env.WORKERS ?? '1,2,4,8').split(',').map(Number);
/** A real visit takes so many times as long as a simulated one. */
const SCALE = Number(process.env.SCALE ?? 100);

/** One night with so many workers, as it was seen from outside and told by them. */
export interface Night {
  readonly servers: number;
  readonly tools: number;
  readonly workers: readonly Worked[];
  readonly seconds: number;
  readonly steps: Steps;
  readonly backends: Backends;
  /** Seconds for which the lock that puts visits in order was held. */
  readonly locked: number;
  /** Bytes of the whole database afterwards, and of what the queue keeps. */
  readonly bytes: { readonly all: number; readonly queue: number };
  /** Seconds that both processors were busy, with this night and whatever else there was. */
  readonly busy: number;
  readonly load: number;
}

/**
 * Whole nights of a simulated field, on PostgreSQL with 1, 2, 4 and 8 worker processes: throughput and how it scales,
 * database, memory, what the queue costs, where the processors' time goes, and the night after, in which one server in
 * a hundred changed; then what 16 and 64 workers would do. Discovery, enumeration, classification and publishing are the
 * pipeline's own; launches are drawn from 300 real ones (night/calibration.json). `SERVERS=500 WORKERS=1,2` is small.
 * Needs the corpus beside the project and the PostgreSQL that tests use; databases and sites are removed.
 */
const bench: Bench = async (report) => {
  if (!hasCorpus) {
    process.stderr.write('skipped: no shared data\n');
    return;
  }
  const say = (figure: string, value: number, unit: string, baseline?: number) =>
    report({
      ...{ bench: 'night', figure, value: rounded(value), unit },
      ...(baseline !== undefined && { baseline: rounded(baseline), ratio: rounded(value / baseline) }),
    });
  let one: Night | undefined;
  for (const count of WORKERS)
    await onOwnDatabase(async (url, home) => {
      const first = await night(url, home, count, 1);
      one ??= first;
      reportNight(first, one, SCALE, say);
      if (count !== WORKERS[0]) return;
      reportNightAfter(await night(url, home, count, 2), first, SCALE, say);
    });
  if (one) reportProjection(one, SCALE, say);
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
    rmSync(home, { recursive: true, force: true });
  }
}

async function night(url: string, home: string, count: number, number: number): Promise<Night> {
  await using registry = await mcpRegistry(entries(SERVERS, number));
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: url,
    PLIMSOLL_MCP_REGISTRY_URL: registry.url,
    PLIMSOLL_REMOTES: 'leave',
    PLIMSOLL_LOG: 'warn',
  };
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    {
      await using world = await openWorld(surroundings({ ...env, PLIMSOLL_HOME: home }, new AbortController().signal));
      await begin(world, { limit: 0, source: 'registry' });
    }
    const [began, busy] = [performance.now(), machineBusy()];
    const workers = Array.from({ length: count }, (_, at) =>
      hired({ ...env, PLIMSOLL_HOME: join(home, `${at}`) }, number),
    );
    const over = Promise.all(workers);
    const { steps, backends, locked } = await watchNight(sql, over);
    const seconds = (performance.now() - began) / 1000;
    const [size] = await sql<{ all: number; queue: number; tools: number }[]>`
      select pg_database_size(current_database())::float8 as all,
        (select sum(pg_total_relation_size(oid)) from pg_class
          where relnamespace = 'pgboss'::regnamespace and relkind = 'r')::float8 as queue,
        (select count(*) from presence where gone_at is null)::int as tools`;
    return {
      ...{ servers: SERVERS, tools: size!.tools, workers: await over, seconds, steps, backends, locked, bytes: size! },
      ...{ busy: machineBusy() - busy, load: loadavg()[0]! },
    };
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** A worker in a process of its own, as `npm run plimsoll -- work` starts one. */
async function hired(env: NodeJS.ProcessEnv, number: number): Promise<Worked> {
  const flags = manifest.scripts.plimsoll.split(' ').filter((word) => word.startsWith('--'));
  const script = join(import.meta.dirname, 'night/worker.ts');
  const worker: ChildProcess = spawn(process.execPath, [...flags, script, String(number), String(SCALE)], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said, [code]] = await Promise.all([text(worker.stdout!), once(worker, 'exit') as Promise<[number | null]>]);
  if (code !== 0)
    throw new Error(`a worker ended with ${code}; ${existsSync(env.PLIMSOLL_HOME!) ? env.PLIMSOLL_HOME : ''}`);
  return JSON.parse(said) as Worked;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

export default bench;
