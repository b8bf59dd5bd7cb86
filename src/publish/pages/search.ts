import type { ServerSummary } from '#domain/catalogue.ts';
import type { Mark } from '#domain/lists.ts';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';
import type { Links } from '../addresses/links.ts';
import { FACET_VALUES } from '../browse/facets.ts';
import { mdTools, type ShownTool, toolList } from '../browse/tool-list.ts';
import { type Html, html } from '../markup/html.ts';
import { layout } from '../markup/layout.ts';
import { md, mdLink } from '../markup/markdown.ts';
import { words } from '../markup/parts.ts';
import { mdServers, serverList } from '../markup/server-list.ts';
import type { CataloguePage } from '../page.ts';

const FILTERS = ['category', 'risk', 'facet'] as const;
type Chosen = Readonly<Partial<Record<(typeof FILTERS)[number], string>>>;

export interface SearchSubject {
  readonly text?: string;
  readonly chosen: Chosen;
  /** Absent on later pages, and where only filters are given. */
  readonly servers?: readonly ServerSummary[];
  /** Absent where nothing was asked for. */
  readonly tools?: readonly ShownTool[];
}

const TOOLS = 50;
const SERVERS = 8;

/** What filters may be set to, and the words for it. */
const CHOICES: Readonly<Record<(typeof FILTERS)[number], readonly (readonly [string, string])[]>> = {
  category: CATEGORIES.map((category) => [category, category]),
  risk: RISKS.map((risk) => [risk, `${risk} risk`]),
  facet: FACET_VALUES.map(({ id, title }) => [id, title]),
};

/** Tools and servers by words and filters. Where nobody is there to answer, a script looks in the index that lies beside. */
const page: CataloguePage<SearchSubject> = {
  id: 'search',
  of: 'catalogue',
  path: '/search',
  parameters: ['q', ...FILTERS],
  unlisted: true,
  async load({ cursor, parameters }, catalogue) {
    const text = parameters.q?.trim().slice(0, 200).toWellFormed() || undefined;
    const chosen: Chosen = Object.fromEntries(
      FILTERS.flatMap((name) => {
        const value = parameters[name];
        return CHOICES[name].some(([id]) => id === value) ? [[name, value]] : [];
      }),
    );
    const marks = FILTERS.flatMap((name) => (chosen[name] === undefined ? [] : [`${name}:${chosen[name]}` as Mark]));
    if (text === undefined && marks.length === 0) return { subject: { chosen } };
    const [{ tools, next }, found] = await Promise.all([
      catalogue.tools({ text, marks, cursor, limit: TOOLS }),
      text === undefined || cursor !== undefined || marks.length > 0
        ? undefined
        : catalogue.list({ text, limit: SERVERS }),
    ]);
    const servers = found && { servers: found.servers };
    return { subject: { ...(text && { text }), chosen, tools, ...servers }, ...(next !== undefined && { next }) };
  },
  render(subject, links, here = {}) {
    const { text, servers, tools } = subject;
    return layout(
      {
        title: text ? `Search: ${text}` : 'Search',
        description: 'Find MCP tools and servers.',
        query: null,
        unlisted: true,
        ...(links.find === undefined && { scripts: ['search.js'] as const }),
        body: html`<header class="head"><h1>Search${text ? html` for ${words(text)}` : ''}</h1></header>
${form(subject, links)}
${links.find === undefined ? withoutServer(links) : ''}
${servers === undefined || servers.length === 0 ? '' : html`<section><h2>Servers</h2>${serverList(servers, links)}</section>`}
${tools === undefined ? '' : html`<section><h2>Tools</h2>${tools.length === 0 ? html`<p>No tool matches. <a href="${links.to('names')}">Names by letter</a></p>` : toolList(tools, links)}</section>`}
${here.next === undefined ? '' : html`<p><a class="button" rel="next" href="${here.next}">More tools</a></p>`}`,
      },
      links,
      here,
    );
  },
  markdown: ({ text, servers = [], tools = [] }, links, here = {}) => md`# Search${text ? md` for ${text}` : ''}

${mdServers(servers, links)}
${mdTools(tools, links)}
${here.next === undefined ? '' : md`${mdLink('More tools', here.next)}\n`}`,
};

export default page;

function form({ text = '', chosen }: SearchSubject, links: Links): Html {
  const filters =
    links.find === undefined
      ? ''
      : html`<div class="filters">${FILTERS.map(
          (name) =>
            html`<label>${name[0]!.toUpperCase()}${name.slice(1)} <select name="${name}"><option value="">any</option>${CHOICES[name].map(([id, title]) => (chosen[name] === id ? html`<option value="${id}" selected>${title}</option>` : html`<option value="${id}">${title}</option>`))}</select></label>`,
        )}</div>`;
  return html`<form class="search wide-search" role="search" action="${links.search}" method="get">
<div class="row"><label class="unseen" for="q">Words</label><input id="q" name="q" type="search" value="${text}" maxlength="200" dir="auto" autocomplete="off" placeholder="createIssue, delete repository, postgres …">
<button type="submit">Search</button></div>${filters}</form>`;
}

/** What the script fills, and what stands there without it. */
function withoutServer(links: Links): Html {
  return html`<div id="found" data-index="${links.to('home')}search/" data-root="${links.to('home')}" aria-live="polite"><p>These pages are files, so a script looks in their index. Without it: <a href="${links.to('names')}">tools by the letters of their names</a>, <a href="${links.to('servers')}">all servers</a>.</p></div>`;
}
