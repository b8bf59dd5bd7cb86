import { WrongUse } from '#core/errors.ts';
import { PROFILES } from '#domain/policy.ts';
import type { Job } from '#job/job.ts';
import { oneOf } from '#job/options.ts';
import { exportPolicy } from '#pipeline/export.ts';
import { openWorld } from '#world.ts';

export default {
  id: 'export',
  about: "Print a server's recommended policy",
  args: [{ name: '<server>', about: 'id, slug or purl of the server' }],
  options: [
    { flags: '--format <format>', about: 'format to write', default: 'plimsoll' },
    { flags: '--tool <name>', about: 'the rule of this tool only' },
    {
      flags: '--profile <profile>',
      about: 'how strict to be',
      default: 'recommended',
      parse: oneOf('--profile', PROFILES),
    },
  ],
  examples: ['npm run --silent plimsoll -- export npm:@modelcontextprotocol/server-filesystem'],
  async run(call) {
    await using world = await openWorld(call);
    const text = await exportPolicy(world.db, call.args[0]!, {
      format: call.options.format as string,
      profile: call.options.profile as (typeof PROFILES)[number],
      tool: call.options.tool as string | undefined,
    });
    if (typeof text !== 'string') throw new WrongUse(text.why);
    call.out(text);
    return undefined;
  },
} satisfies Job;
