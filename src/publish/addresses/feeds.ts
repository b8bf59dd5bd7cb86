import { visibleLine } from '#core/visible.ts';
import { escaped } from '../markup/html.ts';

/** What an Atom feed says; strangers' words as they are. */
export interface Feed {
  readonly title: string;
  /** Newest first. */
  readonly entries: readonly FeedEntry[];
}

export interface FeedEntry {
  /** Never changes and never comes twice in the feed: what tells it from every other entry, in any characters. */
  readonly id: string;
  readonly title: string;
  readonly updated: Date;
  /** Address of the page that it is about, on this site. */
  readonly address: string;
  readonly summary: string;
}

/** A stranger's words as XML takes them: two characters that HTML lets pass would make the whole feed unreadable. */
function words(text: string): string {
  return escaped(visibleLine(text)).replace(/[\ufffe\uffff]/g, (unit) =>
    unit === '\uffff' ? '\\u{FFFF}' : '\\u{FFFE}',
  );
}

/**
 * A feed as Atom (RFC 4287). `home` tells whose feed it is and where: its page, its own address, and the origin under
 * which it is known. Without an origin its ids are of the catalogue at large and its links relative.
 */
export function atom(
  { title, entries }: Feed,
  home: { readonly origin?: string | undefined; readonly page: string; readonly self: string },
): string {
  const origin = home.origin ?? '';
  const id = (part: string) =>
    escaped(`${origin || 'tag:plimsoll,2026:'}${origin && '/-/'}${encodeURIComponent(part.toWellFormed())}`);
  const newest = new Date(Math.max(0, ...entries.map(({ updated }) => updated.getTime())));
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<id>${id(home.self)}</id>
<title>${words(title)}</title>
<updated>${newest.toISOString()}</updated>
<author><name>Plimsoll</name></author>
<link rel="self" type="application/atom+xml" href="${escaped(origin + home.self)}"/>
<link rel="alternate" type="text/html" href="${escaped(origin + home.page)}"/>
${entries
  .map(
    (
      entry,
    ) => `<entry><id>${id(entry.id)}</id><title>${words(entry.title)}</title><updated>${entry.updated.toISOString()}</updated>
<link rel="alternate" type="text/html" href="${escaped(origin + entry.address)}"/><summary>${words(entry.summary)}</summary></entry>
`,
  )
  .join('')}</feed>
`;
}
