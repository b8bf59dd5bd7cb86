import { displayName } from '#core/display-name.ts';
import type { ListedTool } from '#domain/lists.ts';
import type { Links } from '../addresses/links.ts';
import { type Html, html } from '../markup/html.ts';
import { type Markdown, md, mdCode, mdLink } from '../markup/markdown.ts';
import { categoryBadge, code, riskBadge, words } from '../markup/parts.ts';

/** A tool in a list, with its author's words where the list has them. */
export type ShownTool = ListedTool & { readonly description?: string };

/** Tools of several servers as a list of links. */
export function toolList(tools: readonly ShownTool[], links: Links): Html {
  return html`<ul class="tools">${tools.map(
    ({ name, server, provenance, verdict, description }) =>
      html`<li><div><a href="${links.tool(server.slug, name)}">${code(name)}</a> <span class="quiet">on <a href="${links.server(server.slug)}">${words(displayName(server))}</a></span>${
        description
          ? html`<p class="quiet clamp" dir="auto" lang="">${words(description.trim().slice(0, 240).replace(/\s+/g, ' '))}</p>`
          : ''
      }</div>
<p class="badges">${verdict ? html`${riskBadge(verdict.risk)} ${categoryBadge(verdict.category)}` : html`<span class="badge unknown">Not assessed</span>`}${provenance === 'static' ? html` <span class="badge static">Read from source</span>` : ''}</p></li>`,
  )}</ul>`;
}

/** The same as Markdown. */
export function mdTools(tools: readonly ShownTool[], links: Links): Markdown {
  return md`${tools.map(
    ({ name, server, verdict, provenance }) =>
      md`- ${mdLink(mdCode(name), links.tool(server.slug, name))} on ${mdLink(displayName(server), links.server(server.slug))}: ${verdict ? `${verdict.category}, ${verdict.risk} risk` : 'not assessed'}${provenance === 'static' ? ', read from source' : ''}\n`,
  )}`;
}
