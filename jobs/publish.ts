import { resolve } from 'node:path';
import { WrongUse } from '#core/errors.ts';
import type { Job } from '#job/job.ts';
import { showProgress } from '#job/progress.ts';
import { runStages } from '#pipeline/stages.ts';
import { openWorld } from '#world.ts';

interface Wanted {
  readonly base?: string;
  readonly afresh?: true;
  readonly pictures?: true;
}

export default {
  id: 'publish',
  about: 'Write the catalogue as a static site; only what changed is written',
  options: [
    { flags: '--out <folder>', about: 'where to write it (default: <home>/site)' },
    { flags: '--base <path>', about: 'path under which it will be served, such as /catalogue/ (default: /)' },
    { flags: '--pictures', about: 'write the picture of every page of a server and tool too, which takes far longer' },
    { flags: '--afresh', about: 'make every page again, and put right what was changed or lost in the folder' },
  ],
  async run(call) {
    await using world = await openWorld(call);
    using progress = showProgress();
    const out = call.options.out === undefined ? undefined : resolve(call.options.out as string);
    const { base = '/', afresh, pictures } = call.options as Wanted;
    if (!/^\/(?:[\w.~-]+\/)*$/.test(base)) throw new WrongUse(`--base must begin and end with a slash: ${base}`);
    const site = { base, ...(afresh && { afresh }), ...(pictures && { pictures }) };
    const { pages } = await runStages(world, { stages: ['publish'], out, site, progress });
    const { written = 0, unchanged = 0, removed = 0 } = pages ?? {};
    call.out(
      call.json
        ? `${JSON.stringify({ written, unchanged, removed })}\n`
        : `${written} files written, ${unchanged} unchanged, ${removed} removed.\n`,
    );
    return undefined;
  },
} satisfies Job;
