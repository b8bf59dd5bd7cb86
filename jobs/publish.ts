import { resolve } from 'node:path';
import type { Job } from '#job/job.ts';
import { showProgress } from '#job/progress.ts';
import { runStages } from '#pipeline/stages.ts';
import { openWorld } from '#world.ts';

export default {
  id: 'publish',
  about: 'Write the catalogue as a static site; only what changed is written',
  options: [{ flags: '--out <folder>', about: 'where to write it (default: <home>/site)' }],
  async run(call) {
    await using world = await openWorld(call);
    using progress = showProgress();
    const out = call.options.out === undefined ? undefined : resolve(call.options.out as string);
    const { pages } = await runStages(world, { stages: ['publish'], out, progress });
    const { written = 0, unchanged = 0, removed = 0 } = pages ?? {};
    call.out(
      call.json
        ? `${JSON.stringify({ written, unchanged, removed })}\n`
        : `${written} files written, ${unchanged} unchanged, ${removed} removed.\n`,
    );
    return undefined;
  },
} satisfies Job;
