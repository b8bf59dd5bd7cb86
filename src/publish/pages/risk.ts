import { taxonomy } from '#classify/taxonomy.ts';
import { CATEGORIES, RISKS, type Risk } from '#domain/verdict.ts';
import { loadMark, type MarkSubject, markMarkdown, markPage } from '../browse/mark-page.ts';
import { html } from '../markup/html.ts';
import { riskBadge } from '../markup/parts.ts';
import type { CataloguePage } from '../page.ts';

/** One level of risk, and the tools that carry it. */
const page: CataloguePage<MarkSubject> = {
  id: 'risk',
  of: 'catalogue',
  path: '/risks/:risk',
  keys: () => RISKS.map((risk) => [risk]),
  async load({ key }, catalogue) {
    const risk = RISKS.find((one) => one === key[0]);
    return risk && loadMark(risk, `risk:${risk}`, catalogue);
  },
  render: (subject, links, here) => markPage(frameOf(subject), subject, links, here),
  markdown: (subject, links) => markMarkdown(frameOf(subject), subject, links),
};

export default page;

function frameOf({ id }: MarkSubject) {
  const risk = id as Risk;
  const from = CATEGORIES.filter((category) => taxonomy.risk.start[category] === risk);
  return {
    title: `Tools of ${risk} risk`,
    about: `${from.length > 0 ? `${from.join(' and ')} tools start here` : 'No category starts here'}; named reasons raise or lower a tool from where its category starts.`,
    head: html`<p class="badges">${riskBadge(risk)}</p>`,
    more: html`<p>${taxonomy.risk.about}</p>`,
    filters: { risk },
  };
}
