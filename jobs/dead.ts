import { WrongUse } from '#core/errors.ts';
import { visibleLine } from '#core/visible.ts';
import type { Job } from '#job/job.ts';
import { oneOf } from '#job/options.ts';
import { STAGES } from '#queue/queue.ts';
import { openWorld } from '#world.ts';

const oneOfStages = oneOf('--stage', STAGES);
const verb = oneOf('dead', ['list', 'retry', 'drop']);

export default {
  id: 'dead',
  about: 'Look at the jobs that failed too often to be tried again, send them again, or drop them',
  args: [{ name: '[what]', about: 'list (the default), retry or drop' }],
  options: [
    { flags: '--stage <name>', about: `only of this stage: ${STAGES.join(', ')}`, parse: oneOfStages },
    { flags: '--subject <id>', about: 'only this server or source' },
  ],
  examples: ['plimsoll dead', 'plimsoll dead retry --stage enumerate', 'plimsoll dead drop --subject npm:broken'],
  async run(call) {
    const what = verb(call.args[0] ?? 'list');
    if (call.args.length > 1) throw new WrongUse(`dead takes one of list, retry and drop, and nothing after it.`);
    const { stage, subject } = call.options as { readonly stage?: (typeof STAGES)[number]; readonly subject?: string };
    await using world = await openWorld(call);
    const dead = await world.queue.dead({ stage, subject });
    if (what === 'list') {
      for (const { id: _, ...one } of dead) {
        const line = `${one.at.toISOString()}  ${one.stage}  ${visibleLine(one.subject)}  ${one.tries} times: ${visibleLine(one.error).slice(0, 200)}`;
        call.out(`${call.json ? JSON.stringify(one) : line}\n`);
      }
      if (!call.json && dead.length === 0) call.say('There are no dead letters.');
      return undefined;
    }
    const done = await (what === 'retry' ? world.queue.revive(dead) : world.queue.drop(dead));
    if (call.json) call.out(`${JSON.stringify({ [what === 'retry' ? 'sent' : 'dropped']: done })}\n`);
    else if (what === 'drop')
      call.out(`${done} dead letters dropped. What they were about is due again as it would have been.\n`);
    else
      call.out(
        `${done} of ${dead.length} sent again${done < dead.length ? '; the others wait or are being worked on already' : ''}.\n`,
      );
    return undefined;
  },
} satisfies Job;
