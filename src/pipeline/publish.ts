import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { publishSite, type SiteOptions } from '#publish/site/publish.ts';
import { stamps } from '#store/catalogue/stamps.ts';
import type { World } from '#world.ts';
import { catalogueOf } from './catalogue.ts';
import type { Progress } from './progress.ts';
import { pressed } from './publishing/presses.ts';

type Published = Awaited<ReturnType<typeof publishSite>>;

/** Writes the static site to `out`, by default `<home>/site`. Only what changed since the last time is made again. */
export async function publish(
  world: Pick<World, 'store' | 'settings' | 'stop' | 'blocked' | 'observe'>,
  out: string | undefined,
  progress: Progress,
  options: Pick<SiteOptions, 'base' | 'afresh' | 'pictures'> = {},
): Promise<Published> {
  const { store, stop, settings } = world;
  // A page is garbage as soon as it is written: collected sooner, the whole takes half the memory in the same time.
  setFlagsFromString('--heap-growing-percent=30');
  const hidden = [...world.blocked.keys()];
  const published = await publishSite(
    {
      catalogue: catalogueOf(store.db, hidden),
      stamps: () => stamps(store.db, hidden),
      async *write(tasks, folder, given) {
        let done = 0;
        for await (const one of pressed(store, tasks, folder, given, stop)) {
          yield one;
          progress.report('publish', ++done, tasks.length);
        }
      },
    },
    out ?? join(settings.home, 'site'),
    {
      ...options,
      ...(settings.publicUrl !== undefined && { origin: new URL(settings.publicUrl).origin }),
      ...(settings.disputeUrl !== undefined && { disputes: settings.disputeUrl }),
    },
  );
  world.observe?.pages(published.written, published.unchanged, published.removed);
  return published;
}
