import { HEARTBEAT_SECONDS, type Queue, type Stage, type Taken } from '#queue/queue.ts';
import type { Surroundings } from '#world.ts';

/** A job's handler is stopped: its worker said nothing for so long that somebody else has the job. */
export class Lost extends Error {
  override readonly name = 'Lost';
}

/** The jobs that this process has taken up. Keeps telling the queue that it works on them. */
export interface Held extends Disposable {
  readonly size: number;
  /** How many of a stage. */
  of(stage: Stage): number;
  /** Takes a job in; the signal aborts on stop, or with `Lost`. */
  hold(job: Taken): AbortSignal;
  release(job: Taken): void;
}

/**
 * Jobs are touched three times in the time after which a worker is taken for dead. Where that fails for so long, their
 * handlers are stopped: whatever they would still do, somebody else does too.
 */
export function holding(queue: Queue, { log, stop }: Pick<Surroundings, 'log' | 'stop'>): Held {
  const held = new Map<string, { readonly job: Taken; readonly own: AbortController }>();
  let touched = performance.now();
  let touching = false;
  const lose = (ids: Iterable<string>) => {
    for (const id of ids) {
      const one = held.get(id);
      if (!one || one.own.signal.aborted) continue;
      log.warn({ stage: one.job.stage, subject: one.job.subject }, 'lost: another worker has it');
      one.own.abort(new Lost('another worker has it'));
    }
  };
  const touch = async () => {
    if (held.size === 0) touched = performance.now();
    if (touching || held.size === 0) return;
    touching = true;
    const asked = [...held.values()].map(({ job }) => job);
    const began = performance.now();
    try {
      const own = await queue.alive(asked);
      touched = began;
      lose(asked.filter(({ id }) => !own.has(id)).map(({ id }) => id));
    } catch (error) {
      log.error({ error: (error as Error).message }, 'heartbeat');
    } finally {
      touching = false;
    }
  };
  const beat = setInterval(() => void touch(), (HEARTBEAT_SECONDS * 1000) / 3);
  // A heartbeat that hangs says nothing: the time since the last that came through does.
  const watch = setInterval(() => {
    if (held.size > 0 && performance.now() - touched > HEARTBEAT_SECONDS * 1000) lose(held.keys());
  }, 1000);
  return {
    get size() {
      return held.size;
    },
    of: (stage) => [...held.values()].filter(({ job }) => job.stage === stage).length,
    hold(job) {
      if (held.size === 0) touched = performance.now();
      const own = new AbortController();
      held.set(job.id, { job, own });
      return AbortSignal.any([stop, own.signal]);
    },
    release: (job) => void held.delete(job.id),
    [Symbol.dispose]() {
      clearInterval(beat);
      clearInterval(watch);
    },
  };
}
