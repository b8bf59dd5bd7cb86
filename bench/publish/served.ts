import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { liveLinks } from '#publish/addresses/links.ts';
import { random as numbers } from '../../test/support/random.ts';
import { atPace, percentile } from '../figures/pace.ts';
import type { Say } from '../figures/say.ts';

/** Requests a second, and for how many seconds. */
const PACE = Number(process.env.PACE ?? 200);
const SECONDS = Number(process.env.SECONDS ?? 30);
/** Pages that nobody measures, so that the process has its code compiled. */
const WARMING = 1_000;
/** As `npm run serve` starts it. */
const FLAGS = ['--max-semi-space-size=4', '--heap-growing-percent=30'];
/** Milliseconds of a tick, in which Linux counts processor time. */
const TICK = 10;

type Sql = postgres.Sql;
interface Place {
  readonly slug: string;
  readonly name: string;
}

/**
 * How long live tool pages of a filled catalogue take at a steady pace, and what each costs of the processor, in the
 * service and in the database. `uniform`: any tool as likely as any other, so that next to none is remembered. `skewed`:
 * the n-th tool an n-th as often as the first, which is how pages are wanted, with the memory that the service has.
 */
export async function served(url: string, say: Say): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const server = spawn(process.execPath, [...FLAGS, join(import.meta.dirname, 'live.ts'), url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await once(server.stdout!, 'data')) as [Buffer];
    const links = liveLinks();
    const addressOf = ({ slug, name }: Place) => `http://127.0.0.1:${Number(line.toString())}${links.tool(slug, name)}`;
    const given = numbers(7);
    const [row] = await sql<{ max: number }[]>`select max(id)::int as max from presence`;
    const draws = {
      uniform: () => 1 + Math.floor(given.next().value * row!.max),
      skewed: () => Math.min(row!.max, Math.floor((row!.max + 1) ** given.next().value)),
    };
    for (const [mix, draw] of Object.entries(draws)) {
      const places = await placesOf(sql, Array.from({ length: WARMING + PACE * SECONDS }, draw));
      for (const place of places.slice(0, WARMING)) await (await fetch(addressOf(place))).text();
      const before = [ticks([server]), await backendTicks(sql)] as const;
      const times = await atPace(places.slice(WARMING).map(addressOf), PACE);
      const each = (ms: number) => ms / times.length;
      const figure = `live tool page, ${mix}, at ${PACE} requests/s`;
      say(`${figure}: half`, percentile(times, 0.5), 'ms');
      say(`${figure}: 99 %`, percentile(times, 0.99), 'ms');
      say(`${figure}: processor time of the service`, each(ticks([server]) - before[0]), 'ms');
      say(`${figure}: processor time of the database`, each((await backendTicks(sql)) - before[1]), 'ms');
    }
  } finally {
    server.kill('SIGTERM');
    await once(server, 'exit');
    await sql.end({ timeout: 1 });
  }
}

/** Where the present tools with these numbers are, in their order. Every number is some tool's in a filled catalogue. */
async function placesOf(sql: Sql, ids: readonly number[]): Promise<readonly Place[]> {
  const rows = await sql<(Place & { id: number })[]>`
    select presence.id::int, server.slug, definition.name from presence
    join server on server.id = presence.server_id join definition using (fingerprint)
    where presence.id = any(${[...new Set(ids)]}::bigint[])`;
  const known = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => known.get(id) ?? []);
}

async function backendTicks(sql: Sql): Promise<number> {
  const rows = await sql<{ pid: number }[]>`
    select pid from pg_stat_activity where datname = current_database() and application_name = 'plimsoll'`;
  return ticks(rows);
}

/** Milliseconds of processor time that processes have had; 0 for those of another machine. */
function ticks(processes: readonly Pick<ChildProcess, 'pid'>[]): number {
  let sum = 0;
  for (const { pid } of processes)
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
      sum += (Number(fields[11]) + Number(fields[12])) * TICK;
    } catch {
      // Not on this machine, or no Linux: then it is not told.
    }
  return sum;
}
