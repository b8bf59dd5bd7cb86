import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { TOOL_SORTS } from '#domain/search.ts';
import { unescapeName } from '#publish/addresses/address.ts';
import type { Catalogue } from '#publish/catalogue.ts';
import { recommend } from '#recommend/recommend.ts';
import { encodeCursor } from '../cursor.ts';
import { problem } from '../problem.ts';
import { FoundToolList, Tool, ToolList } from '../schemas/tool.ts';
import { foundToolView, toolSummaryView, toolView } from '../views/tool.ts';
import { bad, gone, id, json, name, placeOf, serverOf, unmodified } from './common.ts';
import { filters, filtersOf } from './filters.ts';

const acrossRoute = createRoute({
  method: 'get',
  path: '/v1/tools',
  summary: 'Tools across servers, filtered and searched, page by page',
  request: {
    query: z.strictObject({
      ...filters,
      sort: z.enum(TOOL_SORTS).optional().openapi({
        description: 'By name where nothing is said, by relevance with `q`; `newest`: last come first',
      }),
    }),
  },
  responses: { 200: json(FoundToolList, 'A page of tools'), 304: unmodified, 400: bad },
});

const listRoute = createRoute({
  method: 'get',
  path: '/v1/servers/{id}/tools',
  summary: 'All tools of a server, in order of name',
  request: { params: z.object({ id }), query: z.strictObject({}) },
  responses: { 200: json(ToolList, 'The tools'), 304: unmodified, 400: bad, 404: gone },
});

const getRoute = createRoute({
  method: 'get',
  path: '/v1/servers/{id}/tools/{name}',
  summary: 'One tool: definition, verdict with evidence, rule, and both in words',
  request: { params: z.object({ id, name }), query: z.strictObject({}) },
  responses: { 200: json(Tool, 'The tool'), 304: unmodified, 400: bad, 404: gone },
});

/** Mounts tools, across servers and of one. */
export function mountTools(app: OpenAPIHono, catalogue: Catalogue): void {
  app.openapi(acrossRoute, async (c) => {
    const query = c.req.valid('query');
    const { limit, cursor, sort } = query;
    const { tools, next } = await catalogue.tools({ ...filtersOf(query), limit, cursor: placeOf(cursor), sort });
    return c.json({ tools: tools.map(foundToolView), ...(next !== undefined && { next: encodeCursor(next) }) }, 200);
  });

  app.openapi(listRoute, async (c) => {
    const server = await serverOf(catalogue, c.req.valid('param').id, 'tools');
    const policy = recommend(server, 'recommended');
    const tools = server.tools.map((tool) => toolSummaryView(tool, policy));
    return c.json({ server: { id: server.id, slug: server.slug }, tools }, 200);
  });

  app.openapi(getRoute, async (c) => {
    const { id, name } = c.req.valid('param');
    const server = await serverOf(catalogue, id, 'visit');
    const tool = server.tools.find(({ definition }) => definition.name.toWellFormed() === unescapeName(name));
    if (!tool) throw problem('no-such-tool', 'Names are exact; GET /v1/servers/{id}/tools lists them.');
    return c.json(toolView(server, tool, recommend(server, 'recommended')), 200);
  });
}
