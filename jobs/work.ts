import { WrongUse } from '#core/errors.ts';
import type { Job } from '#job/job.ts';
import { noLlm, sandbox, wholeNumber } from '#job/options.ts';
import { showProgress } from '#job/progress.ts';
import { summaryText } from '#job/summary.ts';
import { benches } from '#pipeline/benches.ts';
import { STEPS, type Step } from '#pipeline/night.ts';
import { keepWatch } from '#pipeline/watch.ts';
import { openWatched } from '#pipeline/watched.ts';
import { workAlong } from '#pipeline/worker.ts';

export default {
  id: 'work',
  about: 'Work on stages of the crawl beside other workers on the same DATABASE_URL, until told to stop',
  stays: true,
  options: [
    {
      flags: '--stages <names>',
      about: `which, with commas between them: ${STEPS.join(', ')} (default: all)`,
      parse: stages,
    },
    {
      flags: '--concurrency <n>',
      about: 'servers to launch, and to judge, at once (default: PLIMSOLL_CONCURRENCY, and what the judge bears)',
      parse: wholeNumber('--concurrency', 1),
    },
    sandbox,
    noLlm,
    { flags: '--until-idle', about: 'end when no night is under way and nothing of these stages is open' },
  ],
  examples: [
    'plimsoll work',
    'plimsoll work --stages enumerate --concurrency 8',
    'plimsoll work --stages discover,classify,publish --no-llm',
  ],
  async run(call) {
    const keepsTime = call.settings.nightly !== undefined;
    await using world = await openWatched(call, call.say, { keepsTime });
    if (call.settings.nightly !== undefined) await world.queue.nightly(call.settings.nightly);
    await using _watch = keepWatch(world);
    using progress = showProgress();
    await workAlong(world, {
      stages: (call.options.stages as readonly Step[] | undefined) ?? STEPS,
      progress,
      concurrency: call.options.concurrency as number | undefined,
      sandbox: call.options.sandbox as string | undefined,
      benchOf: benches(world, call.options.llm !== false),
      untilIdle: call.options.untilIdle === true,
      ended: (summary) => call.out(call.json ? `${JSON.stringify(summary)}\n` : summaryText(summary)),
    });
    return undefined;
  },
} satisfies Job;

function stages(text: string): readonly Step[] {
  const named = [...new Set(text.split(',').map((one) => one.trim()))];
  for (const one of named)
    if (!STEPS.some((step) => step === one))
      throw new WrongUse(`--stages takes some of ${STEPS.join(', ')}, with commas between them, not '${one}'.`);
  return STEPS.filter((step) => named.includes(step));
}
