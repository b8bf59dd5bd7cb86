import { setTimeout as sleep } from 'node:timers/promises';
import { markAll } from '#store/marks.ts';
import { forgetUnused } from '#store/remembered.ts';
import { takeUpRequests } from '#store/requests.ts';
import { launchesAtOnce, type World } from '#world.ts';
import { judgedAtOnce, judging, noticeRules, serversToJudge } from './classify.ts';
import { loadRules } from './corrected.ts';
import { discovering, sourcesToAsk } from './discover.ts';
import { type Handler, type Handlers, work } from './drain.ts';
import { prepareVisits, serversDue, visits } from './enumerate.ts';
import { faultText } from './heard.ts';
import { type Bench, noBench } from './judge.ts';
import { advance, begin, type FanOut, type Step } from './night.ts';
import type { Progress } from './progress.ts';
import type { Summary } from './summary.ts';

/** Between two looks at the night, and at queues that were empty. */
const LOOK_MS = 1_000;
/** Servers that may wait for a verdict before no more are enumerated. */
const BACKLOG = 1_000;

export interface WorkerOptions {
  readonly stages: readonly Step[];
  readonly progress: Progress;
  /** Launches at once, and servers judged at once; where absent what one machine does well. */
  readonly concurrency?: number | undefined;
  readonly sandbox?: string | undefined;
  /** Makes ready for visits in another way than by the sandboxes and resolvers of this machine. */
  readonly prepare?: typeof prepareVisits | undefined;
  /** Who judges beside the rules in a run; nobody where absent. */
  readonly benchOf?: ((run: number | undefined) => Promise<Bench>) | undefined;
  /** Ends when no night is under way and nothing of its stages is open. */
  readonly untilIdle: boolean;
  /** Hears how a night ended, if this worker was the one that ended it. */
  ended?(summary: Summary): void;
}

/** What a worker does for one stage. */
interface Part {
  readonly handler: Handler;
  readonly fanOut: NonNullable<FanOut[Step]>;
}

/**
 * Works on stages beside any number of other workers, until it is stopped: takes up jobs, and carries the night on.
 * On stop it takes nothing new, finishes or gives back what it has, and returns.
 */
export async function workAlong(world: World, options: WorkerOptions): Promise<void> {
  const { db, queue, log, stop } = world;
  await markAll(db);
  await using parts = new AsyncDisposableStack();
  const hired = new Map<Step, Part>();
  for (const step of options.stages) hired.set(step, await hire(step, world, options, parts));
  const handlers: Handlers = { night: { concurrency: 1, handle: () => begin(world, { limit: 0 }) } };
  for (const [step, { handler }] of hired) handlers[step] = handler;
  const fanOut: FanOut = Object.fromEntries([...hired].map(([step, part]) => [step, part.fanOut]));

  const look = looking(world, async () => {
    const seen = await advance(world, fanOut);
    if (seen.state === 'ended') options.ended?.(seen.summary);
    return seen.state === 'open';
  });
  const isOver = async () => {
    if ((await look.now()) || !options.untilIdle) return false;
    for (const step of ['night', ...options.stages] as const) if ((await queue.open(step)) > 0) return false;
    return true;
  };
  log.info({ stages: options.stages }, 'worker begins');
  try {
    await work(queue, handlers, world, { isOver, idle: LOOK_MS, patience: Number.POSITIVE_INFINITY });
  } finally {
    await look.end();
  }
  log.info(stop.aborted ? 'worker stops' : 'worker ends: nothing is open');
}

/** Looks at the night again and again, also while long jobs are worked on; one look at a time. */
function looking({ log, stop }: Pick<World, 'log' | 'stop'>, look: () => Promise<boolean>) {
  const over = new AbortController();
  let running: Promise<boolean> | undefined;
  const now = () => {
    running ??= look().finally(() => {
      running = undefined;
    });
    return running;
  };
  const done = (async () => {
    const signal = AbortSignal.any([over.signal, stop]);
    while (!signal.aborted) {
      await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
      if (!signal.aborted)
        await now().catch((error: Error) => log.error({ error: error.message }, 'the night was not looked at'));
    }
  })();
  return {
    now,
    async end() {
      over.abort();
      await done;
    },
  };
}

async function hire(step: Step, world: World, options: WorkerOptions, parts: AsyncDisposableStack): Promise<Part> {
  const { db, queue, settings } = world;
  const { progress } = options;
  let done = 0;
  switch (step) {
    case 'discover': {
      const { handler } = parts.use(await discovering(world, { progress }, () => 0));
      return {
        handler,
        fanOut: async (night) => ({
          subjects: await sourcesToAsk(settings, { progress, source: night.options.source as string | undefined }),
        }),
      };
    }
    case 'enumerate': {
      const visiting = await (options.prepare ?? prepareVisits)(world, options);
      const handler = visits(world, visiting, options.concurrency ?? launchesAtOnce(settings), (_, subject) =>
        progress.report('enumerate', ++done, done, subject),
      );
      return {
        handler: { ...handler, mayTake: async () => (await queue.open('classify')) < BACKLOG },
        fanOut: async (night) => {
          await forgetUnused(db, world.now());
          const subjects = await serversDue(world, visiting, { limit: night.options.limit as number | undefined });
          const ids = subjects.map(({ subject }) => subject);
          return { subjects, note: (tx) => takeUpRequests(tx, ids, world.now()) };
        },
      };
    }
    case 'classify': {
      const assessor = await loadRules();
      const benchOf = options.benchOf ?? (async () => noBench());
      const { judge, absent } = await benchOf(undefined);
      if (absent !== undefined) progress.say(absent);
      const said = new Set<string>();
      let noticed: number | undefined;
      const handler = judging(
        world,
        assessor,
        async (run) => {
          // Before the first of a run, lest what it judges be due again when its turn in the night comes.
          if (run !== noticed) await noticeRules(db, assessor, judge, world.now());
          noticed = run;
          return benchOf(run);
        },
        (came, bench) => {
          for (const fault of came.faults) if (!said.has(fault)) progress.say(faultText(fault));
          for (const fault of came.faults) said.add(fault);
          progress.report('classify', ++done, done, bench.note());
        },
        options.concurrency ?? judgedAtOnce(judge),
      );
      return { handler, fanOut: async () => ({ subjects: await serversToJudge(world, assessor, judge) }) };
    }
    case 'publish':
      return {
        handler: {
          concurrency: 1,
          // Loaded late: every kind of page and format comes with it.
          handle: async (_, stop) => (await import('./publish.ts')).publish({ ...world, stop }, undefined, progress),
        },
        fanOut: async () => ({ subjects: ['site'] }),
      };
  }
}
