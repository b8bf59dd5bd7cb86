import { createApp } from '#api/app.ts';
import { serveUntil } from '#api/serving.ts';
import type { Job } from '#job/job.ts';
import { catalogueOf } from '#pipeline/catalogue.ts';
import { deskOf } from '#pipeline/desk.ts';
import { keepWatch } from '#pipeline/watch.ts';
import { openWatched } from '#pipeline/watched.ts';
import { connect } from '#store/engine/server.ts';

export default {
  id: 'serve',
  about: 'Serve the catalogue: pages and API',
  async run(call) {
    await using world = await openWatched(call, call.say);
    await using _watch = keepWatch(world);
    const { host, port, publicUrl, disputeUrl, requestsPerMinute, proxies, cacheMb, querySeconds } = call.settings;
    const { url } = world.store;
    // Readers from outside get connections of their own: what they ask never keeps the crawl or the queue waiting.
    await using reading =
      url === undefined ? undefined : connect(url, { ...(querySeconds > 0 && { patience: querySeconds * 1000 }) });
    const app = createApp(catalogueOf(reading?.db ?? world.db, [...world.blocked.keys()]), {
      host,
      ...(publicUrl !== undefined && { publicUrl }),
      ...(disputeUrl !== undefined && { disputeUrl }),
      perMinute: requestsPerMinute,
      proxies,
      cacheBytes: cacheMb * 1e6,
      desk: deskOf(world),
      ...(world.observe && { observe: world.observe }),
      onFailure: (error, path) => call.log.error({ path, error: error.stack }, 'request failed'),
    });
    await serveUntil(app, {
      host,
      port,
      stop: call.stop,
      onListening: (address) => call.say(`Plimsoll answers on http://${host}:${address.port}`),
    });
    return undefined;
  },
} satisfies Job;
