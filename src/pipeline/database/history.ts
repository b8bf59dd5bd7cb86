import { type Pruned, prune } from '#store/keeping/prune.ts';
import { RULES } from '#store/keeping/rules.ts';
import type { World } from '#world.ts';
import { type Progress, silent } from '../progress.ts';

/** Lets go of history that is older than the settings keep; what went, by rule. */
export async function pruneHistory(
  { store, settings, stop, now, log }: Pick<World, 'store' | 'settings' | 'stop' | 'now' | 'log'>,
  progress: Progress,
): Promise<readonly Pruned[]> {
  const pruned = await prune(store, {
    days: settings.keepDays,
    now: now(),
    stop,
    report: (done, table) => progress.report('prune', done, RULES.length, table),
  });
  log.info({ days: settings.keepDays, rows: pruned.reduce((sum, { rows }) => sum + rows, 0) }, 'history pruned');
  return pruned;
}

/** The same at the end of a night, of which it is no reason to fail. */
export async function pruneAfterNight(world: World): Promise<void> {
  try {
    await pruneHistory(world, silent);
  } catch (error) {
    world.log.error({ error: (error as Error).message }, 'history was not pruned');
  }
}
