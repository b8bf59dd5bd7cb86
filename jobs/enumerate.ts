import type { Job } from '#job/job.ts';
import { limit, sandbox } from '#job/options.ts';
import { showProgress } from '#job/progress.ts';
import { summaryText } from '#job/summary.ts';
import { runStages } from '#pipeline/stages.ts';
import { openWorld } from '#world.ts';

export default {
  id: 'enumerate',
  about: 'Launch known servers in a sandbox and list their tools',
  args: [{ name: '[server...]', about: 'these servers, changed or not (default: those that are due)' }],
  options: [limit(50, 'launch at most this many; 0 for all'), sandbox],
  async run(call) {
    await using world = await openWorld(call);
    const progress = showProgress();
    let summary: Awaited<ReturnType<typeof runStages>>;
    try {
      summary = await runStages(world, {
        stages: ['enumerate'],
        servers: call.args,
        limit: call.options.limit as number,
        sandbox: call.options.sandbox as string | undefined,
        progress,
      });
    } finally {
      progress[Symbol.dispose]();
    }
    call.out(call.json ? `${JSON.stringify(summary)}\n` : summaryText(summary));
    return undefined;
  },
} satisfies Job;
