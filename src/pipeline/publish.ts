import { join } from 'node:path';
import type { CatalogueServer } from '#domain/catalogue.ts';
import { publishSite } from '#publish/site.ts';
import { findServer, listServers, statistics } from '#store/catalogue.ts';
import type { World } from '#world.ts';
import type { Progress } from './progress.ts';

type Published = Awaited<ReturnType<typeof publishSite>>;

/** Writes the static site to `out`, by default `<home>/site`. Only what changed is written. */
export async function publish(
  world: Pick<World, 'db' | 'settings' | 'stop'>,
  out: string | undefined,
  progress: Progress,
): Promise<Published> {
  const totals = await statistics(world.db);
  const { db, stop } = world;
  let done = 0;
  async function* servers(): AsyncGenerator<CatalogueServer> {
    for (let cursor: string | undefined, more = true; more; ) {
      const page = await listServers(db, { limit: 200, cursor });
      for (const { id } of page.servers) {
        stop.throwIfAborted();
        const found = await findServer(db, id);
        if (found) yield found.server;
        progress.report('publish', ++done, totals.servers);
      }
      cursor = page.next;
      more = cursor !== undefined;
    }
  }
  return publishSite({ servers: servers(), statistics: totals }, out ?? join(world.settings.home, 'site'), {
    ...(world.settings.publicUrl !== undefined && { origin: world.settings.publicUrl }),
  });
}
