import type { PgBoss } from 'pg-boss';
import type { Queue, Stage, Taken } from './queue.ts';
import { within } from './transaction.ts';

/** How often a failed job comes again before it is a dead letter. */
export const RETRIES = 3;

/** What a job carries. */
export interface Payload {
  readonly subject: string;
  readonly run?: number;
}

/** What pg-boss answers to such calls; its types do not say. */
interface Settled {
  readonly affected: number;
  /** Null where there were none. */
  readonly settled: readonly string[] | null;
}

/**
 * Counts the open jobs of a stage. Every worker asks several times a second: what is said of the policy, which all our
 * queues have, lets pg-boss's own index answer, where else each would read all jobs of two nights (50 ms for 100,000).
 */
export const COUNT_OPEN = `select count(*)::int as open from pgboss.job
  where name = $1 and state <= 'active' and policy = 'exclusive'`;

/** Rows in one statement. */
const AT_ONCE = 1000;

/** A job of pg-boss as its handler sees it. */
export function taken(stage: Stage, id: string, data: Payload, tries: number): Taken {
  return { id, stage, subject: data.subject, run: data.run, tries, last: tries >= RETRIES };
}

function byStage(jobs: readonly Taken[]): ReadonlyMap<Stage, Taken[]> {
  const found = new Map<Stage, Taken[]>();
  for (const job of jobs) found.set(job.stage, [...(found.get(job.stage) ?? []), job]);
  return found;
}

/** Names the attempt as well as the job: one that somebody else took up since is another's. */
const attempts = (jobs: readonly Taken[]) => jobs.map(({ id, tries }) => ({ id, retryCount: tries }));

/** The part of the queue that jobs go through, on pg-boss. */
export function jobs(
  boss: PgBoss,
): Pick<Queue, 'add' | 'take' | 'done' | 'failed' | 'giveBack' | 'alive' | 'open' | 'adopt' | 'finished'> {
  return {
    async add(stage, subjects, run, transaction) {
      const rows = subjects.map((one) => {
        const { subject, priority } = typeof one === 'string' ? { subject: one, priority: 0 } : one;
        return { singletonKey: subject, priority, data: { subject, ...(run !== undefined && { run }) } };
      });
      for (let i = 0; i < rows.length; i += AT_ONCE)
        await boss.insert(stage, rows.slice(i, i + AT_ONCE), within(transaction));
    },
    async take(stage, count) {
      const found = await boss.fetch<Payload>(stage, { batchSize: count });
      return found.map((job) => taken(stage, job.id, job.data, job.retryCount));
    },
    async done(all, output) {
      for (const [stage, some] of byStage(all)) await boss.complete(stage, attempts(some), output);
    },
    async failed(job, error, wait) {
      const { affected } = (await boss.fail(job.stage, attempts([job]), { message: error })) as Settled;
      // Ignored by pg-boss when that was the last try and the job is a dead letter now.
      if (wait !== undefined && affected > 0)
        await boss.update(job.stage, undefined, { id: job.id, startAfter: Math.ceil(wait) });
    },
    async giveBack(all) {
      // pg-boss's own `restore` does the same, but also to a job that somebody else has taken up since.
      for (const [stage, some] of byStage(all))
        await boss.getDb().executeSql(
          `update pgboss.job set state = 'created', started_on = null, heartbeat_on = null
             where name = $1 and state = 'active' and (id::text || ':' || retry_count::text) = any($2::text[])`,
          [stage, some.map(({ id, tries }) => `${id}:${tries}`)],
        );
    },
    async alive(all) {
      const own = new Set<string>();
      for (const [stage, some] of byStage(all)) {
        const { settled } = (await boss.touch(stage, attempts(some))) as Settled;
        for (const id of settled ?? []) own.add(id);
      }
      return own;
    },
    async open(stage) {
      // pg-boss's own counts are up to a minute old, and a run must know when nothing is left.
      const { rows } = await boss.getDb().executeSql(COUNT_OPEN, [stage]);
      return (rows[0] as { open: number }).open;
    },
    async adopt(stage, run, transaction) {
      const { db = boss.getDb() } = within(transaction);
      await db.executeSql(
        `update pgboss.job set data = data || jsonb_build_object('run', $2::bigint)
           where name = $1 and state < 'active' and data->>'run' is distinct from $2::text`,
        [stage, String(run)],
      );
    },
    async finished(stage, run) {
      const { rows } = await boss.getDb().executeSql(
        `select data->>'subject' as subject, output from pgboss.job
           where name = $1 and state = 'completed' and data->>'run' = $2::text order by completed_on, subject`,
        [stage, String(run)],
      );
      return rows as { readonly subject: string; readonly output: object | null }[];
    },
  };
}
