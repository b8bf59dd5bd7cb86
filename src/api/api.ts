import type { OpenAPIHono } from '@hono/zod-openapi';
import { unescapeName } from '#publish/address.ts';
import { recommend } from '#recommend/recommend.ts';
import type { Catalogue } from '#publish/catalogue.ts';
import { decodeCursor, decodeNumber, encodeCursor } from './cursor.ts';
import { problem } from './problem.ts';
import * as routes from './routes.ts';
import { changesView, contradictionsView, serverView, summaryView, toolSummaryView, toolView } from './views.ts';

/** Mounts every route of the API on an app. */
export function mountApi(app: OpenAPIHono, catalogue: Catalogue): void {
  const serverOf = async (id: string) => {
    const found = await catalogue.find(unescapeName(id));
    if (!found) throw problem('no-such-server', 'Servers are known by id, slug or purl; GET /v1/servers lists them.');
    return found.server;
  };

  app.openapi(routes.listServersRoute, async (c) => {
    const { limit, cursor, q } = c.req.valid('query');
    const place = cursor === undefined ? undefined : decodeCursor(cursor);
    if (cursor !== undefined && place === undefined)
      throw problem('bad-cursor', 'Pass `next` of the page before as it is, or leave the cursor out.');
    const { servers, next } = await catalogue.list({ limit, cursor: place, text: q || undefined });
    return c.json({ servers: servers.map(summaryView), ...(next !== undefined && { next: encodeCursor(next) }) }, 200);
  });

  app.openapi(routes.getServerRoute, async (c) => {
    const server = await serverOf(c.req.valid('param').id);
    return c.json(serverView(server), 200);
  });

  app.openapi(routes.listToolsRoute, async (c) => {
    const server = await serverOf(c.req.valid('param').id);
    const policy = recommend(server, 'recommended');
    const tools = server.tools.map((tool) => toolSummaryView(tool, policy));
    return c.json({ server: { id: server.id, slug: server.slug }, tools }, 200);
  });

  app.openapi(routes.getToolRoute, async (c) => {
    const { id, name } = c.req.valid('param');
    const server = await serverOf(id);
    const tool = server.tools.find(({ definition }) => definition.name.toWellFormed() === unescapeName(name));
    if (!tool) throw problem('no-such-tool', 'Names are exact; GET /v1/servers/{id}/tools lists them.');
    return c.json(toolView(server, tool, recommend(server, 'recommended')), 200);
  });

  app.openapi(routes.changesRoute, async (c) => {
    const { since, limit } = c.req.valid('query');
    return c.json(changesView(await catalogue.changes({ since, visits: limit })), 200);
  });

  app.openapi(routes.serverChangesRoute, async (c) => {
    const { id } = await serverOf(c.req.valid('param').id);
    const { since, limit } = c.req.valid('query');
    return c.json(changesView(await catalogue.changes({ since, visits: limit, serverId: id })), 200);
  });

  app.openapi(routes.getPolicyRoute, async (c) => {
    const server = await serverOf(c.req.valid('param').id);
    const { profile, format } = c.req.valid('query');
    const exporter = routes.EXPORTERS.get(format)!;
    const { files, losses } = exporter.write([recommend(server, profile)]);
    const headers = { 'Content-Type': exporter.mediaType, 'Plimsoll-Losses': String(losses.length) };
    // The text is what was exported, byte for byte; the route's type only knows objects.
    return c.body(files[0]!.text, 200, headers) as never;
  });

  app.openapi(routes.contradictionsRoute, async (c) => {
    const { limit, cursor } = c.req.valid('query');
    const after = cursor === undefined ? undefined : decodeNumber(cursor);
    if (cursor !== undefined && after === undefined)
      throw problem('bad-cursor', 'Pass `next` of the page before as it is, or leave the cursor out.');
    const { tools, next } = await catalogue.annotated({ limit, after });
    return c.json(
      { contradictions: contradictionsView(tools), ...(next !== undefined && { next: encodeCursor(String(next)) }) },
      200,
    );
  });

  app.openapi(routes.statsRoute, async (c) => {
    const stats = await catalogue.statistics();
    return c.json({ ...stats }, 200);
  });

  app.openapi(routes.healthRoute, async (c) => {
    try {
      await catalogue.list({ limit: 1 });
    } catch {
      throw problem('unavailable');
    }
    return c.json({ status: 'ok' as const }, 200);
  });
}
