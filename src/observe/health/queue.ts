import type { QueueDepth } from '#domain/queue.ts';
import { type Finding, lasting, well, wrong } from './finding.ts';

/** Jobs that could be taken up wait for seconds where anybody works. */
const MOVES = 15 * 60_000;

const sum = (depths: readonly QueueDepth[], of: 'ready' | 'delayed' | 'active' | 'dead') =>
  depths.reduce((total, one) => total + one[of], 0);

/** Whether the queue moves, and whether jobs were given up. */
export function queueFindings(depths: readonly QueueDepth[], now: Date): readonly Finding[] {
  const [ready, delayed, active, dead] = [
    sum(depths, 'ready'),
    sum(depths, 'delayed'),
    sum(depths, 'active'),
    sum(depths, 'dead'),
  ];
  const oldest = depths
    .flatMap((one) => one.oldest ?? [])
    .toSorted((a, b) => a.getTime() - b.getTime())
    .at(0);
  const waits = oldest ? now.getTime() - oldest.getTime() : 0;
  const state = `${ready} ready, ${delayed} delayed, ${active} being worked on`;
  const stages = depths.filter((one) => one.ready > 0).map(({ stage }) => stage);
  const moving =
    oldest && active === 0 && waits > MOVES
      ? wrong('queue', `${state}; nobody works on ${stages.join(', ')}: no worker is alive`, {
          since: oldest,
          advice: `The oldest job has waited for ${lasting(waits)}.`,
          command: `npm run plimsoll -- work --stages ${stages.join(',')}`,
        })
      : well('queue', state);
  const letters =
    dead > 0
      ? wrong('dead letters', `${dead} jobs failed too often and were given up`, {
          advice: 'Look at why; retry sends them again.',
          command: 'npm run plimsoll -- dead list',
        })
      : well('dead letters', 'none');
  return [moving, letters];
}
