import { setTimeout as sleep } from 'node:timers/promises';
import { Missing } from '#core/errors.ts';
import { isDatabaseAway } from '#store/engine/away.ts';
import { migrations, stepsGone } from '#store/engine/migrations.ts';
import { markAll } from '#store/verdict/marks.ts';
import type { World } from '#world.ts';
import { hire, type Part } from './crew.ts';
import { type Handlers, work } from './drain.ts';
import type { prepareVisits } from './enumerate.ts';
import type { Bench } from './judge.ts';
import { advance, begin, type FanOut, type Step } from './night.ts';
import type { Progress } from './progress.ts';
import type { Summary } from './summary.ts';

/** Between two looks at the night, and at queues that were empty. */
const LOOK_MS = 1_000;
/** How many looks go by before the schema is looked at again. */
const SCHEMA_EVERY = 5;

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

/**
 * Works on stages beside any number of other workers, until it is stopped: takes up jobs, and carries the night on.
 * On stop it takes nothing new, finishes or gives back what it has, and returns. It stops itself and rejects with
 * `Missing` when a newer version has changed the schema, whose rows it would misread.
 */
export async function workAlong(outside: World, options: WorkerOptions): Promise<void> {
  const { db, queue, log } = outside;
  const leaving = new AbortController();
  const world = { ...outside, stop: AbortSignal.any([outside.stop, leaving.signal]) };
  await markAll(db);
  await using parts = new AsyncDisposableStack();
  const hired = new Map<Step, Part>();
  for (const step of options.stages) hired.set(step, await hire(step, world, options, parts));
  const handlers: Handlers = { night: { concurrency: 1, handle: () => begin(world, { limit: 0 }) } };
  for (const [step, { handler }] of hired) handlers[step] = handler;
  const fanOut: FanOut = Object.fromEntries([...hired].map(([step, part]) => [step, part.fanOut]));

  const known = migrations();
  let looks = 0;
  const look = looking(world, async () => {
    if (looks++ % SCHEMA_EVERY === 0) await stepsGone(db, known);
    const seen = await advance(world, fanOut);
    if (seen.state === 'ended') options.ended?.(seen.summary);
    return seen.state === 'open';
  });
  void look.failed.then((error) => leaving.abort(error));
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
  log.info(world.stop.aborted ? 'worker stops' : 'worker ends: nothing is open');
  if (leaving.signal.aborted) throw leaving.signal.reason;
}

/** Looks again and again, also while long jobs are worked on; one look at a time. Ends for good with the first `Missing`. */
function looking({ log, stop }: Pick<World, 'log' | 'stop'>, look: () => Promise<boolean>) {
  const over = new AbortController();
  const { promise: failed, resolve: fail } = Promise.withResolvers<Missing>();
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
      await now().catch((error: Error) => {
        if (error instanceof Missing) fail(error);
        else if (!isDatabaseAway(error)) log.error({ error: error.stack }, 'the night was not looked at');
      });
      await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
    }
  })();
  return {
    now,
    failed,
    async end() {
      over.abort();
      await done;
    },
  };
}
