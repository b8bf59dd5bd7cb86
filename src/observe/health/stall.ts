import type { Stalled } from '#domain/queue.ts';
import { type Finding, wrong } from './finding.ts';

/** What makes up for a stage that no worker serves. */
export function serveCommand(stage: string): string {
  return `npm run plimsoll -- work --stages ${stage}`;
}

/** Stages on which a night waits in vain. */
export function stallFindings(stalled: readonly Stalled[]): readonly Finding[] {
  return stalled.map(({ stage, since }) =>
    wrong(`stage ${stage}`, 'the night waits for it, and no worker works on it', {
      since,
      advice: 'Some worker’s --stages must name it, or that worker is down.',
      command: serveCommand(stage),
    }),
  );
}
