import type { Job } from '#job/job.ts';
import { wholeNumber } from '#job/options.ts';
import { showProgress } from '#job/progress.ts';
import { since } from '#job/since.ts';
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
  ],
  async run(call) {
    await using world = await openWorld(call);
    using progress = showProgress();
    const summary = await runStages(world, {
      stages: ['discover'],
      source: call.options.source as string | undefined,
      from: call.options.from as string | undefined,
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
