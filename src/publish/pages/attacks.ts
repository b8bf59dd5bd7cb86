import { ATTACK_KINDS, type Attack } from '#recommend/attacks/attack.ts';
import { allAttacks } from '#recommend/attacks/library.ts';
import type { Links } from '../addresses/links.ts';
import { term } from '../facts/glossary.ts';
import { ATTACK_KIND_TITLES, attackDate, dateInWords, instantOf } from '../markup/attack-parts.ts';
import { html } from '../markup/html.ts';
import { layout } from '../markup/layout.ts';
import { md, mdLink } from '../markup/markdown.ts';
import { categoryBadge, count } from '../markup/parts.ts';
import type { CataloguePage } from '../page.ts';

/** Every documented attack, the newest first, by what it was. */
const page: CataloguePage<readonly Attack[]> = {
  id: 'attacks',
  of: 'catalogue',
  path: '/attacks/',
  async load() {
    return { subject: allAttacks() };
  },
  render: (attacks, links, here) =>
    layout(
      {
        title: 'Documented attacks',
        description: `${count(attacks.length, 'documented attack')} on users of MCP, each with its sources, the tools that it concerns and the rule that would have stopped it.`,
        body: html`<header class="head"><h1>Documented attacks</h1></header>
<p>What was done or shown against users of MCP, in our own words, with sources. Pages of tools name those that fit them by ${term('cue', 'cues', links)} in their own definitions. A proof shows what can be done; only an ${term('incident', 'incident', links)} happened to people.</p>
${ATTACK_KINDS.map((kind) => {
  const some = attacks.filter((one) => one.kind === kind);
  return html`<section id="${kind}"><h2>${ATTACK_KIND_TITLES[kind][1]}</h2><ol class="attacks">${some.map((one) => row(one, links))}</ol></section>`;
})}`,
        structured: {
          '@type': 'CollectionPage',
          name: 'Documented attacks',
          hasPart: attacks.map(({ id, title, date }) => ({
            '@type': 'Article',
            headline: title,
            datePublished: date,
            url: `${links.origin ?? ''}${links.to('attack', id)}`,
          })),
        },
      },
      links,
      here,
    ),
  markdown: (attacks, links) => md`# Documented attacks

${ATTACK_KINDS.map(
  (kind) => md`## ${ATTACK_KIND_TITLES[kind][1]}

${attacks.filter((one) => one.kind === kind).map(({ id, title, date }) => md`- ${mdLink(title, links.to('attack', id))}, ${dateInWords(date)}\n`)}
`,
)}`,
  feed: (attacks, links) => ({
    title: 'Documented attacks on users of MCP',
    entries: attacks.map(({ id, title, date, story }) => ({
      id: `attack-${id}`,
      title,
      updated: instantOf(date),
      address: links.to('attack', id),
      summary: story,
    })),
  }),
};

export default page;

function row({ id, title, date, categories, cve = [] }: Attack, links: Links) {
  return html`<li><a href="${links.to('attack', id)}">${title}</a><span class="quiet">${attackDate(date)}${cve.map((one) => html` · ${one}`)}</span> <span class="badges">${categories.map(categoryBadge)}</span></li>`;
}
