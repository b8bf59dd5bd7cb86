import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Catalogue } from '#publish/catalogue.ts';
import { encodeCursor } from '../cursor.ts';
import { Server, ServerList } from '../schemas/server.ts';
import { serverView, summaryView } from '../views/server.ts';
import { bad, gone, id, json, placeOf, serverOf, unmodified } from './common.ts';

/** Servers on a page where nothing is said, and at most. */
const PAGE = { usual: 50, most: 200 };

const listRoute = createRoute({
  method: 'get',
  path: '/v1/servers',
  summary: 'Servers, page by page, in order of slug',
  request: {
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(PAGE.most).default(PAGE.usual),
      cursor: z.string().min(1).max(2000).optional().openapi({ description: '`next` of the page before' }),
      q: z.string().max(200).optional().openapi({ description: 'Text that slug, name, title or description holds' }),
    }),
  },
  responses: { 200: json(ServerList, 'A page of servers'), 304: unmodified, 400: bad },
});

const getRoute = createRoute({
  method: 'get',
  path: '/v1/servers/{id}',
  summary: 'One server',
  request: { params: z.object({ id }), query: z.strictObject({}) },
  responses: { 200: json(Server, 'The server'), 304: unmodified, 400: bad, 404: gone },
});

/** Mounts lists of servers, and one server. */
export function mountServers(app: OpenAPIHono, catalogue: Catalogue): void {
  app.openapi(listRoute, async (c) => {
    const { limit, cursor, q } = c.req.valid('query');
    const { servers, next } = await catalogue.list({ limit, cursor: placeOf(cursor), text: q || undefined });
    return c.json({ servers: servers.map(summaryView), ...(next !== undefined && { next: encodeCursor(next) }) }, 200);
  });

  app.openapi(getRoute, async (c) => c.json(serverView(await serverOf(catalogue, c.req.valid('param').id)), 200));
}
