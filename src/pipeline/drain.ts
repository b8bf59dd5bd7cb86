import { setTimeout as sleep } from 'node:timers/promises';
import { Later } from '#core/errors.ts';
import { HEARTBEAT_SECONDS, type Queue, type Stage, type Taken } from '#queue/queue.ts';
import type { Surroundings } from '#world.ts';

/** What a stage does with one subject. Throwing `Later` asks for another try; any other error is a bug and is logged. */
export interface Handler {
  readonly concurrency: number;
  handle(job: Taken, stop: AbortSignal): Promise<void>;
}

/** A job whose last try ended in an error that nobody foresaw. */
export interface Broken {
  readonly stage: Stage;
  readonly subject: string;
  readonly error: string;
}

export type Handlers = Partial<Record<Stage, Handler>>;

const POLL_MS = 250;

/**
 * Works on these stages until nothing of them is open any more, here or in another process, retries included.
 * Returns the jobs that are dead letters now: errors that nobody foresaw, or that never passed.
 * On stop it takes nothing new, lets handlers finish or give up, and gives back what they gave up.
 */
export async function drain(
  queue: Queue,
  handlers: Handlers,
  { log, stop }: Pick<Surroundings, 'log' | 'stop'>,
): Promise<readonly Broken[]> {
  const broken: Broken[] = [];
  const running = new Map<string, Promise<void>>();
  const held = new Map<string, Taken>();
  const heartbeat = setInterval(
    () => queue.alive([...held.values()]).catch((error: Error) => log.error({ error: error.message }, 'heartbeat')),
    (HEARTBEAT_SECONDS * 1000) / 3,
  );
  const stages = Object.entries(handlers) as [Stage, Handler][];
  try {
    for (;;) {
      let started = 0;
      for (const [stage, handler] of stages) {
        if (stop.aborted) break;
        const busy = [...held.values()].filter((job) => job.stage === stage).length;
        const free = handler.concurrency - busy;
        const jobs = free > 0 ? await queue.take(stage, free) : [];
        started += jobs.length;
        for (const job of jobs) {
          held.set(job.id, job);
          running.set(
            job.id,
            work(job, handler).finally(() => {
              held.delete(job.id);
              running.delete(job.id);
            }),
          );
        }
      }
      if (running.size > 0) await Promise.race([...running.values(), sleep(POLL_MS)]);
      else if (stop.aborted || (started === 0 && !(await anyOpen()))) return broken;
      else if (started === 0) await sleep(POLL_MS);
    }
  } finally {
    clearInterval(heartbeat);
  }

  async function anyOpen(): Promise<boolean> {
    for (const [stage] of stages) if ((await queue.open(stage)) > 0) return true;
    return false;
  }

  async function work(job: Taken, handler: Handler): Promise<void> {
    try {
      await handler.handle(job, stop);
      await queue.done([job]);
    } catch (error) {
      if (stop.aborted) return await queue.giveBack([job]);
      const message = error instanceof Error ? error.message : String(error);
      if (error instanceof Later) log.warn({ stage: job.stage, subject: job.subject }, message);
      else
        log.error({ stage: job.stage, subject: job.subject, error: (error as Error).stack ?? message }, 'job failed');
      if (job.last) broken.push({ stage: job.stage, subject: job.subject, error: message });
      await queue.failed(job, message, error instanceof Later ? error.seconds : undefined);
    }
  }
}
