import Table from 'cli-table3';
import { Missing, WrongUse } from '#core/errors.ts';
import { visibleLine } from '#core/visible.ts';
import { backUp, type Carried, copyDatabase, restore } from '#pipeline/database/carry.ts';
import { type End, openEnd } from '#pipeline/database/end.ts';
import { pruneHistory } from '#pipeline/database/history.ts';
import { isDatabaseAway } from '#store/engine/away.ts';
import { openBackup } from '#store/keeping/backup-file.ts';
import { type Size, sizeOf } from '#store/keeping/size.ts';
import { openWorld } from '#world.ts';
import type { Call } from './job.ts';
import { showProgress } from './progress.ts';

/** What a verb was called with; what it does not take is refused before. */
export interface Given {
  readonly file?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What `db` can be told to do, and what each takes beside its name. */
export const VERBS: Readonly<
  Record<string, { readonly takes: readonly (keyof Given)[]; run(call: Call, given: Given): Promise<void> }>
> = {
  copy: { takes: ['from', 'to'], run: copy },
  backup: { takes: ['file', 'from'], run: backup },
  restore: { takes: ['file', 'to'], run: bringBack },
  size: { takes: ['from'], run: size },
  prune: { takes: [], run: letGo },
};

async function copy(call: Call, { from, to }: Given): Promise<void> {
  if (from === undefined || to === undefined) throw new WrongUse('db copy needs --from and --to. See db --help.');
  await using source = await openEnd(from, call.settings, 'read');
  await using target = await openEnd(to, call.settings, 'write');
  tell(call, await shown((progress) => copyDatabase(source, target, progress)), 'every row compared on both sides');
}

async function backup(call: Call, { file, from }: Given): Promise<void> {
  await using source = await openEnd(from, call.settings, 'read');
  const path = named(file, 'backup');
  const done = await shown((progress) => backUp(source, path, call.now(), progress));
  tell(call, done, 'keep it like the database: it holds hashes of tokens');
}

async function bringBack(call: Call, { file, to }: Given): Promise<void> {
  const path = named(file, 'restore');
  // Before a database is made for it.
  const contents = await openBackup(path);
  await using target = await openEnd(to, call.settings, 'write');
  tell(
    call,
    await shown((progress) => restore({ file: path, contents }, target, progress)),
    'every row compared with the backup',
  );
}

async function size(call: Call, { from }: Given): Promise<void> {
  await using end: End = await openEnd(from, call.settings, 'read');
  const found = await sizeOf(end.store.db);
  call.out(call.json ? `${JSON.stringify(found)}\n` : sizeText(found));
}

async function letGo(call: Call): Promise<void> {
  await using world = await openWorld(call);
  const pruned = await shown((progress) => pruneHistory(world, progress));
  if (call.json) return call.out(`${JSON.stringify({ days: call.settings.keepDays, pruned })}\n`);
  for (const { table, what, rows } of pruned) call.out(`${table.padEnd(14)} ${String(rows).padStart(10)}  ${what}\n`);
  call.out(`What is younger than ${call.settings.keepDays} days (PLIMSOLL_KEEP_DAYS) is kept in any case.\n`);
}

async function shown<T>(work: (progress: ReturnType<typeof showProgress>) => Promise<T>): Promise<T> {
  using progress = showProgress();
  try {
    return await work(progress);
  } catch (error) {
    if (!isDatabaseAway(error)) throw error;
    throw new Missing(
      `A database cannot be used any more: ${visibleLine(innermost(error))}. What was under way is undone; start the same command again.`,
    );
  }
}

/** What the server said, without the statement that it was about: that holds whole rows. */
function innermost(error: unknown): string {
  const { cause, message } = error as Error;
  return cause === undefined ? message : innermost(cause);
}

function named(file: string | undefined, verb: string): string {
  if (file === undefined) throw new WrongUse(`db ${verb} FILE: say which file.`);
  return file;
}

function tell(call: Call, carried: Carried, remark: string): void {
  const { from, to, rows, tables, waiting } = carried;
  if (call.json) call.out(`${JSON.stringify(carried)}\n`);
  else {
    for (const [table, count] of Object.entries(tables))
      call.out(`${table.padEnd(14)} ${String(count).padStart(10)}\n`);
    call.out(`${rows} rows from ${visibleLine(from)} to ${visibleLine(to)}; ${remark}.\n`);
  }
  if (waiting)
    call.say(
      `${waiting} ${waiting === 1 ? 'job waits' : 'jobs wait'} in the queue that was left behind. Nothing is lost by that: the next run queues what is due.`,
    );
}

function sizeText({ bytes, servers, tools, takes }: Size): string {
  const table = new Table({
    head: ['table', 'index', 'rows', 'bytes', 'per 100,000 tools'],
    style: { head: [], border: [] },
    colAligns: ['left', 'left', 'right', 'right', 'right'],
  });
  const empty = new Set(takes.filter(({ rows }) => rows === 0).map((one) => one.table));
  for (const one of takes.filter((each) => !empty.has(each.table)))
    table.push([
      one.index === undefined ? one.table : '',
      one.index ?? '',
      one.rows === undefined ? '' : one.rows.toLocaleString('en'),
      megabytes(one.bytes),
      one.per100k === undefined ? '' : megabytes(one.per100k),
    ]);
  return `${table.toString()}\n${megabytes(bytes)} in all, with the queue; ${servers.toLocaleString('en')} servers, ${tools.toLocaleString('en')} tools.\n`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toLocaleString('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })} MB`;
}
