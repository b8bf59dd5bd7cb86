import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Links } from '#publish/addresses/links.ts';
import { PER_SITEMAP, robotsText, sitemap, sitemapIndex } from '#publish/addresses/sitemaps.ts';
import type { Catalogue } from '#publish/catalogue.ts';
import { PAGES } from '#publish/registry.ts';

const XML = { 'Content-Type': 'application/xml; charset=utf-8' };

/**
 * Mounts robots.txt and the sitemaps: one of the catalogue's own pages, and as many as are needed of servers and tools.
 * Sitemaps need whole addresses: there are none where nobody said under which origin the catalogue is known.
 */
export function mountSitemaps(app: OpenAPIHono, catalogue: Catalogue, links: Links): void {
  const { origin } = links;
  app.get('/robots.txt', (c) => c.text(robotsText(links.search, origin && `${origin}/sitemap.xml`)));
  if (origin === undefined) return;

  app.get('/sitemap.xml', async (c) => {
    const { servers, tools } = await catalogue.placeParts(PER_SITEMAP);
    const parts = (kind: string, count: number) => Array.from({ length: count }, (_, at) => `${kind}-${at}`);
    const names = ['pages', ...parts('servers', servers), ...parts('tools', tools)];
    return c.body(sitemapIndex(names.map((name) => `${origin}/sitemap/${name}.xml`)), 200, XML);
  });

  app.get('/sitemap/pages.xml', async (c) => {
    const addresses: string[] = [];
    for (const { page } of PAGES.values()) {
      // Kinds with a page for nearly every tool are found from their lists.
      if (page.of !== 'catalogue' || page.unlisted || page.touched) continue;
      for await (const key of page.keys?.(catalogue) ?? [[]]) addresses.push(origin + links.to(page.id, ...key));
    }
    return c.body(sitemap(addresses.slice(0, PER_SITEMAP)), 200, XML);
  });

  app.get('/sitemap/:name{(?:servers|tools)-[0-9]{1,6}\\.xml}', async (c, next) => {
    const [, kind, part] = /^\/sitemap\/(servers|tools)-(\d+)\.xml$/.exec(c.req.path)!;
    const addresses =
      kind === 'servers'
        ? (await catalogue.serverPlaces(Number(part), PER_SITEMAP)).map((slug) => links.server(slug))
        : (await catalogue.toolPlaces(Number(part), PER_SITEMAP)).map(({ slug, name }) => links.tool(slug, name));
    if (addresses.length === 0) return next();
    return c.body(sitemap([...new Set(addresses)].map((address) => origin + address)), 200, XML);
  });
}
