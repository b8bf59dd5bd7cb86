import { displayName } from '#core/display-name.ts';
import type { ServerSummary } from '#domain/catalogue.ts';
import type { Links } from '../addresses/links.ts';
import { goesOn, mdGoesOn } from '../browse/goes-on.ts';
import { OUTCOME_TITLES } from '../facts/visit.ts';
import type { Here } from '../page.ts';
import { type Html, html } from './html.ts';
import { type Markdown, md, mdLink } from './markdown.ts';
import { count, riskBadge, words } from './parts.ts';

/** Servers as a list of links, each with what is known at a glance. */
export function serverList(servers: readonly ServerSummary[], links: Links): Html {
  return html`<ul class="servers">${servers.map(
    (
      server,
    ) => html`<li><div><a href="${links.server(server.slug)}">${words(displayName(server))}</a> <span class="quiet">${words(server.slug)}</span>
${server.description ? html`<p class="quiet clamp" dir="auto" lang="">${words(server.description.trim().slice(0, 240).replace(/\s+/g, ' '))}</p>` : ''}</div>
<p class="badges">${server.risk ? riskBadge(server.risk) : ''} <span class="quiet">${server.toolCount > 0 ? count(server.toolCount, 'tool') : OUTCOME_TITLES[server.outcome ?? 'unvisited']}</span></p></li>`,
  )}</ul>`;
}

const part = (more: boolean) => ({ more, label: 'More servers', these: 'the first, in order of address' });

/** Where a list of servers goes on; or that it does, where the site has its first page only. */
export function moreServers(more: boolean, here: Here): Html | '' {
  return goesOn(part(more), here);
}

/** The same as Markdown. */
export function mdMoreServers(more: boolean, here: Here): Markdown | '' {
  return mdGoesOn(part(more), here);
}

/** Servers as a list of links in Markdown. */
export function mdServers(servers: readonly ServerSummary[], links: Links): Markdown {
  return md`${servers.map(
    (server) =>
      md`- ${mdLink(displayName(server), links.server(server.slug))} (${server.slug}): ${server.toolCount > 0 ? count(server.toolCount, 'tool') : OUTCOME_TITLES[server.outcome ?? 'unvisited']}${server.risk ? `, up to ${server.risk} risk` : ''}\n`,
  )}`;
}
