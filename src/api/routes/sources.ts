import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { withoutSecrets } from '#core/secrets.ts';
import type { Catalogue } from '#publish/catalogue.ts';
import { SourceList } from '../schemas/source.ts';
import { bad, json, unmodified } from './common.ts';

const route = createRoute({
  method: 'get',
  path: '/v1/sources',
  summary: 'Where servers are found, and how the last pass over each ended',
  request: { query: z.strictObject({}) },
  responses: { 200: json(SourceList, 'Every source that was ever asked'), 304: unmodified, 400: bad },
});

/** Mounts the state of the sources. */
export function mountSources(app: OpenAPIHono, catalogue: Catalogue): void {
  app.openapi(route, async (c) => {
    const sources = (await catalogue.sources()).map(({ id, lastTried, lastGood, sweptAt, error, listings }) => ({
      id,
      ...(lastTried && { lastTried: lastTried.toISOString() }),
      ...(lastGood && { lastGood: lastGood.toISOString() }),
      ...(error !== undefined && { error: withoutSecrets(error) }),
      ...(listings !== undefined && { listings }),
      ...(sweptAt && { sweptAt: sweptAt.toISOString() }),
    }));
    return c.json({ sources }, 200);
  });
}
