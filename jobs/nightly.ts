import { crawl } from '#job/crawl.ts';
import { handOver } from '#job/hand-over.ts';
import type { Job } from '#job/job.ts';
import { limit, noLlm, sandbox } from '#job/options.ts';
import { showPlan } from '#job/plan.ts';
import { liveBench } from '#pipeline/judge.ts';

export default {
  id: 'nightly',
  about: 'The whole crawl: discover, enumerate in a sandbox, classify, publish',
  options: [
    limit(50, 'take up at most this many servers, what changed or was never visited first; 0 for all'),
    sandbox,
    { flags: '--source <id>', about: 'ask this source only' },
    noLlm,
    { flags: '--plan', about: 'say what the night would cost, and do nothing' },
    {
      flags: '--spread',
      about: 'leave it to workers (plimsoll work): begin a night, or join the one under way, and return',
    },
  ],
  examples: [
    'npm run crawl',
    'npm run crawl -- --limit 200 --sandbox deno',
    'npm run --silent crawl -- --json',
    'npm run crawl -- --limit 0 --plan',
  ],
  run(call) {
    if (call.options.plan)
      return showPlan(call, { limit: call.options.limit as number, judge: call.options.llm !== false });
    if (call.options.spread) return handOver(call);
    return crawl(call, {
      stages: ['discover', 'enumerate', 'classify', 'publish'],
      limit: call.options.limit as number,
      sandbox: call.options.sandbox as string | undefined,
      source: call.options.source as string | undefined,
      bench: liveBench(call.settings, call.options.llm !== false),
    });
  },
} satisfies Job;
