import { join } from 'node:path';
import type { CatalogueServer } from '#domain/catalogue.ts';
import { publishSite } from '#publish/site.ts';
import type { World } from '#world.ts';
import { catalogueOf } from './catalogue.ts';
import type { Progress } from './progress.ts';

type Published = Awaited<ReturnType<typeof publishSite>>;

/** Writes the static site to `out`, by default `<home>/site`. Only what changed is written. */
export async function publish(
  world: Pick<World, 'db' | 'settings' | 'stop' | 'blocked'>,
  out: string | undefined,
  progress: Progress,
): Promise<Published> {
  const { db, stop } = world;
  const catalogue = catalogueOf(db, [...world.blocked.keys()]);
  const totals = await catalogue.statistics();
  let done = 0;
  async function* servers(): AsyncGenerator<CatalogueServer> {
    for (let cursor: string | undefined, more = true; more; ) {
      const page = await catalogue.list({ limit: 200, cursor });
      for (const { id } of page.servers) {
        stop.throwIfAborted();
        const found = await catalogue.find(id);
        if (found) yield found.server;
        progress.report('publish', ++done, totals.servers);
      }
      cursor = page.next;
      more = cursor !== undefined;
    }
  }
  return publishSite({ servers: servers(), catalogue }, out ?? join(world.settings.home, 'site'), {
    ...(world.settings.publicUrl !== undefined && { origin: world.settings.publicUrl }),
  });
}
