import type { StaticLinks } from '../links.ts';
import { PAGES } from '../registry.ts';
import { PER_SITEMAP, robotsText, sitemap, sitemapIndex } from '../sitemaps.ts';
import { groupsOf } from './catalogue-pages.ts';
import type { Planned } from './writer.ts';

/** Kinds that search engines are not led to. */
const UNLISTED = [...PAGES.values()].flatMap(({ page }) =>
  page.of === 'catalogue' && page.unlisted ? [groupsOf(page.id)] : [],
);

/**
 * The sitemaps of a site and its robots.txt, from the groups of files that it has. Sitemaps need whole addresses: there
 * are none where nobody said under which origin the site is known.
 */
export function sitemapFiles(groups: Iterable<readonly [string, string]>, links: StaticLinks): readonly Planned[] {
  const { origin } = links;
  const robots = (address?: string) => ({ path: 'robots.txt', make: () => robotsText(links.search, address) });
  if (origin === undefined) return [robots()];
  const addresses: string[] = [];
  for (const [, files] of [...groups].filter(([id]) => isListed(id)).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const parts = files.split('\t');
    for (let at = 0; at < parts.length; at += 2) {
      const path = parts[at]!;
      if (path.endsWith('.html')) addresses.push(origin + links.at(path.slice(0, -'.html'.length), 'html'));
    }
  }
  const maps: Planned[] = [];
  for (let at = 0; at < addresses.length; at += PER_SITEMAP)
    maps.push({
      path: `sitemap/${at / PER_SITEMAP + 1}.xml`,
      make: () => sitemap(addresses.slice(at, at + PER_SITEMAP)),
    });
  const all = maps.map(({ path }) => origin + links.path(path));
  return [...maps, { path: 'sitemap.xml', make: () => sitemapIndex(all) }, robots(origin + links.path('sitemap.xml'))];
}

/** Servers, and kinds of pages that are listed; what lies beside pages is not. */
function isListed(group: string): boolean {
  return !/^@[^/]*$/.test(group) && !UNLISTED.some((kind) => group.startsWith(kind));
}
