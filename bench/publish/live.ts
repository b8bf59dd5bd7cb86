// Serves a catalogue in a process of its own as `npm run serve` does: `live.ts DATABASE_URL`. Prints its port.
import { serve } from '@hono/node-server';
import { createApp } from '#api/app.ts';
import { readSettings } from '#config.ts';
import { catalogueOf } from '#pipeline/catalogue.ts';
import { openStore } from '#store/engine/open.ts';

const store = await openStore({ url: process.argv[2], home: '/nonexistent' });
const { cacheMb } = readSettings({});
const app = createApp(catalogueOf(store.db), { perMinute: 0, cacheBytes: cacheMb * 1e6 });
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => console.log(port));
process.on('SIGTERM', () => process.exit(0));
