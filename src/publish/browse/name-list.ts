import { foldedName, type MarkedName } from '#domain/lists.ts';
import type { Links } from '../addresses/links.ts';
import { type Html, html } from '../markup/html.ts';
import { type Markdown, md, mdCode, mdLink } from '../markup/markdown.ts';
import { categoryBadge, code, count, riskBadge } from '../markup/parts.ts';

/** Where a name leads: to its tool where one server alone has it, else to all tools of that name. */
function addressOf({ name, slug }: MarkedName, links: Links): string {
  return slug === undefined ? links.to('name', foldedName(name)) : links.tool(slug, name);
}

/** Names with how many servers have them and what was found of them, without what all of the list share. */
export function nameList(names: readonly MarkedName[], links: Links, shared?: 'category' | 'risk'): Html {
  return html`<ul class="tools">${names.map(
    (one) =>
      html`<li><div><a href="${addressOf(one, links)}">${code(one.name)}</a> <span class="quiet">${count(one.servers, 'server')}</span></div>
<p class="badges">${shared === 'risk' ? '' : one.risks.map((risk) => html`${riskBadge(risk)} `)}${shared === 'category' ? '' : one.categories.map((category) => html`${categoryBadge(category)} `)}</p></li>`,
  )}</ul>`;
}

/** The same as Markdown. */
export function mdNames(names: readonly MarkedName[], links: Links): Markdown {
  return md`${names.map(
    (one) =>
      md`- ${mdLink(mdCode(one.name), addressOf(one, links))}: ${count(one.servers, 'server')}; ${one.categories.join(', ')}; ${one.risks.join(', ')} risk\n`,
  )}`;
}
