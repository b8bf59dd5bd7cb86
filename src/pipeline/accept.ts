import { WrongUse } from '#core/errors.ts';
import { type Accepted, acceptListings } from '#store/listing/sources.ts';
import { endAlarm } from '#store/night/alarms.ts';
import type { World } from '#world.ts';
import { HALVED } from './alarms.ts';
import { sourcesToAsk } from './discover.ts';
import type { Progress } from './progress.ts';

/**
 * Believes, on somebody's word, what a source listed when it was less than half of before. What was seen is accepted and
 * no less: the pass after this is measured by it, so that a source which is empty by then is not believed again. `by` is
 * who says so. Throws `WrongUse` for a source that is none, or of which nothing is held back.
 */
export async function acceptSource(
  { db, settings, log, now }: Pick<World, 'db' | 'settings' | 'log' | 'now'>,
  source: string,
  by: string,
  progress: Progress,
): Promise<Accepted> {
  await sourcesToAsk(settings, { progress, source });
  const accepted = await acceptListings(db, source, by, now());
  if (!accepted)
    throw new WrongUse(`Nothing of '${source}' is held back: its last full pass was believed, or there was none.`);
  // Should it lose half of that as well, it is another event.
  await endAlarm(db, { kind: HALVED, subject: source }, now());
  log.info({ source, by, ...accepted }, 'listings accepted');
  return accepted;
}
