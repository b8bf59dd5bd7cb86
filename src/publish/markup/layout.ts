import { visibleJson, visibleLine } from '#core/visible.ts';
import type { Links } from '../addresses/links.ts';
import type { AssetName } from '../assets.ts';
import type { Here } from '../page.ts';
import { Html, html } from './html.ts';

interface Shell {
  /** Title of the page without the catalogue's name; may hold a stranger's words. */
  readonly title: string;
  readonly description: string;
  readonly body: Html;
  /** What the search box in the header holds; null where the page has a box of its own. */
  readonly query?: string | null;
  /** schema.org: the object without its `@context`. Strangers' words as they are. */
  readonly structured?: { readonly '@type': string; readonly [property: string]: unknown };
  /** Small files of ours that help where scripts run; the page is whole without them. */
  readonly scripts?: readonly AssetName[];
  /** Not for search engines: what was searched for, what is not there. */
  readonly unlisted?: boolean;
}

/** Nothing runs but small files of ours, nothing is fetched from elsewhere, nobody frames it. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'";

/** What stands in the head of every page, by kind of page and label. */
const NAVIGATION = [
  ['servers', 'Servers'],
  ['browse', 'Browse'],
  ['attacks', 'Attacks'],
  ['check', 'Check a setup'],
  ['changes', 'Changes'],
  ['statistics', 'Statistics'],
  ['method', 'Method'],
] as const;

/** The document around every page. */
export function layout(shell: Shell, links: Links, here: Here = {}): Html {
  const frame = frameOf(links);
  const title = visibleLine(shell.title);
  const description = visibleLine(shell.description).slice(0, 300).toWellFormed();
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${frame.head}
<title>${title} · Plimsoll</title>
<meta name="description" content="${description}">
${shell.unlisted ? html`<meta name="robots" content="noindex">\n` : ''}${around(title, description, links, here)}${shell.structured === undefined ? '' : structured(shell.structured)}${shell.scripts?.map((name) => html`<script defer src="${links.asset(name)}"></script>\n`)}</head>
<body>
${frame.top}
${shell.query === null ? '' : searchBox(links.search, shell.query ?? '', 'small')}
</div></header>
<main id="main" class="wide">
${shell.body}
</main>
${frame.bottom}`;
}

/** What the head says of the page's place: its one address, its other faces, and what is shown of a link to it. */
function around(title: string, description: string, { origin }: Links, { address, next, faces }: Here): Html {
  const known = origin !== undefined && address !== undefined;
  return html`${known ? html`<link rel="canonical" href="${origin}${address}">\n` : ''}${next === undefined ? '' : html`<link rel="next" href="${next}">\n`}${faces?.md === undefined ? '' : html`<link rel="alternate" type="text/markdown" href="${faces.md}">\n`}${faces?.atom === undefined ? '' : html`<link rel="alternate" type="application/atom+xml" href="${faces.atom}">\n`}${
    known
      ? html`<meta property="og:type" content="website"><meta property="og:site_name" content="Plimsoll"><meta property="og:title" content="${title}"><meta property="og:description" content="${description}"><meta property="og:url" content="${origin}${address}">
${faces?.png === undefined ? '' : html`<meta property="og:image" content="${origin}${faces.png}"><meta name="twitter:card" content="summary_large_image">\n`}`
      : ''
  }`;
}

/** A data block: no browser runs it, and nothing in it ends it. */
function structured(value: NonNullable<Shell['structured']>): Html {
  const text = visibleJson({ '@context': 'https://schema.org', ...value }, 0);
  return html`<script type="application/ld+json">${new Html(text.replaceAll('<', '\\u003c'))}</script>\n`;
}

const frames = new WeakMap<Links, Readonly<Record<'head' | 'top' | 'bottom', Html>>>();

/** What is the same on every page of a site. */
function frameOf(links: Links) {
  const known = frames.get(links);
  if (known) return known;
  const frame = {
    head: html`<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" type="image/svg+xml" href="${links.asset('mark.svg')}">
<link rel="stylesheet" href="${links.asset('style.css')}">`,
    top: html`<a class="skip" href="#main">Skip to content</a>
<header class="top"><div class="wide">
<a class="brand" href="${links.to('home')}">${MARK}<span>Plimsoll</span></a>
<nav aria-label="Catalogue">${NAVIGATION.map(([kind, label]) => html`<a href="${links.to(kind)}">${label}</a> `)}</nav>`,
    bottom: html`<footer class="bottom"><div class="wide">
<p>Plimsoll is an open risk catalogue for MCP tools. A verdict is a judgement of a tool's own definition, with its evidence; it does not say that a tool is safe.</p>
<p><a href="${links.to('glossary')}">Glossary</a> · <a href="${links.to('accuracy')}">Accuracy</a> · <a href="${links.to('status')}">Status</a> · <a href="${links.schema}">Policy schema</a>${links.openapi === undefined ? '' : html` · <a href="${links.to('api')}">API</a>`}</p>
</div></footer>
</body>
</html>
`,
  };
  frames.set(links, frame);
  return frame;
}

/** The search form; `size` tells the header's from the one on the home page. */
export function searchBox(action: string, query: string, size: 'small' | 'large'): Html {
  const id = `q-${size}`;
  return html`<form class="search ${size}" role="search" action="${action}" method="get">
<label class="unseen" for="${id}">Search tools and servers</label>
<input id="${id}" name="q" type="search" placeholder="Search tools and servers" value="${visibleLine(query)}" maxlength="200" dir="auto" autocomplete="off">
<button type="submit">Search</button></form>`;
}

const MARK = html`<svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false"><circle cx="16" cy="16" r="9.5"/><path d="M2 16h28"/></svg>`;
