import { escaped } from '../markup/html.ts';

/** Addresses that one sitemap may hold (sitemaps.org). */
export const PER_SITEMAP = 50_000;

/** A sitemap of whole addresses, at most `PER_SITEMAP`. */
export function sitemap(addresses: readonly string[]): string {
  const entries = addresses.map((address) => `<url><loc>${escaped(address)}</loc></url>\n`).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${entries}</urlset>\n`;
}

/** The list of sitemaps, by their whole addresses. */
export function sitemapIndex(addresses: readonly string[]): string {
  const entries = addresses.map((address) => `<sitemap><loc>${escaped(address)}</loc></sitemap>\n`).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${entries}</sitemapindex>\n`;
}

/** What crawlers are told: all may read all but what people searched for. `sitemaps` is a whole address. */
export function robotsText(search: string, sitemaps: string | undefined): string {
  return `User-agent: *\nDisallow: ${search}\n${sitemaps === undefined ? '' : `\nSitemap: ${sitemaps}\n`}`;
}
