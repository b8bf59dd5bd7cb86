import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import postgres from 'postgres';
import { begin } from '#pipeline/night.ts';
import { openWorld, surroundings } from '#world.ts';
import manifest from '../../package.json' with { type: 'json' };
import { mcpRegistry } from '../../test/support/mcp-registry.ts';
import { entries } from './field.ts';
import { type Backends, machineBusy, type Steps, type Worked, watchNight } from './figures.ts';

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

/** What nights are run on, and with how much. */
interface Around {
  readonly url: string;
  readonly home: string;
  readonly servers: number;
  readonly workers: number;
  readonly scale: number;
  readonly stop: AbortSignal;
}

/** A whole night of so many worker processes: the first (1), or the one after it (2). Whatever fails, none of them is left. */
export async function night(around: Around, number: number): Promise<Night> {
  const { url, home, servers, scale } = around;
  const over = new AbortController();
  const stop = AbortSignal.any([around.stop, over.signal]);
  await using registry = await mcpRegistry(entries(servers, number));
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: url,
    PLIMSOLL_MCP_REGISTRY_URL: registry.url,
    PLIMSOLL_REMOTES: 'leave',
    PLIMSOLL_LOG: 'warn',
  };
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  let workers: readonly Promise<Worked>[] = [];
  try {
    {
      await using world = await openWorld(surroundings({ ...env, PLIMSOLL_HOME: home }, stop));
      await begin(world, { limit: 0, source: 'registry' });
    }
    const [began, busy] = [performance.now(), machineBusy()];
    workers = Array.from({ length: around.workers }, (_, at) =>
      hired({ ...env, PLIMSOLL_HOME: join(home, `${at}`) }, [number, scale], stop),
    );
    const all = Promise.all(workers);
    const { steps, backends, locked } = await watchNight(sql, all);
    const seconds = (performance.now() - began) / 1000;
    const [size] = await sql<{ all: number; queue: number; tools: number }[]>`
      select pg_database_size(current_database())::float8 as all,
        (select sum(pg_total_relation_size(oid)) from pg_class
          where relnamespace = 'pgboss'::regnamespace and relkind = 'r')::float8 as queue,
        (select count(*) from presence where gone_at is null)::int as tools`;
    return {
      ...{ servers, tools: size!.tools, workers: await all, seconds, steps, backends, locked, bytes: size! },
      ...{ busy: machineBusy() - busy, load: loadavg()[0]! },
    };
  } finally {
    over.abort();
    await Promise.allSettled(workers);
    await sql.end({ timeout: 1 });
  }
}

/** A worker in a process of its own, as `npm run plimsoll -- work` starts one. */
async function hired(env: NodeJS.ProcessEnv, given: readonly number[], signal: AbortSignal): Promise<Worked> {
  const flags = manifest.scripts.plimsoll.split(' ').filter((word) => word.startsWith('--'));
  const script = join(import.meta.dirname, 'worker.ts');
  const worker = spawn(process.execPath, [...flags, script, ...given.map(String)], {
    env,
    signal,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said, [code]] = await Promise.all([text(worker.stdout), once(worker, 'exit') as Promise<[number | null]>]);
  if (code !== 0) throw new Error(`a worker ended with ${code}`);
  return JSON.parse(said) as Worked;
}
