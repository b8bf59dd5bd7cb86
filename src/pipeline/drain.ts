import { setTimeout as sleep } from 'node:timers/promises';
import { Later } from '#core/errors.ts';
import type { Queue, Stage, Taken } from '#queue/queue.ts';
import { isDatabaseAway, isFromDatabase } from '#store/engine/away.ts';
import type { Surroundings, World } from '#world.ts';
import { holding, Lost } from './held.ts';
import { observed } from './observed.ts';
import { type Patience, patience } from './patience.ts';

/** What a stage does with one subject. Throwing `Later` asks for another try; any other error is a bug and is logged. */
export interface Handler {
  readonly concurrency: number;
  /** Whether more may be taken up just now; always, where it is absent. */
  mayTake?(): Promise<boolean>;
  /** What it answers is kept with the job, for the summary of its run. */
  handle(job: Taken, stop: AbortSignal): Promise<object | undefined | void>;
}

/** A job whose last try ended in an error that nobody foresaw. */
export interface Broken {
  readonly stage: Stage;
  readonly subject: string;
  readonly error: string;
}

export type Handlers = Partial<Record<Stage, Handler>>;

type Around = Pick<Surroundings, 'log' | 'stop'> & Pick<World, 'observe'>;

/** How long work goes on, and how long for a database that is away. */
export interface Until {
  /** Whether there is nothing left to wait for; asked while nothing is being worked on. */
  isOver(): Promise<boolean>;
  /** Between two looks at queues that were empty, in milliseconds. */
  readonly idle: number;
  /** Milliseconds. */
  readonly patience: number;
}

const POLL_MS = 250;
/** A run in one process gives a database up that stays away for so long. */
const PATIENCE_MS = 300_000;
/** How often a job is put back because the database seems to have been away; after that it counts as failed. */
const PUT_BACK = 5;
/** A stage whose job the database did not take rests for so long at first, and twice as long each further time. */
const REST_MS = 500;
const LONGEST_REST_MS = 30_000;

/**
 * Works on these stages until nothing of them is open any more, here or in another process, retries included.
 * Returns the jobs that are dead letters now: errors that nobody foresaw, or that never passed.
 * On stop it takes nothing new, lets handlers finish or give up, and gives back what they gave up.
 */
export function drain(queue: Queue, handlers: Handlers, around: Around): Promise<readonly Broken[]> {
  const isOver = async () => {
    for (const stage of stagesOf(handlers)) if ((await queue.open(stage)) > 0) return false;
    return true;
  };
  return work(queue, handlers, around, { isOver, idle: POLL_MS, patience: PATIENCE_MS });
}

/** The same until told otherwise. A database that goes away and comes back costs time and nothing else. */
export async function work(queue: Queue, handlers: Handlers, around: Around, until: Until): Promise<readonly Broken[]> {
  const { log, stop } = around;
  const broken: Broken[] = [];
  const running = new Set<Promise<void>>();
  const putBack = new Map<string, number>();
  /** When a stage that had no more to take, or was to take no more, is looked at again. */
  const again = new Map<Stage, number>();
  let failure: Error | undefined;
  const database = patience(around, until.patience);
  using held = holding(queue, around);
  try {
    for (;;) {
      const started = stop.aborted ? 0 : await takeUp();
      if (failure) throw failure;
      if (running.size > 0) await Promise.race([...running, sleep(POLL_MS)]);
      else if (stop.aborted || (started === 0 && (await database.wait(until.isOver)))) return broken;
      else if (started === 0) await sleep(until.idle, undefined, { signal: stop }).catch(() => {});
    }
  } finally {
    await Promise.allSettled(running);
  }

  async function takeUp(): Promise<number> {
    let started = 0;
    for (const stage of stagesOf(handlers)) {
      const handler = handlers[stage]!;
      const free = handler.concurrency - held.of(stage);
      if (free <= 0 || stop.aborted || performance.now() < (again.get(stage) ?? 0)) continue;
      const jobs = await database.wait(async () =>
        (await handler.mayTake?.()) === false ? [] : queue.take(stage, free),
      );
      // Each job that ends brings one here: asking all queues each time costs more than all else that a queue does.
      if ((jobs?.length ?? 0) < free) again.set(stage, performance.now() + until.idle);
      for (const job of jobs ?? []) {
        started++;
        const one = handle(job, handler, held.hold(job))
          .catch((error: Error) => {
            failure = error;
          })
          .finally(() => {
            held.release(job);
            running.delete(one);
          });
        running.add(one);
      }
    }
    return started;
  }

  async function handle(job: Taken, handler: Handler, signal: AbortSignal): Promise<void> {
    const { stage, subject } = job;
    try {
      const output = await observed({ observe: around.observe, stop: signal }, job, () => handler.handle(job, signal));
      await settle(database, () => queue.done([job], output ?? undefined));
      putBack.delete(job.id);
    } catch (error) {
      if (signal.reason instanceof Lost) return;
      const times = putBack.get(job.id) ?? 0;
      const isAway = isDatabaseAway(error) && (isFromDatabase(error) || times < PUT_BACK);
      if (stop.aborted || isAway) {
        if (isAway)
          log.warn({ run: job.run, stage, subject, error: (error as Error).message }, 'the database is away: put back');
        putBack.set(job.id, times + 1);
        again.set(stage, performance.now() + Math.min(REST_MS * 2 ** times, LONGEST_REST_MS));
        return await settle(database, () => queue.giveBack([job]));
      }
      const message = error instanceof Error ? error.message : String(error);
      if (error instanceof Later) log.warn({ run: job.run, stage, subject }, message);
      else log.error({ run: job.run, stage, subject, error: (error as Error).stack ?? message }, 'job failed');
      if (job.last) broken.push({ stage, subject, error: message });
      await settle(database, () => queue.failed(job, message, error instanceof Later ? error.seconds : undefined));
    }
  }
}

/** Tells the queue how a job ended. Where nobody can be told any more, its heartbeat will. */
async function settle(database: Patience, tell: () => Promise<void>): Promise<void> {
  await database.wait(tell);
}

function stagesOf(handlers: Handlers): readonly Stage[] {
  return Object.keys(handlers) as Stage[];
}
