// One worker of the simulated night: `worker.ts NIGHT SCALE`, settings from the environment as any worker's. Works until
// the night has ended; prints one JSON line of what it did and how long that took.

import { STEPS } from '#pipeline/night.ts';
import { workAlong } from '#pipeline/worker.ts';
import type { Queue, Stage } from '#queue/queue.ts';
import { launchesAtOnce, openWorld, surroundings } from '#world.ts';
import { simulatedVisits, spared } from './driver.ts';
import type { Worked } from './figures.ts';

const [night, scale] = process.argv.slice(2).map(Number) as [number, number];
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());

const stages = new Map<Stage, { readonly jobs: number; readonly ms: number }>();
const calls = { count: 0, ms: 0 };
const since = new Map<string, number>();

/** The queue itself, with a clock beside it: what lies between taking a job up and telling that it is done is stage work. */
function clocked(queue: Queue): Queue {
  const timed = async <T>(call: () => Promise<T>) => {
    const began = performance.now();
    try {
      return await call();
    } finally {
      calls.count++;
      calls.ms += performance.now() - began;
    }
  };
  return {
    ...queue,
    add: (...given) => timed(() => queue.add(...given)),
    open: (...given) => timed(() => queue.open(...given)),
    async take(...given) {
      const jobs = await timed(() => queue.take(...given));
      for (const { id } of jobs) since.set(id, performance.now());
      return jobs;
    },
    done(jobs, output) {
      for (const { id, stage } of jobs) {
        const { jobs: before, ms } = stages.get(stage) ?? { jobs: 0, ms: 0 };
        stages.set(stage, { jobs: before + 1, ms: ms + performance.now() - since.get(id)! });
      }
      return timed(() => queue.done(jobs, output));
    },
  };
}

const around = surroundings(process.env, stop.signal);
const began = performance.now();
await using world = await openWorld(around);
const { home } = around.settings;
await workAlong(
  { ...world, queue: clocked(world.queue) },
  {
    stages: STEPS,
    progress: { report() {}, say() {} },
    prepare: async () => simulatedVisits(night, scale, home),
    untilIdle: true,
  },
);
const { user, system } = process.cpuUsage();
const worked: Worked = {
  seconds: (performance.now() - began) / 1000,
  slots: launchesAtOnce(around.settings),
  cpu: (user + system) / 1e6,
  megabytes: process.resourceUsage().maxRSS / 1024,
  stages: Object.fromEntries(stages),
  calls,
  spared,
};
process.stdout.write(`${JSON.stringify(worked)}\n`);
