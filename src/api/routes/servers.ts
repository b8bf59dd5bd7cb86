import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { SERVER_SORTS } from '#domain/search.ts';
import type { Catalogue } from '#publish/catalogue.ts';
import { encodeCursor } from '../cursor.ts';
import { Server, ServerList } from '../schemas/server.ts';
import { serverView, summaryView } from '../views/server.ts';
import { bad, gone, id, json, placeOf, serverOf, unmodified } from './common.ts';
import { filters, filtersOf } from './filters.ts';

const listRoute = createRoute({
  method: 'get',
  path: '/v1/servers',
  summary: 'Servers, filtered and searched, page by page',
  description: 'A category, a risk and a facet together mean one tool of the server that has all of them.',
  request: {
    query: z.strictObject({
      ...filters,
      sort: z.enum(SERVER_SORTS).optional().openapi({
        description:
          'By slug where nothing is said, by relevance with `q`; `newest` and `judged`: last come, and last judged, first',
      }),
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
    const query = c.req.valid('query');
    const { limit, cursor, sort } = query;
    const { servers, next } = await catalogue.list({ ...filtersOf(query), limit, cursor: placeOf(cursor), sort });
    return c.json({ servers: servers.map(summaryView), ...(next !== undefined && { next: encodeCursor(next) }) }, 200);
  });

  app.openapi(getRoute, async (c) => c.json(serverView(await serverOf(catalogue, c.req.valid('param').id)), 200));
}
