import { visible, visibleJson, visibleLine } from '#core/visible.ts';
import type { Job } from '#job/job.ts';
import { wholeNumber } from '#job/options.ts';
import { closeDispute, openDisputes } from '#store/access/requests.ts';
import { openWorld } from '#world.ts';

const FAILED = 1;

export default {
  id: 'disputes',
  about: 'Read what holders of a token hold against verdicts, and close what was answered',
  options: [{ flags: '--close <number>', about: 'this one was answered', parse: wholeNumber('--close', 1) }],
  examples: ['npm run plimsoll -- disputes', 'npm run plimsoll -- disputes --close 7'],
  async run(call) {
    await using world = await openWorld(call);
    const close = call.options.close as number | undefined;
    if (close !== undefined) {
      const closed = await closeDispute(world.db, close, world.now());
      call.say(closed ? `Dispute ${close} is closed.` : `There is no open dispute ${close}.`);
      return closed ? undefined : FAILED;
    }
    for (const dispute of await openDisputes(world.db)) {
      const { id, serverId, tool, fingerprint, category, risk, reason, askedAt } = dispute;
      const claim = [category, risk].filter(Boolean).join(', ');
      const head = `${id}  ${askedAt.toISOString().slice(0, 10)}  ${serverId}  ${tool}  ${fingerprint}  should be: ${claim}`;
      call.out(call.json ? `${visibleJson(dispute, 0)}\n` : `${visibleLine(head)}\n${visible(reason)}\n\n`);
    }
    return undefined;
  },
} satisfies Job;
