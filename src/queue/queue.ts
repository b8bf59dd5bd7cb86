import type { PGlite } from '@electric-sql/pglite';
import { fromPglite, PgBoss } from 'pg-boss';

/** The stages that a run queues subjects for: sources are discovered, servers enumerated and classified. */
export const STAGES = ['discover', 'enumerate', 'classify'] as const;
export type Stage = (typeof STAGES)[number];

const DEAD = 'dead';
/** How often a failed job comes again before it is a dead letter. */
const RETRIES = 3;
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

/** A job that failed too often. */
export interface DeadJob {
  readonly stage: string;
  readonly subject: string;
  readonly error: string;
  readonly at: Date;
}

export interface Queue extends AsyncDisposable {
  /** Queues subjects for a stage. One that already waits or is being worked on is left as it is. */
  add(stage: Stage, subjects: readonly string[], run?: number): Promise<void>;
  /** Takes up at most `count` jobs of a stage; they are this process's until done, failed or given back. */
  take(stage: Stage, count: number): Promise<readonly Taken[]>;
  done(jobs: readonly Taken[]): Promise<void>;
  /** Reports failure: the job comes again with growing waits, at first after `wait` seconds if given, at last as a dead letter. */
  failed(job: Taken, error: string, wait?: number): Promise<void>;
  /** Puts jobs back as if they had never been taken. */
  giveBack(jobs: readonly Taken[]): Promise<void>;
  /** Tells that these jobs are still being worked on. */
  alive(jobs: readonly Taken[]): Promise<void>;
  /** How many jobs of a stage wait (now or later) or are being worked on, by anyone. */
  open(stage: Stage): Promise<number>;
  dead(): Promise<readonly DeadJob[]>;
}

interface Payload {
  readonly subject: string;
  readonly run?: number;
}

/**
 * Opens the queue on the catalogue's own database: pg-boss on the embedded engine or on a PostgreSQL server.
 * Embedded, no other process can hold a job, so those of a dead one are given back at once; on a server its
 * heartbeat decides.
 */
export async function openQueue(
  store: { readonly pglite?: PGlite; readonly url?: string },
  onError: (error: Error) => void,
): Promise<Queue> {
  const boss = new PgBoss({
    ...(store.pglite
      ? { db: fromPglite(store.pglite), backend: 'pglite' as const }
      : { connectionString: store.url!, max: 4, application_name: 'plimsoll-queue' }),
    schedule: false,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
  });
  boss.on('error', onError);
  await boss.start();
  await boss.createQueue(DEAD);
  for (const stage of STAGES)
    await boss.createQueue(stage, {
      policy: 'exclusive',
      retryLimit: RETRIES,
      retryDelay: 2,
      retryBackoff: true,
      retryDelayMax: 60,
      heartbeatSeconds: HEARTBEAT_SECONDS,
      expireInSeconds: 3600,
      deadLetter: DEAD,
    });
  const queue = wrap(boss);
  if (store.pglite) for (const stage of STAGES) await giveBackOrphans(boss, queue, stage);
  return queue;
}

async function giveBackOrphans(boss: PgBoss, queue: Queue, stage: Stage): Promise<void> {
  const { rows } = await boss
    .getDb()
    .executeSql(`select id, data from pgboss.job where name = $1 and state = 'active'`, [stage]);
  await queue.giveBack((rows as { id: string; data: Payload }[]).map((row) => taken(stage, row.id, row.data)));
}

function taken(stage: Stage, id: string, data: Payload, tries = 0): Taken {
  return { id, stage, subject: data.subject, run: data.run, tries, last: tries >= RETRIES };
}

function byStage(jobs: readonly Taken[]): ReadonlyMap<Stage, string[]> {
  const ids = new Map<Stage, string[]>();
  for (const job of jobs) ids.set(job.stage, [...(ids.get(job.stage) ?? []), job.id]);
  return ids;
}

function wrap(boss: PgBoss): Queue {
  return {
    async add(stage, subjects, run) {
      const rows = subjects.map((subject) => ({
        singletonKey: subject,
        data: { subject, ...(run !== undefined && { run }) },
      }));
      for (let i = 0; i < rows.length; i += 500) await boss.insert(stage, rows.slice(i, i + 500));
    },
    async take(stage, count) {
      const jobs = await boss.fetch<Payload>(stage, { batchSize: count });
      return jobs.map((job) => taken(stage, job.id, job.data, job.retryCount));
    },
    async done(jobs) {
      for (const [stage, ids] of byStage(jobs)) await boss.complete(stage, ids);
    },
    async failed(job, error, wait) {
      await boss.fail(job.stage, job.id, { message: error });
      // Ignored by pg-boss when that was the last try and the job is a dead letter now.
      if (wait !== undefined) await boss.update(job.stage, undefined, { id: job.id, startAfter: Math.ceil(wait) });
    },
    async giveBack(jobs) {
      // Cancelling and resuming would do by pg-boss's own calls, but counts as a try: the job keeps when it was started.
      for (const [stage, ids] of byStage(jobs))
        await boss.getDb().executeSql(
          `update pgboss.job set state = 'created', started_on = null, heartbeat_on = null
             where name = $1 and id = any($2::uuid[]) and state = 'active'`,
          [stage, ids],
        );
    },
    async alive(jobs) {
      for (const [stage, ids] of byStage(jobs)) await boss.touch(stage, ids);
    },
    async open(stage) {
      // pg-boss's own counts are up to a minute old, and a run must know when nothing is left.
      const { rows } = await boss
        .getDb()
        .executeSql(`select count(*)::int as open from pgboss.job where name = $1 and state < 'completed'`, [stage]);
      return (rows[0] as { open: number }).open;
    },
    async dead() {
      const jobs = await boss.findJobs<Payload>(DEAD);
      return jobs.map((job) => ({
        stage: job.sourceName ?? '?',
        subject: job.data.subject,
        error: (job.sourceOutput as { message?: string } | null)?.message ?? '',
        at: job.createdOn,
      }));
    },
    [Symbol.asyncDispose]: () => boss.stop({ graceful: false, close: true }),
  };
}
