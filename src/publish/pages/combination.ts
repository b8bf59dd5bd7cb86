import type { ServerSummary } from '#domain/catalogue.ts';
import { COMBINATIONS } from '#recommend/combinations.ts';
import type { Links } from '../addresses/links.ts';
import { FACET_VALUES } from '../browse/facets.ts';
import { type Leg, legQuery } from '../browse/legs.ts';
import { type Html, html } from '../markup/html.ts';
import { layout } from '../markup/layout.ts';
import { md } from '../markup/markdown.ts';
import { categoryBadge } from '../markup/parts.ts';
import { mdMoreServers, mdServers, moreServers, serverList } from '../markup/server-list.ts';
import type { CataloguePage } from '../page.ts';

type Combination = (typeof COMBINATIONS)[number];

export interface CombinationSubject {
  readonly combination: Combination;
  readonly servers: readonly ServerSummary[];
  /** There are more than these. */
  readonly more: boolean;
}

const PER_PAGE = 100;

/** One toxic combination: why it is one, what fills its legs, and the servers whose own tools make it. */
const page: CataloguePage<CombinationSubject> = {
  id: 'combination',
  of: 'catalogue',
  path: '/combinations/:id',
  keys: () => COMBINATIONS.map(({ id }) => [id]),
  staticPages: 1,
  async load({ key, cursor }, catalogue) {
    const combination = COMBINATIONS.find(({ id }) => id === key[0]);
    if (!combination) return undefined;
    const { servers, next } = await catalogue.filling({
      legs: combination.legs.map(legQuery),
      cursor,
      limit: PER_PAGE,
    });
    return { subject: { combination, servers, more: next !== undefined }, ...(next !== undefined && { next }) };
  },
  render({ combination, servers, more }, links, here = {}) {
    const { title, why, legs } = combination;
    return layout(
      {
        title,
        description: why,
        body: html`<nav class="crumbs" aria-label="Breadcrumb"><a href="${links.to('browse')}">Browse</a></nav>
<header class="head"><h1>${title}</h1></header>
<p class="lead">${why}</p>
<section><h2>It takes</h2><ol>${legs.map((leg) => html`<li>a tool that ${leg.title}${by(leg, links)}</li>`)}</ol>
<p>One tool may be several of these. Each may be honest; an agent that has them all at hand can be led from one to the next. The recommended policy has the last step wait for a person.</p></section>
<section><h2>Servers whose own tools make it</h2>
${servers.length === 0 ? html`<p>None are known.</p>` : serverList(servers, links)}
${moreServers(more, here)}</section>`,
      },
      links,
      here,
    );
  },
  markdown: ({ combination: { title, why, legs }, servers, more }, links, here = {}) => md`# ${title}

${why}

It takes:

${legs.map((leg, at) => md`${at + 1}. a tool that ${leg.title}\n`)}
Servers whose own tools make it:

${mdServers(servers, links)}
${mdMoreServers(more, here)}`,
};

export default page;

/** The lists that a leg's tools are in. */
function by({ facets = [], categories = [] }: Leg, links: Links): Html {
  const linked = facets.flatMap((facet) => FACET_VALUES.filter(({ id }) => id === facet));
  return html`${linked.length === 0 ? '' : html` (${linked.map(({ id, title }, at) => html`${at > 0 ? ', or ' : ''}<a href="${links.to('facet', id)}">${title.toLowerCase()}</a>`)})`}${categories.map((category) => html` <a href="${links.to('category', category.toLowerCase())}">${categoryBadge(category)}</a>`)}`;
}
