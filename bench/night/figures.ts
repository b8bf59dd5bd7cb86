import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type postgres from 'postgres';
import type { Stage } from '#queue/queue.ts';
import type { spared } from './driver.ts';

/** What one worker says of its night. Times are of the clock but for `cpu`, its own processor time in seconds. */
export interface Worked {
  readonly seconds: number;
  readonly slots: number;
  readonly cpu: number;
  readonly megabytes: number;
  readonly stages: Readonly<Partial<Record<Stage, { readonly jobs: number; readonly ms: number }>>>;
  /** Of the queue, as the worker waits for them. */
  readonly calls: { readonly count: number; readonly ms: number };
  readonly spared: typeof spared;
}

/** Seconds that each step of a night took. */
export type Steps = Readonly<Record<string, number>>;

/** Seconds of processor time that the database's processes took: those of the queue, and all others. */
export interface Backends {
  readonly queue: number;
  readonly rest: number;
}

const LOOK_MS = 250;
/** Ticks a second in /proc; 100 on every Linux that Node runs on. */
const TICKS = 100;
/** Between two lines on standard error that tell how far a night is. */
const TOLD_MS = 60_000;

/** Key of the lock that puts visits in order, in src/store/enumerations.ts. */
const VISITS = 7_466_301;

/**
 * Watches a night from outside until `over`: how long its steps take, what the database's processes use, and for how
 * many seconds the lock that puts visits in order was held, as far as looks now and then can tell.
 */
export async function watchNight(
  sql: postgres.Sql,
  over: Promise<unknown>,
): Promise<{ readonly steps: Steps; readonly backends: Backends; readonly locked: number }> {
  const steps: Record<string, number> = {};
  const took = new Map<number, { readonly queue: boolean; readonly seconds: number }>();
  let locked = 0;
  let done = false;
  const end = () => {
    done = true;
  };
  over.then(end, end);
  let told = performance.now();
  for (let last = told; !done; ) {
    await sleep(LOOK_MS);
    const [night] = await sql<{ step: string }[]>`select step from run where finished_at is null and step is not null`;
    const now = performance.now();
    if (night) steps[night.step] = (steps[night.step] ?? 0) + (now - last) / 1000;
    const [visits] = await sql<{ held: number }[]>`
      select count(*)::int as held from pg_locks where locktype = 'advisory' and objid = ${VISITS} and granted`;
    if (visits!.held > 0) locked += (now - last) / 1000;
    last = now;
    if (night && now - told >= TOLD_MS) {
      told = now;
      process.stderr.write(`${await howFar(sql, night.step)}\n`);
    }
    const backends = await sql<{ pid: number; queue: boolean }[]>`
      select pid, application_name = 'plimsoll-queue' as queue from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`;
    for (const { pid, queue } of backends) took.set(pid, { queue, seconds: processorTime(pid) ?? 0 });
  }
  const sum = (queue: boolean) =>
    [...took.values()].reduce((all, one) => (one.queue === queue ? all + one.seconds : all), 0);
  return { steps, backends: { queue: sum(true), rest: sum(false) }, locked };
}

async function howFar(sql: postgres.Sql, step: string): Promise<string> {
  const jobs = await sql<{ name: string; done: number; all: number }[]>`
    select name, count(*) filter (where state = 'completed')::int as done, count(*)::int as all
    from pgboss.job where name in ('enumerate', 'classify') group by name order by name desc`;
  const counts = jobs.map(({ name, done, all }) => `${name} ${done} of ${all}`);
  return [`${new Date().toISOString()} ${step}`, ...counts].join(', ');
}

/** Seconds of processor time that a process of this machine took so far; undefined where it is not here. */
function processorTime(pid: number): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return undefined;
  }
}

/** Seconds that all processors of this machine were busy so far, with whatever. */
export function machineBusy(): number {
  const [user, nice, system, , , irq, softirq] = readFileSync('/proc/stat', 'utf8').split(/\s+/).slice(1).map(Number);
  return (user! + nice! + system! + irq! + softirq!) / TICKS;
}
