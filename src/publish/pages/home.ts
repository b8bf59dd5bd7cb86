import type { ServerSummary, Statistics } from '#domain/catalogue.ts';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';
import { type Html, html } from '../html.ts';
import { layout, searchBox } from '../layout.ts';
import { md, mdLink } from '../markdown.ts';
import type { CataloguePage } from '../page.ts';
import { categoryBadge, count, riskBadge } from '../parts.ts';
import { mdServers, serverList } from '../server-list.ts';

export interface HomeSubject {
  readonly statistics: Statistics;
  /** A few servers to begin with. */
  readonly some: readonly ServerSummary[];
}

/** Servers on the front page. */
const SHOWN = 12;

/** The front door: what this is, the search, the totals, what came last. */
const page: CataloguePage<HomeSubject> = {
  id: 'home',
  of: 'catalogue',
  path: '/',
  async load(_, catalogue) {
    const [statistics, { servers }] = await Promise.all([catalogue.statistics(), catalogue.list({ limit: SHOWN })]);
    return { subject: { statistics, some: servers } };
  },
  render({ statistics, some }, links, here) {
    return layout(
      {
        title: 'What an MCP tool may carry before an agent boards it',
        description:
          'An open risk catalogue for MCP tools: what each tool does, how bad an unwatched call can be, the evidence, and a policy to enforce.',
        query: null,
        body: html`<section class="hero"><h1>What may a tool carry before an agent boards it?</h1>
<p class="lead">Plimsoll lists the tools of MCP servers, says what each can do and how bad an unwatched call can be, quotes the evidence, and writes the policy to enforce.</p>
${searchBox(links.search, '', 'large')}</section>
<section class="numbers" aria-label="Totals"><div><b>${statistics.servers.toLocaleString('en')}</b> servers</div><div><b>${statistics.tools.toLocaleString('en')}</b> tools</div><div><b>${(statistics.byOutcome.listed ?? 0).toLocaleString('en')}</b> servers listed their tools</div></section>
<div class="halves"><section><h2>Tools by risk</h2>${bars(RISKS.map((risk) => ({ label: riskBadge(risk), number: statistics.byRisk[risk], tone: risk })))}</section>
<section><h2>Tools by category</h2>${bars(CATEGORIES.map((category) => ({ label: categoryBadge(category), number: statistics.byCategory[category], tone: category.toLowerCase() })))}</section></div>
${statistics.unassessed > 0 ? html`<p class="quiet">${count(statistics.unassessed, 'tool')} not assessed yet.</p>` : ''}
${statistics.static > 0 ? html`<p class="quiet">${count(statistics.static, 'tool')} known from a package's source only, not listed by a running server.</p>` : ''}
${some.length === 0 ? html`<p>The catalogue is empty. A crawl fills it.</p>` : html`<section><h2>Servers</h2>${serverList(some, links)}<p><a href="${links.to('servers')}">All servers</a></p></section>`}`,
      },
      links,
      here,
    );
  },
  markdown: ({ statistics, some }, links) => md`# Plimsoll

An open risk catalogue for MCP tools: what each tool does, how bad an unwatched call can be, the evidence, and a policy to enforce.

- ${count(statistics.servers, 'server')}, ${count(statistics.tools, 'tool')}; ${count(statistics.byOutcome.listed ?? 0, 'server')} listed their tools
- by risk: ${RISKS.map((risk) => `${risk} ${statistics.byRisk[risk]}`).join(', ')}
- by category: ${CATEGORIES.map((category) => `${category} ${statistics.byCategory[category]}`).join(', ')}

${mdServers(some, links)}
${mdLink('All servers', links.to('servers'))}
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
