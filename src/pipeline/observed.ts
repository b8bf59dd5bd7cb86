import { Later } from '#core/errors.ts';
import { isUnavailable, type Resolver } from '#launch/resolver.ts';
import { within } from '#observe/log.ts';
import { type JobEnd, type Observe, UNOBSERVED } from '#observe/observe.ts';
import type { Taken } from '#queue/queue.ts';

/**
 * Does the work on one job: its lines in the log bear its run and its server, and it is counted and timed where
 * somebody looks. Gives what the work gave, and throws what it threw.
 */
export async function observed<T>(
  { observe = UNOBSERVED, stop }: { readonly observe?: Observe | undefined; readonly stop: AbortSignal },
  job: Taken,
  work: () => Promise<T>,
): Promise<T> {
  const { stage, subject, run } = job;
  const about = stage === 'discover' ? { source: subject } : { server: subject };
  let result: { readonly value: T } | { readonly error: unknown } | undefined;
  await observe.job({ stage, subject, run }, async () => {
    try {
      result = { value: await within({ run, stage, ...about }, work) };
      return 'done';
    } catch (error) {
      result = { error };
      return endOf(error, job, stop);
    }
  });
  if (!result || 'error' in result) throw result?.error;
  return result.value;
}

function endOf(error: unknown, job: Taken, stop: AbortSignal): JobEnd {
  if (stop.aborted) return 'given-back';
  if (job.last) return 'dead';
  return error instanceof Later ? 'later' : 'failed';
}

/** A resolver whose installs are counted and timed. */
export function counted(resolver: Resolver, observe: Observe): Resolver {
  return {
    ...resolver,
    async install(artefact, options) {
      const began = performance.now();
      const got = await resolver.install(artefact, options);
      const outcome = isUnavailable(got) ? 'unavailable' : got.reused ? 'reused' : 'installed';
      observe.install(resolver.id, outcome, (performance.now() - began) / 1000);
      return got;
    },
  };
}
