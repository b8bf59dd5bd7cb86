import type { ServerSummary } from '#domain/catalogue.ts';
import { html } from '../markup/html.ts';
import { layout } from '../markup/layout.ts';
import { md, mdLink } from '../markup/markdown.ts';
import { words } from '../markup/parts.ts';
import { mdServers, serverList } from '../markup/server-list.ts';
import type { CataloguePage } from '../page.ts';

export interface ServersSubject {
  readonly servers: readonly ServerSummary[];
  /** What was searched for. */
  readonly text?: string;
}

const PER_PAGE = 100;

/** The list of servers, page by page, or what a search found. */
const page: CataloguePage<ServersSubject> = {
  id: 'servers',
  of: 'catalogue',
  path: '/servers/',
  parameters: ['q'],
  async load({ cursor, parameters }, catalogue) {
    const text = parameters.q?.trim().slice(0, 200).toWellFormed() || undefined;
    const { servers, next } = await catalogue.list({ limit: PER_PAGE, cursor, text });
    return { subject: { servers, ...(text && { text }) }, ...(next !== undefined && { next }) };
  },
  render({ servers, text }, links, here = {}) {
    return layout(
      {
        title: text ? `Search: ${text}` : 'Servers',
        description: 'MCP servers in the Plimsoll risk catalogue.',
        ...(text !== undefined && { query: text, unlisted: true }),
        body: html`<header class="head"><h1>Servers${text ? html` matching ${words(text)}` : ''}</h1></header>
${servers.length === 0 ? html`<p>${text ? 'No server matches.' : 'No servers here.'} <a href="${links.to('servers')}">All servers</a></p>` : serverList(servers, links)}
${here.next === undefined ? '' : html`<p><a class="button" rel="next" href="${here.next}">More servers</a></p>`}`,
      },
      links,
      here,
    );
  },
  markdown: ({ servers, text }, links, here = {}) => md`# Servers${text ? md` matching ${text}` : ''}

${mdServers(servers, links)}
${
  here.next === undefined
    ? ''
    : md`${mdLink('More servers', here.next)}
`
}`,
};

export default page;
