import { taxonomy } from '#classify/taxonomy.ts';
import { visibleLine } from '#core/visible.ts';
import { sentence } from '#recommend/reasons.ts';
import type { Links } from '../addresses/links.ts';
import { type Html, html } from '../markup/html.ts';
import { type Quoting, quotations } from './reasons.ts';
import { linkedFacet } from './shared-links.ts';

/** Facets that no taxonomy has: what is said of the definition rather than of the tool. */
const OTHERS: Readonly<Record<string, string>> = {
  'addresses-the-model':
    'Holds text that is addressed to a model or that a person does not see, and is trusted less for it',
};

/** What the definition shows beside category and risk, each with the words that show it; nothing where it shows none. */
export function facets(quoting: Quoting, links: Links): Html | undefined {
  const all = quoting.tool.assessment?.verdict.facets ?? {};
  const names = Object.keys(all);
  if (names.length === 0) return undefined;
  return html`<section id="facets"><h2>What else the definition shows</h2><dl class="shown">${names.map((name) => {
    const { value, evidence } = all[name]!;
    const about = (Object.hasOwn(taxonomy.facets, name) && taxonomy.facets[name]?.about) || OTHERS[name] || name;
    const first = evidence[0];
    return html`<div id="f-${name}"><dt>${linkedFacet(name, value, about, links)}</dt><dd>${first && [visibleLine(sentence(first.because)), quotations([first.quote], quoting)]}</dd></div>`;
  })}</dl></section>`;
}
