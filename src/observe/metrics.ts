import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { QueueDepth, Stalled } from '#domain/queue.ts';
import type { JudgeSeen, Observe } from './observe.ts';

/** What the database tells when metrics are asked for. */
export interface Standing {
  readonly depths: readonly QueueDepth[];
  readonly stalled: readonly Stalled[];
  readonly sources: readonly {
    readonly id: string;
    readonly listings: number | null;
    readonly lastGood: Date | null;
    readonly error: string | null;
  }[];
  /** The last night that ended. */
  readonly night?: { readonly began: Date; readonly ended: Date; readonly broken: number };
}

export interface Metrics extends Omit<Observe, 'run' | 'carry' | keyof AsyncDisposable> {
  /** Everything in Prometheus's text format. Rejects where the database cannot be asked. */
  text(): Promise<string>;
  readonly contentType: string;
}

const JOB_SECONDS = [0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 20, 45, 90, 300];
const REQUEST_SECONDS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * The metrics of one process. Labels hold words of ours only (stages, outcomes, sandboxes, routes), never a server's
 * name or address: their number is bounded, and nobody outside can write into them.
 */
export function openMetrics(standing: (() => Promise<Standing>) | undefined): Metrics {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register });
  const counter = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Counter({ name: `plimsoll_${name}`, help, labelNames: [...labelNames], registers });
  const gauge = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Gauge({ name: `plimsoll_${name}`, help, labelNames: [...labelNames], registers });
  const histogram = (name: string, help: string, labelNames: readonly string[], buckets: readonly number[]) =>
    new Histogram({ name: `plimsoll_${name}`, help, labelNames: [...labelNames], buckets: [...buckets], registers });

  const jobs = counter('jobs_total', 'Jobs that this process worked on, by how that ended', ['stage', 'outcome']);
  const jobSeconds = histogram('job_seconds', 'Seconds of work on one job', ['stage'], JOB_SECONDS);
  const active = gauge('jobs_running', 'Jobs that this process works on now', ['stage']);
  const visits = counter('visits_total', 'Visits to servers', ['outcome', 'phase', 'sandbox']);
  const installs = counter('installs_total', 'Packages installed, found installed or not to be had', [
    'kind',
    'outcome',
  ]);
  const installSeconds = histogram('install_seconds', 'Seconds until a package was installed', ['kind'], JOB_SECONDS);
  const listings = counter('listings_total', 'Listings that sources gave this process', ['source']);
  const passes = counter('passes_total', 'Passes over sources', ['source', 'outcome']);
  const pages = counter('files_total', 'Files of the static site', ['outcome']);
  const judged = {
    requests: counter('judge_requests_total', 'Requests to the language model'),
    tokens: counter('judge_tokens_total', 'Tokens that the language model was sent and gave back'),
    faults: counter('judge_faults_total', 'What went wrong with the language model'),
  };
  const requests = counter('http_requests_total', 'Requests that were answered', ['method', 'route', 'status']);
  const requestSeconds = histogram(
    'http_request_seconds',
    'Seconds until an answer began to be sent',
    ['route'],
    REQUEST_SECONDS,
  );
  const show = standing && standingGauges(gauge, standing);
  // A judge tells its totals anew in each run.
  let spent: JudgeSeen = { requests: 0, tokens: 0, faults: 0 };
  return {
    async job({ stage }, work) {
      const end = jobSeconds.startTimer({ stage });
      active.inc({ stage });
      let outcome: Awaited<ReturnType<typeof work>> = 'failed';
      try {
        outcome = await work();
        return outcome;
      } finally {
        active.dec({ stage });
        end();
        jobs.inc({ stage, outcome });
      }
    },
    async request(seen, answer) {
      const began = performance.now();
      let status = 500;
      try {
        status = await answer();
        return status;
      } finally {
        const { method, route } = seen();
        requests.inc({ method: METHODS.has(method) ? method : 'other', route, status });
        requestSeconds.observe({ route }, (performance.now() - began) / 1000);
      }
    },
    visit: (outcome, phase, sandbox) => visits.inc({ outcome, phase: phase ?? '', sandbox }),
    install(kind, outcome, seconds) {
      installs.inc({ kind, outcome });
      if (outcome === 'installed') installSeconds.observe({ kind }, seconds);
    },
    pass(source, given, failed) {
      listings.inc({ source }, given);
      passes.inc({ source, outcome: failed ? 'failed' : 'good' });
    },
    judge(now) {
      for (const what of ['requests', 'tokens', 'faults'] as const)
        judged[what].inc(now[what] >= spent[what] ? now[what] - spent[what] : now[what]);
      spent = now;
    },
    pages(written, unchanged, removed) {
      for (const [outcome, count] of Object.entries({ written, unchanged, removed })) pages.inc({ outcome }, count);
    },
    contentType: register.contentType,
    async text() {
      await show?.();
      return register.metrics();
    },
  };
}

/** Gauges that are read from the database whenever somebody looks. */
function standingGauges(
  gauge: (name: string, help: string, labels?: readonly string[]) => Gauge,
  standing: () => Promise<Standing>,
): () => Promise<void> {
  const depth = gauge('queue_jobs', 'Jobs in the queue, of all processes', ['stage', 'state']);
  const waiting = gauge('queue_oldest_seconds', 'Seconds that the oldest job which could be taken up has waited', [
    'stage',
  ]);
  const unserved = gauge(
    'stage_unserved_seconds',
    'Seconds for which a night has waited for a worker on this stage; 0 while that moves',
    ['stage'],
  );
  const listed = gauge('source_listings', 'Listings of a source when it was last read to its end', ['source']);
  const good = gauge('source_last_good_timestamp_seconds', 'When a source last answered whole', ['source']);
  const failing = gauge('source_failing', '1 where the last pass over a source did not come through', ['source']);
  const night = gauge('night_ended_timestamp_seconds', 'When the last night that ended did');
  const took = gauge('night_seconds', 'How long it took');
  const broken = gauge('night_broken_jobs', 'Jobs that it gave up');
  return async () => {
    const now = await standing();
    for (const one of [depth, waiting, listed, good, failing]) one.reset();
    for (const { stage, oldest, ...states } of now.depths) {
      for (const [state, count] of Object.entries(states)) depth.set({ stage, state }, count);
      const idle = now.stalled.find((one) => one.stage === stage);
      unserved.set({ stage }, idle ? Math.max(0, (Date.now() - idle.since.getTime()) / 1000) : 0);
      waiting.set({ stage }, oldest ? Math.max(0, (Date.now() - oldest.getTime()) / 1000) : 0);
    }
    for (const { id, listings, lastGood, error } of now.sources) {
      if (listings !== null) listed.set({ source: id }, listings);
      if (lastGood) good.set({ source: id }, lastGood.getTime() / 1000);
      failing.set({ source: id }, error === null ? 0 : 1);
    }
    if (!now.night) return;
    night.set(now.night.ended.getTime() / 1000);
    took.set((now.night.ended.getTime() - now.night.began.getTime()) / 1000);
    broken.set(now.night.broken);
  };
}
