import type { CatalogueServer } from '#domain/catalogue.ts';
import { combinationsOf } from '#recommend/combinations.ts';
import type { Links } from '../addresses/links.ts';
import { type Html, html } from '../markup/html.ts';
import { code } from '../markup/parts.ts';
import { term } from './glossary.ts';

/** Tools named for one leg before the rest is counted. */
const NAMED = 6;

/** What a server's tools can do together as a section of its page, with the tools that make it; nothing where there is none. */
export function combinationsSection(server: CatalogueServer, links: Links): Html | '' {
  const found = combinationsOf(server);
  if (found.length === 0) return '';
  return html`<section id="combinations"><h2>What its tools can do together</h2><p>Each of these tools may be honest; an agent that has them all at hand can be led from one to the next. That is called a ${term('combination', 'toxic combination', links)}.</p>${found.map(
    ({ id, title, why, legs }) =>
      html`<h3 id="c-${id}"><a href="${links.to('combination', id)}">${title}</a></h3><p>${why}</p><ul>${legs.map(
        (leg) =>
          html`<li>${leg.title}: ${leg.tools.slice(0, NAMED).map(({ name }, at) => html`${at > 0 ? ', ' : ''}<a href="${links.tool(server.slug, name)}">${code(name)}</a>`)}${leg.tools.length > NAMED ? ` and ${leg.tools.length - NAMED} more` : ''}</li>`,
      )}</ul>`,
  )}</section>`;
}
