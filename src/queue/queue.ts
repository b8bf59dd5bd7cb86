import type { Transaction } from './transaction.ts';

/**
 * What jobs are queued for: a night is begun, sources are discovered, servers enumerated and classified, the site
 * published.
 */
export const STAGES = ['night', 'discover', 'enumerate', 'classify', 'publish'] as const;
export type Stage = (typeof STAGES)[number];

/** A worker that says nothing for this long is taken for dead and its jobs go to others. pg-boss allows no less than 10. */
export const HEARTBEAT_SECONDS = 15;

/** A job as its handler sees it. `run` is the record of the run that queued it. */
export interface Taken {
  readonly id: string;
  readonly stage: Stage;
  readonly subject: string;
  readonly run: number | undefined;
  /** How often it was taken up before, and whether this is the last time. */
  readonly tries: number;
  readonly last: boolean;
}

/** A subject to queue; of those that wait, the one of the highest priority is taken first (0 where nothing is said). */
export interface Subject {
  readonly subject: string;
  readonly priority: number;
}

/** A job that failed too often. */
export interface DeadJob {
  readonly id: string;
  readonly stage: string;
  readonly subject: string;
  readonly run: number | undefined;
  readonly error: string;
  /** How often it was tried. */
  readonly tries: number;
  readonly at: Date;
}

/** Which dead letters are meant; all of them where nothing is said. */
export interface DeadFilter {
  readonly stage?: Stage | undefined;
  readonly subject?: string | undefined;
  readonly run?: number | undefined;
}

/** What a finished job left behind. */
export interface Finished {
  readonly subject: string;
  readonly output: object | null;
}

export interface Queue extends AsyncDisposable {
  /**
   * Queues subjects for a stage. One that already waits or is being worked on is left as it is. With `within` they are
   * queued when that transaction is committed, or not at all.
   */
  add(stage: Stage, subjects: readonly (string | Subject)[], run?: number, within?: Transaction): Promise<void>;
  /** Takes up at most `count` jobs of a stage; they are this process's until done, failed, given back or lost. */
  take(stage: Stage, count: number): Promise<readonly Taken[]>;
  /** Ends jobs. Those that somebody else has taken up since, because this process said nothing, are left alone. */
  done(jobs: readonly Taken[], output?: object): Promise<void>;
  /** Reports failure: the job comes again with growing waits, at first after `wait` seconds if given, at last as a dead letter. */
  failed(job: Taken, error: string, wait?: number): Promise<void>;
  /** Puts jobs back as if they had never been taken. */
  giveBack(jobs: readonly Taken[]): Promise<void>;
  /** Tells that these jobs are still being worked on. Answers with the ids of those that are still this process's. */
  alive(jobs: readonly Taken[]): Promise<ReadonlySet<string>>;
  /** How many jobs of a stage wait (now or later) or are being worked on, by anyone. */
  open(stage: Stage): Promise<number>;
  /** Makes what waits in a stage part of a run: an earlier one left it. */
  adopt(stage: Stage, run: number, within?: Transaction): Promise<void>;
  /** What the jobs of a stage that a run queued left behind; kept for two days. */
  finished(stage: Stage, run: number): Promise<readonly Finished[]>;
  dead(filter?: DeadFilter): Promise<readonly DeadJob[]>;
  /** Sends dead letters to their stages again. Answers with how many. */
  revive(dead: readonly DeadJob[]): Promise<number>;
  /** Throws dead letters away. Answers with how many. */
  drop(dead: readonly DeadJob[]): Promise<number>;
  /** Begins a night whenever a cron expression (in UTC) says so: one, however many processes keep time. */
  nightly(cron: string): Promise<void>;
}
