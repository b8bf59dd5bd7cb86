import { load } from 'cheerio/slim';
import { Parser } from 'htmlparser2';
import { SourceUnreachable } from '#core/errors.ts';
import { type Item, isServerAddress } from './linked.ts';
import { textOf, webAddress } from './texts.ts';

/** Characters of a page and of one text in it that are read, and items that are taken; real ones stay far below. */
const LONGEST = 8_000_000;
const LONGEST_TEXT = 20_000;
const MOST = 5_000;
const DEEPEST = 256;
/** What one entry of a list stands in, and what leads around a site instead of listing. */
const ENTRY = 'li, tr, article, dd, [class*="card" i], [class*="item" i]';
const AROUND = 'nav, header, footer, aside, script, style, template, noscript';

/** What a page lists, and the address of the page after it. */
export interface HtmlList {
  readonly items: readonly Item[];
  readonly next: URL | undefined;
}

/**
 * The servers that a page or a fragment of HTML lists: each entry by its first link to a repository or a package.
 * Throws `SourceUnreachable` for a page that is made to be unreadable.
 */
export function readHtmlList(html: string, at: URL): HtmlList {
  try {
    return read(withShortTexts(html).slice(0, LONGEST), at);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new SourceUnreachable(`${at.host} sent a page that cannot be read at ${at.pathname}`, { cause: error });
  }
}

/** One text of megabytes must not hide what stands after it. Tags stay whole: they may hold pictures. */
function withShortTexts(html: string): string {
  if (html.length <= LONGEST) return html;
  return html
    .split('<')
    .map((part) => part.slice(0, part.indexOf('>') + LONGEST_TEXT))
    .join('<');
}

/** Reading takes time with the square of how deep elements stand in one another; real pages stay far below. */
function refuseDeep(html: string): void {
  let depth = 0;
  const parser = new Parser({
    onopentag() {
      if (++depth > DEEPEST) throw new RangeError('elements stand too deep in one another');
    },
    onclosetag: () => void depth--,
  });
  parser.end(html);
}

function read(html: string, at: URL): HtmlList {
  refuseDeep(html);
  const $ = load(html);
  const absolute = (href: string | undefined) =>
    href !== undefined && URL.canParse(href, at.href) ? webAddress(new URL(href, at).href) : undefined;
  const next = absolute($('a[rel~="next"], link[rel~="next"]').first().attr('href'));
  $(AROUND).remove();
  const taken = new Set<unknown>();
  const items: Item[] = [];
  for (const link of $('a[href]').toArray()) {
    if (items.length >= MOST) break;
    const address = absolute($(link).attr('href'));
    if (address === undefined || !isServerAddress(address)) continue;
    const entry = $(link).closest(ENTRY);
    const whole = entry[0] ?? link;
    if (taken.has(whole)) continue;
    taken.add(whole);
    const title = textOf(entry.find('h1, h2, h3, h4, h5, strong').first().text(), 200);
    const name = (title ?? textOf($(link).text(), 200) ?? address).replace(/\s+/g, ' ');
    const text = entry.text().replace(/\s+/g, ' ').trim();
    const said = text.startsWith(name) ? text.slice(name.length).replace(/^[\s\p{P}]*[-–—:]?\s*/u, '') : text;
    items.push({ name, text: said, address });
  }
  const isNext = next !== undefined && new URL(next).host === at.host;
  return { items, next: isNext ? new URL(next) : undefined };
}
