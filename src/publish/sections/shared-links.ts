import type { CatalogueTool } from '#domain/catalogue.ts';
import type { Category } from '#domain/verdict.ts';
import type { Links } from '../addresses/links.ts';
import { FACET_VALUES } from '../browse/facets.ts';
import { type Html, html } from '../markup/html.ts';
import { categoryBadge, riskBadge, verdictBadges } from '../markup/parts.ts';

const sites = new WeakMap<Links, Map<string, Html>>();

/** Markup that many pages have in common, made once for a site. */
function once(links: Links, name: string, make: () => Html): Html {
  const known = sites.get(links) ?? new Map<string, Html>();
  sites.set(links, known);
  const made = known.get(name) ?? make();
  known.set(name, made);
  return made;
}

/** Both badges of a tool, each leading to all tools that bear it. */
export function linkedBadges(tool: CatalogueTool, links: Links): Html {
  const verdict = tool.assessment?.verdict;
  if (!verdict) return verdictBadges(tool);
  const { category, risk } = verdict;
  return once(
    links,
    `${risk} ${category}`,
    () =>
      html`<a class="plain" href="${links.to('risk', risk)}">${riskBadge(risk)}</a> ${linkedCategory(category, links)}`,
  );
}

/** A category's badge that leads to all its tools. */
export function linkedCategory(category: Category, links: Links): Html {
  return once(
    links,
    category,
    () => html`<a class="plain" href="${links.to('category', category.toLowerCase())}">${categoryBadge(category)}</a>`,
  );
}

const FACETS = new Map(FACET_VALUES.map(({ id, mark }) => [mark as string, id]));

/** What a facet's value says, leading to all tools that have it where there is such a page. */
export function linkedFacet(name: string, value: string | boolean, about: string, links: Links): Html {
  return once(links, `facet ${name} ${value}`, () => {
    const said = value === true ? 'yes' : value === false ? 'no' : value;
    const id = value === false ? undefined : FACETS.get(value === true ? `facet:${name}` : `facet:${name}=${value}`);
    const title = html`${about}: <b>${said}</b>`;
    return id === undefined ? title : html`<a href="${links.to('facet', id)}">${title}</a>`;
  });
}
