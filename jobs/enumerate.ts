import { crawl } from '#job/crawl.ts';
import type { Job } from '#job/job.ts';
import { limit, sandbox } from '#job/options.ts';

export default {
  id: 'enumerate',
  about: 'Launch known servers in a sandbox and list their tools',
  args: [{ name: '[server...]', about: 'these servers, changed or not (default: those that are due)' }],
  options: [limit(50, 'launch at most this many; 0 for all'), sandbox],
  run(call) {
    return crawl(call, {
      stages: ['enumerate'],
      servers: call.args,
      limit: call.options.limit as number,
      sandbox: call.options.sandbox as string | undefined,
    });
  },
} satisfies Job;
