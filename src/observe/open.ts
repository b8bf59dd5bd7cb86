import { WrongUse } from '#core/errors.ts';
import type { Standing } from './metrics.ts';
import { type Observe, UNOBSERVED } from './observe.ts';

export interface Observing {
  /** Where metrics are asked for; absent for none. */
  readonly metrics?: { readonly host: string; readonly port: number } | undefined;
  /** Whether spans go to a collector. */
  readonly traces: boolean;
  standing(): Promise<Standing>;
  traceOf(run: number): Promise<string | undefined>;
  /** Told of what goes wrong with looking, which stops nobody. */
  onFailure(error: Error): void;
  onListening?(port: number): void;
}

/**
 * Metrics and traces as far as they are asked for; the libraries are loaded only then. A port that is taken is a
 * warning: a night does not fail for want of somebody who looks on. Throws `WrongUse` for an address that is none.
 */
export async function openObserve(asked: Observing): Promise<Observe> {
  if (!asked.metrics && !asked.traces) return UNOBSERVED;
  const traces = asked.traces ? (await import('./traces.ts')).openTraces(asked.traceOf) : undefined;
  const metrics = asked.metrics ? (await import('./metrics.ts')).openMetrics(asked.standing) : undefined;
  let listening: AsyncDisposable | undefined;
  if (metrics && asked.metrics) {
    const { listenForMetrics } = await import('./listen.ts');
    try {
      const open = await listenForMetrics(metrics, asked.metrics, asked.onFailure);
      listening = open;
      asked.onListening?.(open.port);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOTFOUND' || code === 'EADDRNOTAVAIL')
        throw new WrongUse(`PLIMSOLL_METRICS names an address that this machine has not: ${message}.`);
      asked.onFailure(new Error(`metrics are not to be had: ${message}`));
    }
  }
  const both = [metrics, traces].filter((one) => one !== undefined);
  const count = metrics ?? UNOBSERVED;
  return {
    ...UNOBSERVED,
    visit: count.visit,
    install: count.install,
    pass: count.pass,
    judge: count.judge,
    pages: count.pages,
    run: (traces ?? UNOBSERVED).run,
    carry: (traces ?? UNOBSERVED).carry,
    job: (job, work) => both.reduce((inner, one) => () => one.job(job, inner), work)(),
    request: (seen, answer) => both.reduce((inner, one) => () => one.request(seen, inner), answer)(),
    async [Symbol.asyncDispose]() {
      await listening?.[Symbol.asyncDispose]();
      await traces?.[Symbol.asyncDispose]();
    },
  };
}
