import { html } from 'hono/html';
import type { ServerSummary } from '#domain/catalogue.ts';
import { layout } from '../layout.ts';
import type { Page } from '../page.ts';
import { words } from '../parts.ts';
import { serverList } from '../server-list.ts';

export interface ServersSubject {
  readonly servers: readonly ServerSummary[];
  /** What was searched for. */
  readonly text?: string;
  /** Address of the next page. */
  readonly next?: string;
}

/** The list of servers, page by page, or what a search found. */
const page: Page<ServersSubject> = {
  id: 'servers',
  render({ servers, text, next }, links) {
    return layout(
      {
        title: text ? `Search: ${text}` : 'Servers',
        description: 'MCP servers in the Plimsoll risk catalogue.',
        ...(text !== undefined && { query: text }),
        body: html`<header class="head"><h1>Servers${text ? html` matching ${words(text)}` : ''}</h1></header>
${servers.length === 0 ? html`<p>${text ? 'No server matches.' : 'No servers here.'} <a href="${links.servers}">All servers</a></p>` : serverList(servers, links)}
${next === undefined ? '' : html`<p><a class="button" rel="next" href="${next}">More servers</a></p>`}`,
      },
      links,
    );
  },
};

export default page;
