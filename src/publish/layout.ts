import { html } from 'hono/html';
import { visibleLine } from '#core/visible.ts';
import type { Links } from './links.ts';
import type { Html } from './page.ts';

interface Shell {
  /** Title of the page without the catalogue's name; may hold a stranger's words. */
  readonly title: string;
  readonly description: string;
  readonly body: Html;
  /** The page's own address; absent for one that has none. */
  readonly path?: string;
  /** What the search box in the header holds; null where the page has a box of its own. */
  readonly query?: string | null;
}

/** Nothing runs, nothing is fetched from elsewhere, nobody frames it. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'";

/** The document around every page. */
export function layout(shell: Shell, links: Links): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${visibleLine(shell.title)} · Plimsoll</title>
<meta name="description" content="${visibleLine(shell.description).slice(0, 300).toWellFormed()}">
${
  links.origin === undefined || shell.path === undefined
    ? ''
    : html`<link rel="canonical" href="${links.origin}${shell.path}">
`
}<link rel="icon" type="image/svg+xml" href="${links.asset('mark.svg')}">
<link rel="stylesheet" href="${links.asset('style.css')}">
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="top"><div class="wide">
<a class="brand" href="${links.home}">${MARK}<span>Plimsoll</span></a>
<nav aria-label="Catalogue"><a href="${links.servers}">Servers</a> <a href="${links.contradictions}">Contradictions</a> <a href="${links.method}">Method</a></nav>
${links.search === undefined || shell.query === null ? '' : searchBox(links.search, shell.query ?? '', 'small')}
</div></header>
<main id="main" class="wide">
${shell.body}
</main>
<footer class="bottom"><div class="wide">
<p>Plimsoll is an open risk catalogue for MCP tools. A verdict is a judgement of a tool's own definition, with its evidence; it does not say that a tool is safe.</p>
<p><a href="${links.schema}">Policy schema</a>${links.openapi === undefined ? '' : html` · <a href="${links.openapi}">API</a>`}</p>
</div></footer>
</body>
</html>
`;
}

/** The search form; `size` tells the header's from the one on the home page. */
export function searchBox(action: string, query: string, size: 'small' | 'large'): Html {
  const id = `q-${size}`;
  return html`<form class="search ${size}" role="search" action="${action}" method="get">
<label class="unseen" for="${id}">Search servers</label>
<input id="${id}" name="q" type="search" placeholder="Search servers" value="${visibleLine(query)}" maxlength="200" dir="auto" autocomplete="off">
<button type="submit">Search</button></form>`;
}

const MARK = html`<svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false"><circle cx="16" cy="16" r="9.5"/><path d="M2 16h28"/></svg>`;
