import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { MOST_WANTED, parseSetup, readSetup } from '#discover/wanted.ts';
import type { Catalogue } from '#publish/catalogue.ts';
import { resolveSetup } from '#publish/facts/resolve.ts';
import { problem } from '../problem.ts';
import { Resolution, Setup } from '../schemas/resolve.ts';
import { resolutionView } from '../views/resolve.ts';
import { bad, failed } from './common.ts';

const route = createRoute({
  method: 'post',
  path: '/v1/resolve',
  summary: 'Which servers a setup names, what is said of each, and what all of them together can be led to do',
  description: `At most ${MOST_WANTED} servers are read. Nothing of what is sent is stored or logged.`,
  request: {
    query: z.strictObject({}),
    // Read by the handler, which takes comments too; the document alone needs the shape.
    body: { required: true, content: { 'application/json': { schema: Setup } } },
  },
  responses: {
    200: { description: 'One entry for each server named', content: { 'application/json': { schema: Resolution } } },
    400: bad,
    413: failed('The request is too large'),
  },
});

/** Mounts the look-up of whole setups. */
export function mountResolve(app: OpenAPIHono, catalogue: Catalogue): void {
  app.openAPIRegistry.registerPath(route);
  app.post(route.path, async (c) => {
    const value = parseSetup(await c.req.text());
    if (value === undefined || value === null || typeof value !== 'object')
      throw problem('bad-body', 'Send a client’s configuration, or a list of what to look up, as JSON.');
    const found = await resolveSetup(catalogue, readSetup(value));
    return c.json(resolutionView(found), 200, { 'Cache-Control': 'no-store' });
  });
}
