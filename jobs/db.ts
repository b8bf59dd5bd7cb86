import { WrongUse } from '#core/errors.ts';
import { type Given, VERBS } from '#job/database.ts';
import type { Job } from '#job/job.ts';

export default {
  id: 'db',
  about: 'Copy the catalogue into another database, back it up, restore it, tell its size, let go of old history',
  args: [
    { name: '<what>', about: Object.keys(VERBS).join(', ') },
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
    'npm run plimsoll -- db size',
    'npm run plimsoll -- db prune',
  ],
  async run(call) {
    const [what = '', file] = call.args;
    const verb = Object.hasOwn(VERBS, what) ? VERBS[what] : undefined;
    if (!verb) throw new WrongUse(`db takes one of ${Object.keys(VERBS).join(', ')}, not '${what}'.`);
    const { from, to } = call.options as Given;
    for (const [name, value] of Object.entries({ file, from, to }))
      if (value !== undefined && !verb.takes.includes(name as keyof Given))
        throw new WrongUse(`db ${what} takes no ${name === 'file' ? `'${value}'` : `--${name}`}. See db --help.`);
    await verb.run(call, { file, from, to });
    return undefined;
  },
} satisfies Job;
