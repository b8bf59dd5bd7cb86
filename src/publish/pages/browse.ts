import { CATEGORIES, RISKS } from '#domain/verdict.ts';
import { COMBINATIONS } from '#recommend/combinations.ts';
import { FACET_VALUES } from '../browse/facets.ts';
import { sourcesDeclared } from '../facts/method.ts';
import { html } from '../markup/html.ts';
import { layout } from '../markup/layout.ts';
import { md, mdLink } from '../markup/markdown.ts';
import { categoryBadge, riskBadge } from '../markup/parts.ts';
import type { CataloguePage } from '../page.ts';

export interface BrowseSubject {
  readonly sources: readonly { readonly id: string; readonly title: string }[];
}

/** Every way into the catalogue. */
const page: CataloguePage<BrowseSubject> = {
  id: 'browse',
  of: 'catalogue',
  path: '/browse',
  async load() {
    return { subject: { sources: [...(await sourcesDeclared()).values()] } };
  },
  render({ sources }, links, here) {
    return layout(
      {
        title: 'Browse',
        description: 'Tools and servers by category, risk, facet, combination, source and name.',
        body: html`<header class="head"><h1>Browse</h1></header>
<p><a href="${links.to('servers')}">All servers</a> by address, <a href="${links.to('names')}">all tools</a> by name, <a href="${links.to('changes')}">what changed</a> last, and <a href="${links.to('contradictions')}">what authors declare otherwise</a>.</p>
<div class="halves"><section><h2>By category</h2><ul class="ways">${CATEGORIES.map((category) => html`<li><a href="${links.to('category', category.toLowerCase())}">${categoryBadge(category)}</a></li>`)}</ul></section>
<section><h2>By risk</h2><ul class="ways">${RISKS.map((risk) => html`<li><a href="${links.to('risk', risk)}">${riskBadge(risk)}</a></li>`)}</ul></section>
<section><h2>By what a definition shows</h2><ul>${FACET_VALUES.map(({ id, title }) => html`<li><a href="${links.to('facet', id)}">${title}</a></li>`)}</ul></section>
<section><h2>By what tools of one server can do together</h2><ul>${COMBINATIONS.map(({ id, title }) => html`<li><a href="${links.to('combination', id)}">${title}</a></li>`)}</ul></section>
<section><h2>By source</h2><ul class="names">${sources.map(({ id, title }) => html`<li><a href="${links.to('source', id)}">${title}</a></li>`)}</ul></section></div>`,
      },
      links,
      here,
    );
  },
  markdown: ({ sources }, links) => md`# Browse

- ${mdLink('All servers', links.to('servers'))}
- ${mdLink('Names of tools', links.to('names'))}
- ${mdLink('What changed last', links.to('changes'))}
- ${mdLink('Contradicted annotations', links.to('contradictions'))}
${CATEGORIES.map((category) => md`- ${mdLink(`${category} tools`, links.to('category', category.toLowerCase()))}\n`)}
${RISKS.map((risk) => md`- ${mdLink(`Tools of ${risk} risk`, links.to('risk', risk))}\n`)}
${FACET_VALUES.map(({ id, title }) => md`- ${mdLink(title, links.to('facet', id))}\n`)}
${COMBINATIONS.map(({ id, title }) => md`- ${mdLink(title, links.to('combination', id))}\n`)}
${sources.map(({ id, title }) => md`- ${mdLink(title, links.to('source', id))}\n`)}`,
};

export default page;
