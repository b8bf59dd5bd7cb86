import { serve } from '@hono/node-server';
import { createApp } from '#api/app.ts';
import type { Job } from '#job/job.ts';
import { catalogueOf } from '#pipeline/catalogue.ts';
import { openWorld } from '#world.ts';

export default {
  id: 'serve',
  about: 'Serve the catalogue: pages and API',
  async run(call) {
    await using world = await openWorld(call);
    const { host, port, publicUrl } = call.settings;
    const app = createApp(catalogueOf(world.db, [...world.blocked.keys()]), {
      ...(publicUrl !== undefined && { publicUrl }),
      onFailure: (error, path) => call.log.error({ path, error: error.stack }, 'request failed'),
    });
    const server = serve({ fetch: app.fetch, hostname: host, port }, (address) =>
      call.say(`Plimsoll answers on http://${host}:${address.port}`),
    );
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      const close = () => {
        server.close(() => resolve());
        // Clients that keep a connection open for later would hold the door; requests under way are let through.
        if ('closeIdleConnections' in server) server.closeIdleConnections();
      };
      if (call.stop.aborted) close();
      else call.stop.addEventListener('abort', close, { once: true });
    });
    return undefined;
  },
} satisfies Job;
