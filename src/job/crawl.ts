import { type RunOptions, runStages } from '#pipeline/stages.ts';
import { openWatched } from '#pipeline/watched.ts';
import type { Call } from './job.ts';
import { showProgress } from './progress.ts';
import { summaryText } from './summary.ts';

/**
 * Runs stages with progress on standard error, then prints their summary: a table, or one JSON object. Returns the
 * exit code: 1 where a job had to be given up.
 */
export async function crawl(call: Call, options: Omit<RunOptions, 'progress'>): Promise<number | undefined> {
  await using world = await openWatched(call, call.say);
  const progress = showProgress();
  let summary: Awaited<ReturnType<typeof runStages>>;
  try {
    summary = await runStages(world, { ...options, progress });
  } finally {
    // Before the summary: on a terminal the bars must not be drawn over it.
    progress[Symbol.dispose]();
  }
  call.out(call.json ? `${JSON.stringify(summary)}\n` : summaryText(summary));
  return summary.broken.length > 0 ? 1 : undefined;
}
