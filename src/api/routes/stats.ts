import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Catalogue } from '#publish/catalogue.ts';
import { problem } from '../problem.ts';
import { Health, Stats } from '../schemas/stats.ts';
import { bad, failed, json, unmodified } from './common.ts';

const statsRoute = createRoute({
  method: 'get',
  path: '/v1/stats',
  summary: 'Totals over everything present',
  request: { query: z.strictObject({}) },
  responses: { 200: json(Stats, 'The totals'), 304: unmodified, 400: bad },
});

const healthRoute = createRoute({
  method: 'get',
  path: '/healthz',
  summary: 'Whether the catalogue can be read',
  responses: {
    200: { description: 'It can', content: { 'application/json': { schema: Health } } },
    503: failed('It cannot'),
  },
});

/** Mounts the totals, and whether the catalogue can be read. */
export function mountStats(app: OpenAPIHono, catalogue: Catalogue): void {
  app.openapi(statsRoute, async (c) => c.json({ ...(await catalogue.statistics()) }, 200));

  app.openapi(healthRoute, async (c) => {
    try {
      await catalogue.list({ limit: 1 });
    } catch {
      throw problem('unavailable');
    }
    return c.json({ status: 'ok' as const }, 200);
  });
}
