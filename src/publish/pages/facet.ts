import { FACET_VALUES } from '../browse/facets.ts';
import { loadMark, type MarkSubject, markMarkdown, markPage } from '../browse/mark-page.ts';
import type { CataloguePage } from '../page.ts';

/** One facet, and the tools whose definitions show it. */
const page: CataloguePage<MarkSubject> = {
  id: 'facet',
  of: 'catalogue',
  path: '/facets/:facet',
  keys: () => FACET_VALUES.map(({ id }) => [id]),
  async load({ key }, catalogue) {
    const facet = FACET_VALUES.find(({ id }) => id === key[0]);
    return facet && loadMark(facet.id, facet.mark, catalogue);
  },
  render: (subject, links, here) => markPage(frameOf(subject), subject, links, here),
  markdown: (subject, links) => markMarkdown(frameOf(subject), subject, links),
};

export default page;

function frameOf({ id }: MarkSubject) {
  const { title } = FACET_VALUES.find((one) => one.id === id)!;
  return {
    title,
    about:
      'A facet is something that a definition shows beside its category and its risk, with the words that show it.',
    filters: { facet: id },
  };
}
