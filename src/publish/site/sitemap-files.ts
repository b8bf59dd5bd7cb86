import type { StaticLinks } from '../addresses/links.ts';
import { PER_SITEMAP, robotsText, sitemap, sitemapIndex } from '../addresses/sitemaps.ts';
import { PAGES } from '../registry.ts';
import { groupsOf } from './catalogue-pages.ts';
import { pathsIn } from './path-list.ts';
import type { Planned } from './writer.ts';

/** Kinds that search engines are not led to. */
const UNLISTED = [...PAGES.values()].flatMap(({ page }) =>
  page.of === 'catalogue' && page.unlisted ? [groupsOf(page.id)] : [],
);

/**
 * The sitemaps of a site and its robots.txt, from the groups of files that it has: one sitemap at a time is in memory.
 * Sitemaps need whole addresses: there are none where nobody said under which origin the site is known.
 */
export function* sitemapFiles(groups: Iterable<readonly [string, string]>, links: StaticLinks): Generator<Planned> {
  const { origin } = links;
  const robots = (address?: string) => ({ path: 'robots.txt', make: () => robotsText(links.search, address) });
  if (origin === undefined) return yield robots();
  const maps: string[] = [];
  for (const addresses of inParts(addressesOf(groups, origin, links))) {
    const path = `sitemap/${maps.length + 1}.xml`;
    maps.push(origin + links.path(path));
    yield { path, make: () => sitemap(addresses) };
  }
  yield { path: 'sitemap.xml', make: () => sitemapIndex(maps) };
  yield robots(origin + links.path('sitemap.xml'));
}

/** Whole addresses of the pages that are listed, in order of their groups. */
function* addressesOf(
  groups: Iterable<readonly [string, string]>,
  origin: string,
  links: StaticLinks,
): Generator<string> {
  for (const [, files] of [...groups].filter(([id]) => isListed(id)).sort(([a], [b]) => (a < b ? -1 : 1)))
    for (const path of pathsIn(files))
      if (path.endsWith('.html')) yield origin + links.at(path.slice(0, -'.html'.length), 'html');
}

function* inParts(addresses: Iterable<string>): Generator<readonly string[]> {
  let part: string[] = [];
  for (const address of addresses) {
    if (part.length === PER_SITEMAP) {
      yield part;
      part = [];
    }
    part.push(address);
  }
  if (part.length > 0) yield part;
}

/** Servers, and kinds of pages that are listed; what lies beside pages is not. */
function isListed(group: string): boolean {
  return !/^@[^/]*$/.test(group) && !UNLISTED.some((kind) => group.startsWith(kind));
}
