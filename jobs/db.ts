import { WrongUse } from '#core/errors.ts';
import { visibleLine } from '#core/visible.ts';
import type { Call, Job } from '#job/job.ts';
import { showProgress } from '#job/progress.ts';
import { backUp, type Carried, copyDatabase, restore } from '#pipeline/database/carry.ts';
import { openEnd } from '#pipeline/database/end.ts';
import type { Progress } from '#pipeline/progress.ts';
import { openBackup } from '#store/keeping/backup-file.ts';

const VERBS = ['copy', 'backup', 'restore'] as const;
type Verb = (typeof VERBS)[number];

/** What each takes beside its name: refused where it is not for that. */
const TAKES: Readonly<Record<Verb, readonly ('file' | 'from' | 'to')[]>> = {
  copy: ['from', 'to'],
  backup: ['file', 'from'],
  restore: ['file', 'to'],
};

export default {
  id: 'db',
  about: 'Copy the catalogue into another database, back it up, restore it',
  args: [
    { name: '<what>', about: VERBS.join(', ') },
    { name: '[file]', about: 'the backup to write or to restore' },
  ],
  options: [
    {
      flags: '--from <database>',
      about:
        'embedded (in PLIMSOLL_HOME), DATABASE_URL (what it says), postgres://…, or another home folder (default: the one that all jobs use)',
    },
    { flags: '--to <database>', about: 'the same; it must be empty' },
  ],
  examples: [
    'npm run plimsoll -- db backup plimsoll.backup',
    'npm run plimsoll -- db restore plimsoll.backup --to ./restored',
    'npm run plimsoll -- db copy --from embedded --to DATABASE_URL',
  ],
  async run(call) {
    const [what, file] = call.args;
    const verb = VERBS.find((one) => one === what);
    if (!verb) throw new WrongUse(`db takes one of ${VERBS.join(', ')}, not '${what}'.`);
    const { from, to } = call.options as { readonly from?: string; readonly to?: string };
    for (const [name, value] of Object.entries({ file, from, to }))
      if (value !== undefined && !TAKES[verb].includes(name as 'file'))
        throw new WrongUse(`db ${verb} takes no ${name === 'file' ? `'${value}'` : `--${name}`}. See db --help.`);
    using progress = showProgress();
    return await carry(call, verb, { file, from, to }, progress);
  },
} satisfies Job;

async function carry(
  call: Call,
  verb: Verb,
  {
    file,
    from,
    to,
  }: { readonly file: string | undefined; readonly from?: string | undefined; readonly to?: string | undefined },
  progress: Progress,
): Promise<undefined> {
  const { settings } = call;
  if (verb === 'copy') {
    if (from === undefined || to === undefined) throw new WrongUse('db copy needs --from and --to. See db --help.');
    await using source = await openEnd(from, settings, 'read');
    await using target = await openEnd(to, settings, 'write');
    return tell(call, await copyDatabase(source, target, progress), 'every row compared on both sides');
  }
  if (file === undefined) throw new WrongUse(`db ${verb} FILE: say which file.`);
  if (verb === 'backup') {
    await using source = await openEnd(from, settings, 'read');
    return tell(
      call,
      await backUp(source, file, call.now(), progress),
      'keep it like the database: it holds hashes of tokens',
    );
  }
  // Before a database is made for it.
  const contents = await openBackup(file);
  await using target = await openEnd(to, settings, 'write');
  return tell(call, await restore({ file, contents }, target, progress), 'every row compared with the backup');
}

function tell(call: Call, carried: Carried, remark: string): undefined {
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
  return undefined;
}
