import { displayName } from '#core/display-name.ts';
import { excerpt, placeOf } from '#recommend/reasons.ts';
import type { Links } from '../addresses/links.ts';
import { goesOn, mdGoesOn } from '../browse/goes-on.ts';
import { type Contradicted, contradicted } from '../facts/contradictions.ts';
import { type Html, html } from '../markup/html.ts';
import { layout } from '../markup/layout.ts';
import { md, mdCode, mdLink } from '../markup/markdown.ts';
import { code, words } from '../markup/parts.ts';
import type { CataloguePage } from '../page.ts';

export interface ContradictionsSubject {
  readonly rows: readonly Contradicted[];
  /** There are annotated tools beyond those that were looked through for these. */
  readonly more: boolean;
}

/** Annotated tools that a page looks through. */
const ANNOTATED = 1_000;
const REST = { label: 'More', these: 'those of the tools that were met first' };

const CLAIMS = { safer: 'looks safer than it reads', graver: 'looks graver than it reads' } as const;

/** Where authors' annotations and definitions contradict each other, one row a hint. */
const page: CataloguePage<ContradictionsSubject> = {
  id: 'contradictions',
  of: 'catalogue',
  path: '/contradictions/',
  staticPages: 20,
  async load({ cursor }, catalogue) {
    const after = cursor === undefined ? undefined : /^\d{1,15}$/.test(cursor) ? Number(cursor) : null;
    if (after === null) return undefined;
    const { tools, next } = await catalogue.annotated({ after, limit: ANNOTATED });
    return {
      subject: { rows: contradicted(tools), more: next !== undefined },
      ...(next !== undefined && { next: String(next) }),
    };
  },
  render({ rows, more }, links, here = {}) {
    return layout(
      {
        title: 'Contradicted annotations',
        description: 'MCP tools whose annotations say something else than their own definitions.',
        body: html`<header class="head"><h1>Contradicted annotations</h1></header>
<p>An annotation is what a tool’s author declares of it. Here the same author’s definition reads otherwise. Either may be mistaken, the verdict too: <a href="${links.to('method')}">how verdicts are made and disputed</a>. A hint that is not declared is no claim and is not listed.</p>
${
  rows.length === 0
    ? html`<p>${more ? 'None on this page.' : 'None are known.'}</p>`
    : html`<div class="table" tabindex="0" role="region" aria-label="Contradicted annotations"><table><thead><tr><th scope="col">Tool</th><th scope="col">Declared</th><th scope="col">The definition</th></tr></thead><tbody>${rows.map((row) => line(row, links))}</tbody></table></div>`
}
${goesOn({ more, ...REST }, here)}`,
      },
      links,
      here,
    );
  },
  markdown: ({ rows, more }, links, here = {}) => md`# Contradicted annotations

What a tool’s author declares of it, where the same author’s definition reads otherwise. Either may be mistaken, the verdict too: ${mdLink('how verdicts are made and disputed', links.to('method'))}.

${rows.map(({ server, contradiction: { tool, hint, declared, found, claims } }) => md`- ${mdLink(mdCode(tool), links.tool(server.slug, tool))} of ${displayName(server)} declares ${mdCode(`${hint}: ${String(declared)}`)} (${CLAIMS[claims]}): ${found}\n`)}
${mdGoesOn({ more, ...REST }, here)}`,
};

export default page;

/** One contradiction, with the strongest of what the definition says against the claim. */
function line({ server, contradiction }: Contradicted, links: Links): Html {
  const { tool, hint, declared, found, claims, evidence } = contradiction;
  const proof = evidence.toSorted((a, b) => b.weight - a.weight)[0];
  return html`<tr><td><a href="${links.tool(server.slug, tool)}">${code(tool)}</a> <span class="quiet">${words(displayName(server))}</span></td><td><code>${hint}: ${String(declared)}</code> <span class="quiet">${CLAIMS[claims]}</span></td><td>${found}${proof ? html`: <q><bdi lang="">${words(excerpt(proof.quote.text))}</bdi></q> <span class="quiet">(${words(placeOf(proof.quote))})</span>` : ''}</td></tr>`;
}
