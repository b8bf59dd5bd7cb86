import { taxonomy } from '#classify/taxonomy.ts';
import type { CatalogueServer, CatalogueTool } from '#domain/catalogue.ts';
import { type Html, html } from './html.ts';
import { reasonItem } from './quote.ts';

/** Facets that no taxonomy has: what is said of the definition rather than of the tool. */
const OTHERS: Readonly<Record<string, string>> = {
  'addresses-the-model':
    'Holds text that is addressed to a model or that a person does not see, and is trusted less for it',
};

/** Reasons shown of one facet. */
const SHOWN = 2;

/** What the definition shows beside category and risk, each with the words that show it; nothing where it shows none. */
export function facets(tool: CatalogueTool, server: CatalogueServer): Html | '' {
  const found = Object.entries(tool.assessment?.verdict.facets ?? {});
  if (found.length === 0) return '';
  return html`<section id="facets"><h2>What else the definition shows</h2>${found.map(([name, { value, evidence }]) => {
    const about = (Object.hasOwn(taxonomy.facets, name) && taxonomy.facets[name]?.about) || OTHERS[name] || name;
    const said = value === true ? 'yes' : value === false ? 'no' : value;
    return html`<h3 id="f-${name}">${about}: ${said}</h3><ul class="reasons">${evidence.slice(0, SHOWN).map(({ because, quote }) => reasonItem({ because, quotes: [quote] }, tool, server))}</ul>`;
  })}</section>`;
}
