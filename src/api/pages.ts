import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { html } from 'hono/html';
import { unsegment } from '#publish/address.ts';
import { ASSETS } from '#publish/assets.ts';
import type { Catalogue } from '#publish/catalogue.ts';
import { contradicted } from '#publish/contradictions.ts';
import type { Links } from '#publish/links.ts';
import { method } from '#publish/method.ts';
import type { Html } from '#publish/page.ts';
import contradictionsPage from '#publish/pages/contradictions.ts';
import home from '#publish/pages/home.ts';
import methodPage from '#publish/pages/method.ts';
import missing from '#publish/pages/missing.ts';
import serverPage from '#publish/pages/server.ts';
import serversPage from '#publish/pages/servers.ts';
import toolPage from '#publish/pages/tool.ts';
import { recommend } from '#recommend/recommend.ts';
import schema from '../../data/schemas/policy.json' with { type: 'json' };
import { decodeCursor, decodeNumber, encodeCursor } from './cursor.ts';

const PER_PAGE = 50;
const RECENT = 12;
/** Annotated tools that a page of contradictions looks through. */
const ANNOTATED = 1_000;

/** Mounts the pages on an app, with what they need: assets and the schema of policies. */
export function mountPages(app: OpenAPIHono, catalogue: Catalogue, links: Links): void {
  const notFound = (c: Context, what: string) => send(c, missing.render({ what }, links), 404);

  app.get('/', async (c) => {
    const [statistics, { servers }] = await Promise.all([catalogue.statistics(), catalogue.list({ limit: RECENT })]);
    return send(c, home.render({ statistics, some: servers }, links));
  });

  app.get('/method', async (c) => send(c, methodPage.render(await method(), links)));

  app.get('/contradictions', async (c) => {
    const cursor = c.req.query('cursor');
    const after = cursor === undefined ? undefined : decodeNumber(cursor);
    if (cursor !== undefined && after === undefined) return notFound(c, 'There is no such page of the list.');
    const { tools, next } = await catalogue.annotated({ after, limit: ANNOTATED });
    const address = next === undefined ? undefined : `${links.contradictions}?cursor=${encodeCursor(String(next))}`;
    const rows = contradicted(tools);
    return send(c, contradictionsPage.render({ rows, ...(address && { next: address }) }, links));
  });

  app.get('/servers', async (c) => {
    const text = c.req.query('q')?.trim().slice(0, 200).toWellFormed() || undefined;
    const cursor = c.req.query('cursor');
    const place = cursor === undefined ? undefined : decodeCursor(cursor);
    if (cursor !== undefined && place === undefined) return notFound(c, 'There is no such page of the list.');
    const { servers, next } = await catalogue.list({ limit: PER_PAGE, cursor: place, text });
    const query = new URLSearchParams({
      ...(text && { q: text }),
      ...(next !== undefined && { cursor: encodeCursor(next) }),
    });
    return send(
      c,
      serversPage.render(
        { servers, ...(text && { text }), ...(next !== undefined && { next: `${links.servers}?${query}` }) },
        links,
      ),
    );
  });

  app.get('/servers/*', async (c) => {
    const asked = addressOf(c.req.path);
    const found = asked && (await catalogue.find(asked.slug));
    if (!found) return notFound(c, 'There is no such server.');
    const { server } = found;
    if (asked.tool === undefined) {
      if (server.slug !== asked.slug || asked.loose) return c.redirect(links.server(server.slug), 301);
      return send(c, serverPage.render({ server, policy: recommend(server, 'recommended') }, links));
    }
    const tool = server.tools.find(({ definition }) => definition.name.toWellFormed() === asked.tool);
    if (!tool) return notFound(c, 'The server has no such tool.');
    if (server.slug !== asked.slug || asked.loose)
      return c.redirect(links.tool(server.slug, tool.definition.name), 301);
    return send(c, toolPage.render({ server, tool, policy: recommend(server, 'recommended') }, links));
  });

  for (const { file, mediaType, content } of Object.values(ASSETS))
    app.get(`/assets/${file}`, (c) =>
      c.body(content, 200, { 'Content-Type': mediaType, 'Cache-Control': 'public, max-age=31536000, immutable' }),
    );
  app.get('/schemas/policy.json', (c) => c.json(schema, 200, { 'Content-Type': 'application/schema+json' }));
}

/** Sends a page. */
export async function send(c: Context, page: Html, status: 200 | 404 | 500 = 200): Promise<Response> {
  return c.html(await html`${page}`, status);
}

/** What a raw path under /servers/ asks for: segments are decoded one by one, so that %2F stays part of a name. */
function addressOf(path: string): { slug: string; tool?: string; loose: boolean } | undefined {
  const loose = path.endsWith('/');
  const parts = path.slice('/servers/'.length, loose ? -1 : undefined).split('/');
  const names = parts.map(unsegment);
  if (parts.includes('') || names.includes(undefined)) return undefined;
  const decoded = names as string[];
  if (parts.at(-3) === '-' && parts.at(-2) === 'tools' && parts.length > 3)
    return { slug: decoded.slice(0, -3).join('/'), tool: decoded.at(-1)!, loose };
  return parts.includes('-') ? undefined : { slug: decoded.join('/'), loose };
}
