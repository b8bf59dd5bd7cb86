import { COMBINATIONS } from '#recommend/combinations.ts';
import type { Links } from '../addresses/links.ts';
import { legKey } from '../browse/legs.ts';
import { Html, html } from '../markup/html.ts';
import { layout } from '../markup/layout.ts';
import { md, mdCode } from '../markup/markdown.ts';
import type { CataloguePage } from '../page.ts';

/** What a pasted configuration names, answered for the whole set. Only names of packages and addresses leave the page. */
const page: CataloguePage<Record<string, never>> = {
  id: 'check',
  of: 'catalogue',
  path: '/check',
  async load() {
    return { subject: {} };
  },
  render(_, links, here) {
    return layout(
      {
        title: 'Check a setup',
        description: 'Paste the MCP configuration of your client and read what its servers can do, alone and together.',
        scripts: ['check.js'],
        body: html`<header class="head"><h1>Check a setup</h1></header>
<p class="lead">Paste the configuration of your client. A script on this page keeps of it the names of packages and the addresses of remote servers; everything else, above all variables, headers and arguments, stays in your browser.</p>
<form id="check" hidden ${placesOf(links)}>
<label for="paste">Configuration (JSON, with comments if you like)</label>
<textarea id="paste" rows="12" spellcheck="false" autocomplete="off" placeholder='{ "mcpServers": { "files": { "command": "npx", "args": ["-y", "@modelcontextprotocol/server-filesystem", "/home"] } } }'></textarea>
<p id="kept-label">This is all that will be looked up:</p><pre id="kept" aria-labelledby="kept-label" aria-live="polite" tabindex="0"></pre>
<p><button class="button" type="submit">Look up</button></p></form>
<noscript><p class="note">Without a script nothing can be removed before it is sent, so nothing is sent. ${links.openapi === undefined ? '' : html`<code>POST /v1/resolve</code> of the <a href="${links.to('api')}">API</a> answers the same. `}<code>npm run plimsoll -- scan</code> reads your own configurations on your own machine.</p></noscript>
<section id="answer" aria-live="polite"></section>
${links.openapi === undefined ? table() : ''}`,
      },
      links,
      here,
    );
  },
  markdown: (_, links) => md`# Check a setup

The page of this name reads a pasted MCP configuration in the browser. ${links.openapi === undefined ? '' : md`Programs send it to ${mdCode('POST /v1/resolve')}, without variables, headers and secrets. `}${mdCode('npm run plimsoll -- scan')} reads your own configurations on your own machine.
`,
};

export default page;

/** Where the script asks: the API where somebody is there to answer, else the index that lies beside the pages. */
function placesOf(links: Links): Html {
  const root = links.to('home');
  return links.openapi === undefined
    ? html`data-root="${root}" data-lookup="${root}lookup/"`
    : html`data-root="${root}" data-api="/v1/resolve"`;
}

/** The table of toxic combinations, for the script to go through: data that no browser runs. */
function table(): Html {
  const rows = COMBINATIONS.map(({ title, why, legs }) => ({
    title,
    why,
    legs: legs.map((leg) => ({ title: leg.title, key: legKey(leg) })),
  }));
  return html`<script type="application/json" id="combinations">${new Html(JSON.stringify(rows).replaceAll('<', '\\u003c'))}</script>`;
}
