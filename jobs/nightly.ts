import { crawl } from '#job/crawl.ts';
import type { Job } from '#job/job.ts';
import { limit, noLlm, sandbox } from '#job/options.ts';
import { liveBench } from '#pipeline/judge.ts';

export default {
  id: 'nightly',
  about: 'The whole crawl: discover, enumerate in a sandbox, classify, publish',
  options: [
    limit(50, 'take up at most this many servers, those never visited first; 0 for all'),
    sandbox,
    { flags: '--source <id>', about: 'ask this source only' },
    noLlm,
  ],
  examples: ['npm run crawl', 'npm run crawl -- --limit 200 --sandbox deno', 'npm run --silent crawl -- --json'],
  run(call) {
    return crawl(call, {
      stages: ['discover', 'enumerate', 'classify', 'publish'],
      limit: call.options.limit as number,
      sandbox: call.options.sandbox as string | undefined,
      source: call.options.source as string | undefined,
      bench: liveBench(call.settings, call.options.llm !== false),
    });
  },
} satisfies Job;
