import { taxonomy } from '#classify/taxonomy.ts';
import { CATEGORIES, type Category } from '#domain/verdict.ts';
import { loadMark, type MarkSubject, markMarkdown, markPage } from '../browse/mark-page.ts';
import { html } from '../markup/html.ts';
import { categoryBadge, riskBadge } from '../markup/parts.ts';
import type { CataloguePage } from '../page.ts';

const byKey = new Map(CATEGORIES.map((name) => [name.toLowerCase(), name]));

/** One category: what it means, and the tools of which it was found. */
const page: CataloguePage<MarkSubject> = {
  id: 'category',
  of: 'catalogue',
  path: '/categories/:category',
  keys: () => [...byKey.keys()].map((key) => [key]),
  async load({ key }, catalogue) {
    const category = byKey.get(key[0]!);
    return category && loadMark(category, `category:${category}`, catalogue);
  },
  render: (subject, links, here) => markPage(frameOf(subject), subject, links, here),
  markdown: (subject, links) => markMarkdown(frameOf(subject), subject, links),
};

export default page;

function frameOf({ id }: MarkSubject) {
  const category = id as Category;
  const { means, includes, typical } = taxonomy.categories[category];
  return {
    title: `${category} tools`,
    about: means,
    head: html`<p class="badges">${categoryBadge(category)} ${riskBadge(taxonomy.risk.start[category])} <span class="quiet">to begin with</span></p>`,
    more: html`<p>${includes}</p><p class="quiet">Typical: ${typical.map((one, at) => html`${at > 0 ? ', ' : ''}<code>${one}</code>`)}.</p>`,
    filters: { category },
  };
}
