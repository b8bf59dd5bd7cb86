import { visibleLine } from '#core/visible.ts';
import type { CatalogueServer, CatalogueTool } from '#domain/catalogue.ts';
import type { Json } from '#domain/tool.ts';
import type { Quote } from '#domain/verdict.ts';
import { excerpt, placeOf, type Reason, sentence } from '#recommend/reasons.ts';
import { type Html, html } from './html.ts';

/** UTF-16 units shown on either side of a quote. */
const AROUND = 70;
/** Places shown of one reason. */
const PLACES = 4;

/** One reason: our sentence, and under it the author's words in their places, marked. */
export function reasonItem({ because, quotes }: Reason, tool: CatalogueTool, server: CatalogueServer): Html {
  return html`<li><p>${sentence(because)}</p>${quotes.slice(0, PLACES).map((quote) => inPlace(quote, tool, server))}</li>`;
}

function inPlace(quote: Quote, tool: CatalogueTool, server: CatalogueServer): Html {
  const { before, after } = contextOf(quote, tool, server);
  return html`
<p class="quote"><span class="place">${visibleLine(placeOf(quote))}</span> <q><bdi lang="">${visibleLine(before)}<mark>${visibleLine(excerpt(quote.text))}</mark>${visibleLine(after)}</bdi></q></p>`;
}

/** What stands around a quote; nothing where the definition at hand does not hold it at that place. */
function contextOf(quote: Quote, tool: CatalogueTool, server: CatalogueServer): { before: string; after: string } {
  const owner =
    quote.tool === undefined ? tool : server.tools.find((sibling) => sibling.definition.name === quote.tool);
  const text = owner && textAt(owner.definition as unknown as Json, quote);
  if (text?.slice(quote.start, quote.end) !== quote.text) return { before: '', after: '' };
  const start = Math.max(0, quote.start - AROUND);
  const end = Math.min(text.length, quote.end + AROUND);
  return {
    before: (start > 0 ? '…' : '') + text.slice(start, quote.start).replace(/^[\udc00-\udfff]/, ''),
    after: text.slice(quote.end, end).replace(/[\ud800-\udbff]$/, '') + (end < text.length ? '…' : ''),
  };
}

function textAt(root: Json, quote: Quote): string | undefined {
  const keys = quote.field
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (quote.at === 'key') return keys.at(-1);
  let value: Json | undefined = root;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as { readonly [key: string]: Json })[key];
  }
  return typeof value === 'string' ? value : value === undefined ? undefined : String(value);
}
