import { availableParallelism } from 'node:os';
import type { Say } from '../figures/say.ts';
import { CHANGED } from './field.ts';
import type { Night } from './nights.ts';

const CORES = availableParallelism();
const PROJECTED = [16, 64];

/** Seconds in which servers were visited and judged: what workers share. Discovery and the site are one process's work. */
const shared = ({ steps }: Night) => (steps.enumerate ?? 0) + (steps.classify ?? 0);
const sum = <T>(all: readonly T[], of: (one: T) => number) => all.reduce((total, one) => total + of(one), 0);
/** Seconds of stage work, of the clock, over all slots of all workers. */
const staged = ({ workers }: Night) => sum(workers, ({ stages }) => sum(Object.values(stages), ({ ms }) => ms)) / 1000;
const queued = ({ workers }: Night) => sum(workers, ({ calls }) => calls.ms) / 1000;
/** Seconds that registries, installers and servers would really have taken, of the clock and of processors. */
const real = ({ workers }: Night) => sum(workers, ({ spared }) => spared.asks + spared.installs + spared.starts) / 1000;
const realCpu = ({ workers }: Night) => sum(workers, ({ spared }) => spared.cpu) / 1000;
/** Seconds of processor time of the night's own processes. */
const ownCpu = ({ workers, backends }: Night) => sum(workers, ({ cpu }) => cpu) + backends.queue + backends.rest;

/** What one night was like; `one` is the first, with the fewest workers. */
export function reportNight(night: Night, one: Night, scale: number, say: Say): void {
  const count = night.workers.length;
  const named = (what: string) => `${night.servers} servers, ${night.tools} tools, ${count} workers: ${what}`;
  say(named('whole night'), night.seconds, 's');
  for (const [step, seconds] of Object.entries(night.steps)) say(named(`step ${step}`), seconds, 's');
  const rate = night.servers / shared(night);
  say(named('visited and judged'), rate, 'servers/s', one.servers / shared(one));
  const efficiency = shared(one) / shared(night) / (count / one.workers.length);
  say(named(`scaling efficiency on ${CORES} processors`), efficiency * 100, '%');
  say(
    named('processor time of the night itself'),
    (ownCpu(night) / night.servers) * 1000,
    'ms/server',
    (ownCpu(one) / one.servers) * 1000,
  );
  say(named('processors busy with the night itself'), (ownCpu(night) / (CORES * night.seconds)) * 100, '%');
  say(named('processors busy at all, other programs included'), (night.busy / (CORES * night.seconds)) * 100, '%');
  say(
    named('of the night’s processor time, the database’s'),
    share(night.backends.queue + night.backends.rest, night),
    '%',
  );
  say(named('of the night’s processor time, the database’s for the queue'), share(night.backends.queue, night), '%');
  const waits = queued(night);
  const jobs = sum(night.workers, ({ stages }) => sum(Object.values(stages), (stage) => stage.jobs));
  say(named('questions to the queue'), sum(night.workers, ({ calls }) => calls.count) / jobs, 'a job');
  say(
    named(`queue overhead: waiting for it against stage work, times 1/${scale}`),
    (waits / (waits + staged(night))) * 100,
    '%',
  );
  const atLength = staged(night) + real(night) * (1 - 1 / scale);
  say(named('queue overhead: the same at the times that were measured'), (waits / (waits + atLength)) * 100, '%');
  say(named('memory of a worker, the most'), Math.max(...night.workers.map(({ megabytes }) => megabytes)), 'MB');
  say(named('database'), night.bytes.all / 1e6, 'MB');
  say(named('of it, the queue'), night.bytes.queue / 1e6, 'MB');
  say(named('database for 100,000 tools'), (night.bytes.all / night.tools) * 0.1, 'MB');
  say(named('load of the machine at the end'), night.load, '');
}

/** What the night after cost against the first, in which all was new. */
export function reportNightAfter(after: Night, first: Night, scale: number, say: Say): void {
  const named = (what: string) => `${after.servers} servers, the night after, 1 in ${CHANGED} changed: ${what}`;
  const atLength = (night: Night) => staged(night) + real(night) * (1 - 1 / scale);
  const launches = ({ workers }: Night) => sum(workers, ({ spared }) => spared.started);
  say(named('whole night'), after.seconds, 's', first.seconds);
  for (const [step, seconds] of Object.entries(after.steps))
    say(named(`step ${step}`), seconds, 's', first.steps[step] ?? 0);
  say(named('processor time of the night itself'), ownCpu(after), 's', ownCpu(first));
  say(
    named('processor time with that of what was really launched'),
    ownCpu(after) + realCpu(after),
    's',
    ownCpu(first) + realCpu(first),
  );
  say(named('stage work at the times that were measured'), atLength(after), 's', atLength(first));
  say(named('starts of servers'), launches(after), 'starts', launches(first));
}

/** What more workers would do, from what was measured with the fewest; the arithmetic is in the figure's name. */
export function reportProjection(one: Night, scale: number, say: Say): void {
  const { servers } = one;
  const slots = one.workers[0]!.slots;
  const clock = ((real(one) + staged(one) - real(one) / scale) / servers) * 1000;
  const cpu = ((realCpu(one) + sum(one.workers, (worker) => worker.cpu)) / servers) * 1000;
  const database = ((one.backends.queue + one.backends.rest) / servers) * 1000;
  const lock = (one.locked / servers) * 1000;
  const alone = one.steps.discover ?? 0;
  const site = one.steps.publish ?? 0;
  for (const workers of PROJECTED) {
    const ways = {
      launches: (servers * clock) / (workers * slots * 1000),
      processors: (servers * cpu) / (workers * CORES * 1000),
      database: (servers * database) / (CORES * 1000),
      lock: (servers * lock) / 1000,
    };
    const [bound] = Object.entries(ways).toSorted(([, a], [, b]) => b - a)[0]!;
    const arithmetic = [
      `${servers} × ${clock.toFixed(0)} ms of stage work / (${workers} × ${slots} launches at once) = ${ways.launches.toFixed(0)} s`,
      `${servers} × ${cpu.toFixed(0)} ms of processors / (${workers} × ${CORES}) = ${ways.processors.toFixed(0)} s`,
      `${servers} × ${database.toFixed(1)} ms of the database’s processors / ${CORES} = ${ways.database.toFixed(0)} s`,
      `${servers} × ${lock.toFixed(2)} ms under the lock that orders visits = ${ways.lock.toFixed(0)} s`,
    ].join('; ');
    say(
      `projected to ${workers} workers of ${CORES} processors at the times that were measured: discovery ${alone.toFixed(0)} s + the longest of (${arithmetic}), which is ${bound}, + site ${site.toFixed(0)} s`,
      alone + Math.max(...Object.values(ways)) + site,
      's',
    );
  }
}

function share(seconds: number, night: Night): number {
  return (seconds / ownCpu(night)) * 100;
}
