import type { ServerSummary, Statistics } from '#domain/catalogue.ts';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';
import { byVisit, changeList, mdChanges, type Visited } from '../browse/change-list.ts';
import { type Html, html } from '../markup/html.ts';
import { layout, searchBox } from '../markup/layout.ts';
import { md, mdLink } from '../markup/markdown.ts';
import { categoryBadge, count, riskBadge } from '../markup/parts.ts';
import { mdServers, serverList } from '../markup/server-list.ts';
import type { CataloguePage } from '../page.ts';

export interface HomeSubject {
  readonly statistics: Statistics;
  /** The newest servers. */
  readonly some: readonly ServerSummary[];
  /** The visits that changed something last. */
  readonly visits: readonly Visited[];
}

const ABOUT =
  'An open risk catalogue for MCP tools: what each tool does, how bad an unwatched call can be, the evidence, and a policy to enforce.';

/** Tools named of each change. */
const NAMED = 5;

/** Servers and visits on the front page. */
const SHOWN = 6;

/** The front door: what this is, the search, what one can do here, the totals, what came last. */
const page: CataloguePage<HomeSubject> = {
  id: 'home',
  of: 'catalogue',
  path: '/',
  async load(_, catalogue) {
    const [statistics, { servers }, { changes }] = await Promise.all([
      catalogue.statistics(),
      catalogue.list({ limit: SHOWN, sort: 'newest' }),
      catalogue.latest({ visits: SHOWN }),
    ]);
    return { subject: { statistics, some: servers, visits: byVisit(changes) } };
  },
  render({ statistics, some, visits }, links, here) {
    return layout(
      {
        title: 'What an MCP tool may carry before an agent boards it',
        description: ABOUT,
        query: null,
        body: html`<section class="hero"><h1>What may a tool carry before an agent boards it?</h1>
<p class="lead">Plimsoll lists the tools of MCP servers, says what each can do and how bad an unwatched call can be, quotes the evidence, and writes the policy to enforce.</p>
${searchBox(links.search, '', 'large')}</section>
<section class="numbers" aria-label="Totals"><div><b>${statistics.servers.toLocaleString('en')}</b> servers</div><div><b>${statistics.tools.toLocaleString('en')}</b> tools</div><div><b>${(statistics.byOutcome.listed ?? 0).toLocaleString('en')}</b> servers listed their tools</div></section>
<section aria-label="What to do here"><ul class="tasks"><li><a href="${links.to('check')}">Check your setup</a><p class="quiet">Paste your client’s configuration and read what its servers can do, alone and together.</p></li>
<li><a href="${links.to('browse')}">Look around</a><p class="quiet">Tools by category, risk, facet, combination and name.</p></li>
<li><a href="${links.to('method')}">See how it is judged</a><p class="quiet">Every verdict has its quotes. <a href="${links.to('accuracy')}">How often it is right</a> is measured.</p></li></ul></section>
<div class="halves"><section><h2>Tools by risk</h2>${bars(RISKS.map((risk) => ({ label: html`<a href="${links.to('risk', risk)}">${riskBadge(risk)}</a>`, number: statistics.byRisk[risk], tone: risk })))}</section>
<section><h2>Tools by category</h2>${bars(CATEGORIES.map((category) => ({ label: html`<a href="${links.to('category', category.toLowerCase())}">${categoryBadge(category)}</a>`, number: statistics.byCategory[category], tone: category.toLowerCase() })))}</section></div>
<p class="quiet">${statistics.unassessed > 0 ? `${count(statistics.unassessed, 'tool')} not assessed yet. ` : ''}${statistics.static > 0 ? `${count(statistics.static, 'tool')} known from a package’s source only, not listed by a running server. ` : ''}<a href="${links.to('statistics')}">All statistics</a></p>
${some.length === 0 ? html`<p>The catalogue is empty. A crawl fills it.</p>` : html`<section><h2>New servers</h2>${serverList(some, links)}<p><a href="${links.to('servers')}">All servers</a></p></section>`}
${visits.length === 0 ? '' : html`<section><h2>What changed last</h2>${changeList(visits, links, true, NAMED)}<p><a href="${links.to('changes')}">All changes</a></p></section>`}`,
      },
      links,
      here,
    );
  },
  markdown: ({ statistics, some, visits }, links) => md`# Plimsoll

${ABOUT}

- ${count(statistics.servers, 'server')}, ${count(statistics.tools, 'tool')}; ${count(statistics.byOutcome.listed ?? 0, 'server')} listed their tools
- by risk: ${RISKS.map((risk) => `${risk} ${statistics.byRisk[risk]}`).join(', ')}
- by category: ${CATEGORIES.map((category) => `${category} ${statistics.byCategory[category]}`).join(', ')}

New servers:

${mdServers(some, links)}
${mdLink('All servers', links.to('servers'))}

What changed last:

${mdChanges(visits, links, true)}
${mdLink('All changes', links.to('changes'))}
`,
};

export default page;

interface Bar {
  readonly label: Html;
  readonly number: number;
  readonly tone: string;
}

function bars(rows: readonly Bar[]): Html {
  const most = Math.max(1, ...rows.map(({ number }) => number));
  return html`<ul class="bars">${rows.map(
    ({ label, number, tone }) =>
      html`<li>${label}<svg class="bar ${tone}" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false"><path d="M0 2h${((number / most) * 100).toFixed(1)}"/></svg><span class="number">${number.toLocaleString('en')}</span></li>`,
  )}</ul>`;
}
