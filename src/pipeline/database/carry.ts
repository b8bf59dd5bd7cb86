import { sql } from 'drizzle-orm';
import type { Progress } from '#pipeline/progress.ts';
import type { Db } from '#store/engine/open.ts';
import { type openBackup, writeBackup } from '#store/keeping/backup-file.ts';
import { bring } from '#store/keeping/bring.ts';
import { withContents } from '#store/keeping/contents.ts';
import { refuseIncomplete } from '#store/keeping/incomplete.ts';
import type { End } from './end.ts';

/** What was carried: rows by table, and the jobs of the queue that were left behind. */
export interface Carried {
  readonly from: string;
  readonly to: string;
  readonly tables: Readonly<Record<string, number>>;
  readonly rows: number;
  /** Jobs that wait or are being worked on where it came from; absent for a backup, which knows of none. */
  readonly waiting?: number;
}

/** From one database into another, empty one. */
export async function copyDatabase(from: End, to: End, progress: Progress): Promise<Carried> {
  await refuseIncomplete(from.store.db);
  const waiting = await waitingJobs(from.store.db);
  const compared = await withContents(from.store, (contents) =>
    bring(contents, to.store, {
      what: `a copy of ${from.name}`,
      report: (done, table) => progress.report('copy', done, contents.size, table),
    }),
  );
  return { ...carried(from.name, to.name, compared), waiting };
}

/** From a database into a file that is not there yet. */
export async function backUp(from: End, file: string, now: Date, progress: Progress): Promise<Carried> {
  await refuseIncomplete(from.store.db);
  const waiting = await waitingJobs(from.store.db);
  const totals = await withContents(from.store, (contents) =>
    writeBackup(contents, file, {
      now,
      report: (done, table) => progress.report('backup', done, contents.size, table),
    }),
  );
  const compared = Object.entries(totals).map(([table, total]) => ({ table, ...total }));
  return { ...carried(from.name, file, compared), waiting };
}

/** From a backup into an empty database. */
export async function restore(
  { file, contents }: { readonly file: string; readonly contents: Awaited<ReturnType<typeof openBackup>> },
  to: End,
  progress: Progress,
): Promise<Carried> {
  const compared = await bring(contents, to.store, {
    what: `the backup of ${contents.made}`,
    report: (done, table) => progress.report('restore', done, contents.size, table),
  });
  return carried(file, to.name, compared);
}

function carried(from: string, to: string, compared: readonly { readonly table: string; readonly rows: number }[]) {
  return {
    from,
    to,
    tables: Object.fromEntries(compared.map(({ table, rows }) => [table, rows])),
    rows: compared.reduce((sum, { rows }) => sum + rows, 0),
  };
}

/**
 * Jobs that a queue holds. They are not carried: what is due stands in the catalogue itself, and the next run queues it
 * anew.
 */
async function waitingJobs(db: Db): Promise<number> {
  const one = sql`(select 1) as one`;
  const [there] = await db.select({ is: sql<boolean>`to_regclass('pgboss.job') is not null` }).from(one);
  if (!there!.is) return 0;
  const [row] = await db
    .select({ waiting: sql<string>`count(*)::text` })
    .from(sql`pgboss.job`)
    .where(sql`state < 'completed'`);
  return Number(row!.waiting);
}
