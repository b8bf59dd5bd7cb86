import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Face } from '#publish/addresses/address.ts';
import { facesOf, hereAt, MEDIA_TYPES, textOf } from '#publish/addresses/faces.ts';
import { type FoundPage, findPage } from '#publish/addresses/find-page.ts';
import type { Links } from '#publish/addresses/links.ts';
import { llmsText } from '#publish/addresses/llms.ts';
import type { Key } from '#publish/addresses/paths.ts';
import { ASSETS } from '#publish/assets.ts';
import type { Catalogue } from '#publish/catalogue.ts';
import { factsOf } from '#publish/facts/facts.ts';
import type { Html } from '#publish/markup/html.ts';
import { CHANGES, type Page } from '#publish/page.ts';
import missing from '#publish/pages/missing.ts';
import schema from '../../data/schemas/policy.json' with { type: 'json' };
import { decodeCursor, encodeCursor } from './cursor.ts';
import { mountSitemaps } from './sitemaps.ts';

/** Mounts every kind of page on an app, with what they need: assets and the schema of policies. */
export function mountPages(app: OpenAPIHono, catalogue: Catalogue, links: Links): void {
  for (const { file, mediaType, content } of Object.values(ASSETS))
    app.get(`/assets/${file}`, (c) =>
      c.body(content, 200, { 'Content-Type': mediaType, 'Cache-Control': 'public, max-age=31536000, immutable' }),
    );
  app.get('/llms.txt', (c) => c.text(llmsText(links)));
  app.get('/schemas/policy.json', (c) => c.json(schema, 200, { 'Content-Type': 'application/schema+json' }));

  mountSitemaps(app, catalogue, links);

  app.get('*', async (c, next) => {
    const asked = findPage(c.req.path);
    if (!asked || (asked.face !== 'html' && !facesOf(asked.page, links).includes(asked.face))) return next();
    const found = await lookUp(c, asked, catalogue);
    if (typeof found === 'string') return send(c, missing.render({ what: found }, links), 404);
    const { page, face } = asked;
    const at = (one: Face | 'html', query = found.query) => addressOf(page, found.key, one, links) + query;
    if (asked.loose || found.moved) return c.redirect(at(face), 301);
    const here = hereAt(page, links, at, found.next === undefined ? undefined : at(face, found.next));
    if (face === 'png') {
      // The library that draws is native and only wanted here.
      const { drawn } = await import('#publish/markup/pictures.ts');
      return c.body(new Uint8Array(await drawn(page.picture!(found.subject))), 200, {
        'Content-Type': MEDIA_TYPES.png,
      });
    }
    return c.body(textOf(face, page, found.subject, links, here), page === missing ? 404 : 200, {
      'Content-Type': MEDIA_TYPES[face],
    });
  });
}

/** Sends a page. */
export function send(c: Context, page: Html, status: 200 | 404 | 500 | 503 = 200): Response | Promise<Response> {
  return c.html(page.toString(), status);
}

function addressOf(page: Page, key: Key, face: Face | 'html', links: Links): string {
  return face === 'html' ? links.to(page.id, ...key) : links.face(face, page.id, ...key);
}

interface Found {
  readonly subject: unknown;
  /** The key under which the page is known. */
  readonly key: Key;
  /** It was asked for by another key. */
  readonly moved: boolean;
  /** What stands behind the address, from the question mark on: of this page, and of the next. */
  readonly query: string;
  readonly next?: string;
}

/** What an address is about; a sentence where there is nothing. */
async function lookUp(c: Context, { page, key }: FoundPage, catalogue: Catalogue): Promise<Found | string> {
  if (page.of === 'server') {
    const [slug, name = ''] = key as [string, string?];
    const found = await catalogue.find(slug, page.depth);
    if (!found) return 'There is no such server.';
    const { server } = found;
    const changes = await catalogue.history(server.id, CHANGES);
    for (const one of page.subjects(factsOf(server, changes)))
      if (one.name.toWellFormed() === name) {
        const known = key.length > 1 ? [server.slug, one.name] : [server.slug];
        return { subject: one.subject, key: known, moved: server.slug !== slug, query: '' };
      }
    return 'The server has no such page.';
  }
  const given = c.req.query('cursor');
  const cursor = given === undefined ? undefined : decodeCursor(given);
  if (given !== undefined && cursor === undefined) return 'There is no such page of the list.';
  const parameters: Record<string, string> = {};
  for (const name of page.parameters ?? []) {
    const value = c.req.query(name);
    if (value !== undefined) parameters[name] = value;
  }
  const loaded = await page.load({ key, parameters, ...(cursor !== undefined && { cursor }) }, catalogue);
  if (!loaded) return 'There is no such page.';
  const queried = (place: string | undefined) => {
    const query = new URLSearchParams({ ...parameters, ...(place !== undefined && { cursor: encodeCursor(place) }) });
    return query.size === 0 ? '' : `?${query}`;
  };
  return {
    subject: loaded.subject,
    key,
    moved: false,
    query: queried(cursor),
    ...(loaded.next !== undefined && { next: queried(loaded.next) }),
  };
}
