import { visibleLine } from '#core/visible.ts';
import type { Standing } from '#observe/metrics.ts';
import { openObserve } from '#observe/open.ts';
import { queueDepths } from '#queue/depths.ts';
import { sourceStates } from '#store/listing/sources.ts';
import { lastRun, runOf } from '#store/night/runs.ts';
import { openWorld, type Surroundings, type World } from '#world.ts';
import { stalledStages } from './stalled.ts';

/**
 * Opens the world for a process that stays or works for long, with metrics and traces as far as the settings ask for
 * them. `say` tells a person where they are.
 */
export async function openWatched(
  around: Surroundings,
  say: (text: string) => void,
  options: Parameters<typeof openWorld>[1] = {},
): Promise<World> {
  const world = await openWorld(around, options);
  const { settings, log } = around;
  try {
    const observe = await openObserve({
      metrics: settings.metrics,
      traces: settings.traces !== undefined,
      standing: () => standingOf(world),
      traceOf: async (run) => {
        const { traceparent } = (await runOf(world.db, run))?.options ?? {};
        return typeof traceparent === 'string' ? traceparent : undefined;
      },
      onFailure(error) {
        log.warn({ error: error.message }, 'observing');
        say(`Warning: ${visibleLine(error.message)}.`);
      },
      onListening: (port) => say(`Metrics are on http://${settings.metrics!.host}:${port}/metrics`),
    });
    return {
      ...world,
      observe,
      async [Symbol.asyncDispose]() {
        await observe[Symbol.asyncDispose]();
        await world[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await world[Symbol.asyncDispose]();
    throw error;
  }
}

/** What the database tells of how the crawl stands. */
async function standingOf({ db, now }: Pick<World, 'db' | 'now'>): Promise<Standing> {
  const [depths, stalled, sources, night] = await Promise.all([
    queueDepths(db),
    stalledStages(db, now()),
    sourceStates(db),
    lastRun(db, 'nightly'),
  ]);
  const broken = night?.summary?.broken;
  return {
    depths,
    stalled,
    sources,
    ...(night?.finishedAt && {
      night: {
        began: night.startedAt,
        ended: night.finishedAt,
        broken: Array.isArray(broken) ? broken.length : 0,
      },
    }),
  };
}
