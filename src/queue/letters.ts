import type { PgBoss } from 'pg-boss';
import type { Payload } from './jobs.ts';
import type { Queue } from './queue.ts';

/** The queue of those that failed too often. */
export const DEAD = 'dead';

const AT_ONCE = 1000;

/** The part of the queue that dead letters lie in, on pg-boss. */
export function letters(boss: PgBoss): Pick<Queue, 'dead' | 'revive' | 'drop'> {
  return {
    async dead(filter = {}) {
      const data = {
        ...(filter.subject !== undefined && { subject: filter.subject }),
        ...(filter.run !== undefined && { run: filter.run }),
      };
      const found = await boss.findJobs<Payload>(DEAD, { data, queued: true });
      return found
        .filter((job) => filter.stage === undefined || job.sourceName === filter.stage)
        .map((job) => ({
          id: job.id,
          stage: job.sourceName ?? '?',
          subject: job.data.subject,
          run: job.data.run,
          error: messageOf(job.sourceOutput),
          tries: (job.sourceRetryCount ?? 0) + 1,
          at: job.createdOn,
        }))
        .sort((a, b) => a.at.getTime() - b.at.getTime());
    },
    async revive(dead) {
      let moved = 0;
      for (const ids of batches(dead)) moved += await boss.redrive(DEAD, { ids });
      return moved;
    },
    async drop(dead) {
      let dropped = 0;
      for (const ids of batches(dead))
        dropped += ((await boss.deleteJob(DEAD, ids)) as { readonly affected: number }).affected;
      return dropped;
    },
  };
}

function* batches(dead: readonly { readonly id: string }[]): Generator<string[]> {
  for (let i = 0; i < dead.length; i += AT_ONCE) yield dead.slice(i, i + AT_ONCE).map(({ id }) => id);
}

/** Why it failed at last: what its handler said, or pg-boss where the worker said nothing any more. */
function messageOf(output: object | null): string {
  const { message, value } = (output ?? {}) as { message?: string; value?: { message?: string } };
  return message ?? value?.message ?? '';
}
