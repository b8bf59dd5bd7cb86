import { visibleLine } from '#core/visible.ts';
import type { CatalogueServer, CatalogueTool } from '#domain/catalogue.ts';
import type { Json } from '#domain/tool.ts';
import type { Quote } from '#domain/verdict.ts';
import type { ReasonGroup } from '#recommend/explain.ts';
import { excerpt, placeOf, type Reason, sentence } from '#recommend/reasons.ts';
import { type Html, html } from '../markup/html.ts';
import type { Marks } from './marks.ts';

/** UTF-16 units shown on either side of a quote that is not marked in the definition above. */
const AROUND = 70;
/** Places shown of one reason. */
const PLACES = 4;

/** What a quote is looked up in: the page's tool, its siblings, and where on the page its own words are marked. */
export interface Quoting {
  readonly tool: CatalogueTool;
  readonly server: CatalogueServer;
  readonly marks: Marks;
}

/** Groups of reasons, each under its heading. */
export function reasons(groups: readonly ReasonGroup[], quoting: Quoting): Html {
  return html`${groups.map(
    ({ heading, reasons }) =>
      html`<h3>${heading}</h3><ul class="reasons">${reasons.map((one) => reasonItem(one, quoting))}</ul>`,
  )}`;
}

/** One reason: our sentence, and after it the author's words, which lead to where they are marked. */
export function reasonItem({ because, quotes }: Reason, quoting: Quoting): Html {
  return html`<li><p>${visibleLine(sentence(because))}</p>${quotations(quotes.slice(0, PLACES), quoting)}</li>`;
}

/** The author's words: where they are marked in the definition as a link there, else with what stands around them. */
export function quotations(quotes: readonly Quote[], quoting: Quoting): readonly Html[] {
  return quotes.map((quote) => {
    const id = quoting.marks.idOf(quote);
    const words = visibleLine(excerpt(quote.text));
    if (id !== undefined)
      return html`<p class="quote"><span class="place">${visibleLine(placeOf(quote))}</span> <a href="#${id}"><q><bdi lang="">${words}</bdi></q></a></p>`;
    const { before, after } = contextOf(quote, quoting);
    return html`<p class="quote"><span class="place">${visibleLine(placeOf(quote))}</span> <q><bdi lang="">${visibleLine(before)}<mark>${words}</mark>${visibleLine(after)}</bdi></q></p>`;
  });
}

/** What stands around a quote; nothing where the definition at hand does not hold it at that place. */
function contextOf(quote: Quote, { tool, server }: Quoting): { before: string; after: string } {
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
