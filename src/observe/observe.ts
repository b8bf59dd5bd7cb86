import type { Outcome, Phase } from '#domain/launch.ts';

/** How the work on a job ended: `later` comes again by its own wish, `failed` for an error, `dead` does not come again. */
export type JobEnd = 'done' | 'later' | 'failed' | 'dead' | 'given-back';

export interface JobSeen {
  readonly stage: string;
  readonly subject: string;
  readonly run: number | undefined;
}

export interface RequestSeen {
  readonly method: string;
  /** The pattern that answered, never the path that was asked. */
  readonly route: string;
}

/** What a judge has spent and met with in this process so far. */
export interface JudgeSeen {
  readonly requests: number;
  readonly tokens: number;
  readonly faults: number;
}

/**
 * What the stages tell of themselves, for metrics and traces. Every call is cheap, none throws, and where nobody asked
 * for either all of them do nothing.
 */
export interface Observe extends AsyncDisposable {
  /** Does the work of one run; what it queues can be found again by what `carry` gives while it lasts. */
  run<T>(job: string, work: () => Promise<T>): Promise<T>;
  /** What a run's record is to keep, so that work on its jobs is linked to it, in whatever process. */
  carry(): Readonly<Record<string, string>>;
  /** Does the work on one job, and notes how long it took and how it ended. */
  job(job: JobSeen, work: () => Promise<JobEnd>): Promise<JobEnd>;
  /** Answers one request, and notes how long that took and the status. */
  request(seen: () => RequestSeen, answer: () => Promise<number>): Promise<number>;
  visit(outcome: Outcome | 'unchanged', phase: Phase | null, sandbox: string): void;
  install(kind: string, outcome: 'installed' | 'reused' | 'unavailable', seconds: number): void;
  pass(source: string, listings: number, failed: boolean): void;
  judge(spent: JudgeSeen): void;
  pages(written: number, unchanged: number, removed: number): void;
}

/** Nobody looks. */
export const UNOBSERVED: Observe = {
  run: (_, work) => work(),
  carry: () => ({}),
  job: (_, work) => work(),
  request: (_, answer) => answer(),
  visit: () => {},
  install: () => {},
  pass: () => {},
  judge: () => {},
  pages: () => {},
  [Symbol.asyncDispose]: async () => {},
};
