import { isDeepStrictEqual } from 'node:util';
import type { PGlite } from '@electric-sql/pglite';
import { fromPglite, PgBoss } from 'pg-boss';
import { jobs, type Payload, RETRIES, taken } from './jobs.ts';
import { DEAD, letters } from './letters.ts';
import { HEARTBEAT_SECONDS, type Queue, STAGES, type Stage } from './queue.ts';

/** Where a job of a stage may at most take so long, even if its worker keeps saying that it works. */
const HOURS: Readonly<Record<Stage, number>> = { night: 1, discover: 12, enumerate: 1, classify: 1, publish: 12 };

const LIMITS = {
  retryLimit: RETRIES,
  retryDelay: 2,
  retryBackoff: true,
  retryDelayMax: 60,
  heartbeatSeconds: HEARTBEAT_SECONDS,
  // Long enough for the summary of the night, short enough for a table that every claim walks through.
  deleteAfterSeconds: 2 * 86_400,
};
/** The server ends the session of a process that it can no longer reach, as it does with those of the store. */
const SESSION =
  '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c tcp_user_timeout=25000';

/**
 * Opens the queue on the catalogue's own database: pg-boss on the embedded engine or on a PostgreSQL server.
 * Embedded, no other process can hold a job, so those of a dead one are given back at once; on a server its
 * heartbeat decides. With `keepsTime` this process takes its turns at starting nights; PostgreSQL's clock says when.
 */
export async function openQueue(
  store: { readonly pglite?: PGlite; readonly url?: string },
  onError: (error: Error) => void,
  { keepsTime = false }: { readonly keepsTime?: boolean } = {},
): Promise<Queue> {
  const boss = new PgBoss({
    ...(store.pglite
      ? { db: fromPglite(store.pglite), backend: 'pglite' as const }
      : { connectionString: store.url!, max: 4, application_name: 'plimsoll-queue', options: SESSION }),
    schedule: keepsTime,
    cronMonitorIntervalSeconds: 5,
    cronWorkerIntervalSeconds: 2,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
  });
  boss.on('error', onError);
  await boss.start();
  await createQueues(boss);
  const queue = { ...jobs(boss), ...letters(boss) };
  if (store.pglite)
    for (const stage of STAGES) {
      await giveBackOrphans(boss, queue, stage);
      // What pg-boss wants to know of a queue it asks once, beside any transaction: inside one that would wait for itself.
      await boss.findJobs(stage, { key: '' });
    }
  return {
    ...queue,
    nightly: (cron) => boss.schedule('night', cron, { subject: 'night' }, { singletonKey: 'night', missed: 'once' }),
    [Symbol.asyncDispose]: () => boss.stop({ graceful: false, close: true }),
  };
}

/** Makes the queues that are not there yet, and gives those of an earlier version their present limits. */
async function createQueues(boss: PgBoss): Promise<void> {
  const known = new Map((await boss.getQueues()).map((queue) => [queue.name, queue]));
  if (!known.has(DEAD)) await boss.createQueue(DEAD);
  for (const stage of STAGES) {
    const limits = { ...LIMITS, expireInSeconds: HOURS[stage] * 3600 };
    const present = known.get(stage);
    if (!present) await boss.createQueue(stage, { policy: 'exclusive', ...limits, deadLetter: DEAD });
    else if (!isDeepStrictEqual({ ...present, ...limits }, present)) await boss.updateQueue(stage, limits);
  }
}

async function giveBackOrphans(boss: PgBoss, queue: Pick<Queue, 'giveBack'>, stage: Stage): Promise<void> {
  const { rows } = await boss
    .getDb()
    .executeSql(`select id, data, retry_count from pgboss.job where name = $1 and state = 'active'`, [stage]);
  const found = rows as { readonly id: string; readonly data: Payload; readonly retry_count: number }[];
  await queue.giveBack(found.map((row) => taken(stage, row.id, row.data, row.retry_count)));
}
