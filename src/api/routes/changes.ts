import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { unescapeName } from '#publish/addresses/address.ts';
import type { Catalogue } from '#publish/catalogue.ts';
import { ChangeList } from '../schemas/change.ts';
import { changesView, toolChangesView } from '../views/change.ts';
import { bad, gone, id, json, name, serverOf, unmodified } from './common.ts';

const since = z.strictObject({
  since: z.coerce
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .default(0)
    .openapi({ description: '`next`, or the last `visit` seen' }),
  limit: z.coerce.number().int().min(1).max(100).default(20).openapi({ description: 'Visits; each comes whole' }),
});

const allRoute = createRoute({
  method: 'get',
  path: '/v1/changes',
  summary: 'What changed in the tools of all servers, oldest first',
  request: { query: since },
  responses: { 200: json(ChangeList, 'A page of changes'), 304: unmodified, 400: bad },
});

const serverRoute = createRoute({
  method: 'get',
  path: '/v1/servers/{id}/changes',
  summary: 'What changed in the tools of one server, oldest first',
  request: { params: z.object({ id }), query: since },
  responses: { 200: json(ChangeList, 'A page of changes'), 304: unmodified, 400: bad, 404: gone },
});

const toolRoute = createRoute({
  method: 'get',
  path: '/v1/servers/{id}/tools/{name}/changes',
  summary: 'What changed in one tool, oldest first, with the differences; also of one that is gone',
  description: 'A page may be short or empty and still have a next.',
  request: { params: z.object({ id, name }), query: since },
  responses: { 200: json(ChangeList, 'A page of changes'), 304: unmodified, 400: bad, 404: gone },
});

/** Mounts the feeds of changes. */
export function mountChanges(app: OpenAPIHono, catalogue: Catalogue): void {
  app.openapi(allRoute, async (c) => {
    const { since, limit } = c.req.valid('query');
    return c.json(changesView(await catalogue.changes({ since, visits: limit })), 200);
  });

  app.openapi(serverRoute, async (c) => {
    const { id } = await serverOf(catalogue, c.req.valid('param').id, 'tools');
    const { since, limit } = c.req.valid('query');
    return c.json(changesView(await catalogue.changes({ since, visits: limit, serverId: id })), 200);
  });

  app.openapi(toolRoute, async (c) => {
    const { id: key, name: tool } = c.req.valid('param');
    const { id } = await serverOf(catalogue, key, 'tools');
    const { since, limit } = c.req.valid('query');
    const page = await catalogue.changes({ since, visits: limit, serverId: id });
    return c.json(toolChangesView(page, unescapeName(tool)), 200);
  });
}
