import type { Stalled } from '#domain/queue.ts';
import { lastMove, queueDepths } from '#queue/depths.ts';
import type { Db } from '#store/engine/open.ts';
import { nightUnderWay } from '#store/night/nights.ts';
import { BACKLOG, STEPS, type Step } from './night.ts';

/** Where anybody works on a stage, its jobs are taken up, and its turn in the night comes, within seconds. */
const MOVES = 15 * 60_000;

/**
 * The stages on which the night that is under way has waited for a quarter of an hour though nobody works on them: jobs
 * of theirs lie there and none is taken up, or all before them is done and nobody queues theirs.
 */
export async function stalledStages(db: Db, now: Date): Promise<readonly Stalled[]> {
  const night = await nightUnderWay(db);
  if (!night) return [];
  const depths = await queueDepths(db);
  const openOf = (step: Step) => {
    const { ready = 0, delayed = 0, active = 0 } = depths.find(({ stage }) => stage === step) ?? {};
    return ready + delayed + active;
  };
  const found: Stalled[] = [];
  for (const { stage, ready, active, oldest } of depths) {
    if (ready === 0 || active > 0 || !oldest) continue;
    // Launches are held back by us while so many wait for a verdict.
    if (stage === 'enumerate' && openOf('classify') >= BACKLOG) continue;
    found.push({ stage, since: later(oldest, await lastMove(db, stage)) });
  }
  const at = STEPS.indexOf(night.step as Step);
  const next = STEPS[at + 1];
  if (next !== undefined && (at < 0 || openOf(STEPS[at]!) === 0))
    found.push({ stage: next, since: later(night.startedAt, at < 0 ? undefined : await lastMove(db, STEPS[at]!)) });
  const stalled = found.filter(({ since }) => now.getTime() - since.getTime() > MOVES);
  return stalled.filter(({ stage }, n) => stalled.findIndex((one) => one.stage === stage) === n);
}

function later(one: Date, other: Date | undefined): Date {
  return other && other > one ? other : one;
}
