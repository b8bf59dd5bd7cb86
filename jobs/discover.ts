import { WrongUse } from '#core/errors.ts';
import type { Job } from '#job/job.ts';
import { wholeNumber } from '#job/options.ts';
import { showProgress } from '#job/progress.ts';
import { since } from '#job/since.ts';
import { whoAsks } from '#job/who.ts';
import { acceptSource } from '#pipeline/accept.ts';
import { runStages } from '#pipeline/stages.ts';
import { openWorld } from '#world.ts';

export default {
  id: 'discover',
  about: 'Ask sources which servers there are, and merge what they say',
  options: [
    { flags: '--source <id>', about: 'ask this source only' },
    { flags: '--from <path>', about: 'ask no source, but read a file or folder of server.json or mcp.json documents' },
    {
      flags: '--since <when>',
      about: 'only what changed since: 24h, 7d, or an ISO date (default: since the last whole pass)',
      parse: since,
    },
    { flags: '--limit <n>', about: 'at most this many sightings a source', parse: wholeNumber('--limit', 1) },
    {
      flags: '--accept <id>',
      about: 'believe that this source lists less than half of what it did, as it was last seen to, and ask it again',
    },
  ],
  examples: ['plimsoll discover', 'plimsoll discover --source npm --since 24h', 'plimsoll discover --accept npm'],
  async run(call) {
    const { source, from, accept } = call.options as Readonly<Record<string, string | undefined>>;
    if (
      accept !== undefined &&
      Object.keys(call.options).some((name) => ['source', 'from', 'since', 'limit'].includes(name))
    )
      throw new WrongUse('--accept reads its source to the end: it goes with no other choice of what to ask.');
    await using world = await openWorld(call);
    using progress = showProgress();
    if (accept !== undefined) {
      const { before, listings } = await acceptSource(world, accept, whoAsks(), progress);
      call.say(`Accepted: ${accept} lists ${listings} servers, where it had ${before ?? 0}.`);
    }
    const summary = await runStages(world, {
      stages: ['discover'],
      source: accept ?? source,
      from,
      since: call.options.since as Date | undefined,
      limit: call.options.limit as number | undefined,
      progress,
    });
    if (call.json) call.out(`${JSON.stringify(summary)}\n`);
    else
      for (const one of summary.sources)
        call.out(
          `${one.source}: ${one.sightings} sightings, ${one.new} new, ${one.changed} changed, ${one.gone} gone, ${one.dropped} dropped, ${one.rows} rows written${one.error ? ` – ${one.error}` : ''}\n`,
        );
    return summary.sources.some((one) => one.error) ? 1 : undefined;
  },
} satisfies Job;
