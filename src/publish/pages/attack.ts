import { type Attack, STOPPERS } from '#recommend/attacks/attack.ts';
import { cueInWords } from '#recommend/attacks/cue-words.ts';
import { allAttacks, attackById } from '#recommend/attacks/library.ts';
import { termTitle } from '#recommend/vocabularies.ts';
import type { Links } from '../addresses/links.ts';
import { term } from '../facts/glossary.ts';
import { ATTACK_KIND_TITLES, attackDate, dateInWords } from '../markup/attack-parts.ts';
import { type Html, html } from '../markup/html.ts';
import { layout } from '../markup/layout.ts';
import { md, mdCode, mdLink } from '../markup/markdown.ts';
import { categoryBadge, code, fact, foreignLink } from '../markup/parts.ts';
import type { CataloguePage } from '../page.ts';

const CVE = 'https://www.cve.org/CVERecord?id=';

/** One documented attack: what happened, which tools it concerns and why, which rule would have stopped it, sources. */
const page: CataloguePage<Attack> = {
  id: 'attack',
  of: 'catalogue',
  path: '/attacks/:id',
  keys: () => allAttacks().map(({ id }) => [id]),
  async load({ key }) {
    const subject = attackById(key[0]!);
    return subject && { subject };
  },
  render(attack, links, here) {
    const { title, date, kind, story, sources, cve = [], categories, terms, stopped } = attack;
    return layout(
      {
        title,
        description: story,
        body: html`<nav class="crumbs" aria-label="Breadcrumb"><a href="${links.to('attacks')}">Documented attacks</a></nav>
<header class="head"><h1>${title}</h1><p class="badges"><span class="badge">${ATTACK_KIND_TITLES[kind][0]}</span> ${attackDate(date)}</p></header>
<p class="lead story">${story}</p>
<section id="stopped"><h2>What would have stopped it</h2><p><strong>${STOPPERS[stopped.by]}.</strong> ${stopped.how}</p></section>
${concerned(attack, links)}
<section id="facts"><h2>Facts</h2><dl class="facts">${fact('Public since', attackDate(date))}${cve.length === 0 ? '' : fact('CVE', html`${cve.map((one) => html`<a rel="noopener noreferrer" href="${CVE}${one}">${one}</a> `)}`)}${categories.length === 0 ? '' : fact('Tools used', html`${categories.map((one) => html`<a href="${links.to('category', one.toLowerCase())}">${categoryBadge(one)}</a> `)}`)}${fact('In other words', html`<ul>${terms.map((one) => html`<li>${code(one)} ${termTitle(one)}</li>`)}</ul>`)}</dl></section>
<section id="sources"><h2>Sources</h2><ul>${sources.map((url) => html`<li>${foreignLink(url)}</li>`)}</ul>
<p class="quiet">The account is ours; the facts are theirs. Something is wrong or missing? <a href="${links.to('method')}#dispute">Say so</a>.</p></section>`,
        structured: {
          '@type': 'Article',
          headline: title,
          datePublished: date,
          articleBody: story,
          citation: sources,
          ...(cve.length > 0 && { about: cve.map((one) => ({ '@type': 'Thing', name: one, url: CVE + one })) }),
        },
      },
      links,
      here,
    );
  },
  markdown: (
    { title, date, kind, story, sources, cve = [], categories, terms, stopped, cues = [], unseen, packages = [] },
    links,
  ) => md`# ${title}

${ATTACK_KIND_TITLES[kind][0]}, ${dateInWords(date)}${cve.map((one) => md`, ${mdLink(one, CVE + one)}`)}

${story}

## What would have stopped it

${STOPPERS[stopped.by]}. ${stopped.how}

## Which tools it concerns

${unseen ?? cues.map((cue) => md`- ${cueInWords(cue)}\n`)}
${packages.map(({ purl, fixed }) => md`- The package ${mdCode(purl)}${fixed === undefined ? '' : md`, mended in ${mdCode(fixed)}`}\n`)}
## Facts

${categories.map((one) => md`- Tools used: ${mdLink(one, links.to('category', one.toLowerCase()))}\n`)}${terms.map((one) => md`- ${mdCode(one)} ${termTitle(one)}\n`)}
## Sources

${sources.map((url) => md`- ${mdLink(url, url)}\n`)}
${mdLink('All documented attacks', links.to('attacks'))}
`,
  picture: ({ title, date, kind, categories }) => ({
    title,
    subtitle: `${ATTACK_KIND_TITLES[kind][0]}, ${dateInWords(date)}`,
    badges: categories.map((one) => ({ text: one, tone: one.toLowerCase() })),
  }),
};

export default page;

/** Which tools it concerns, and to whom it happened. */
function concerned({ cues = [], unseen, packages = [], hosts = [] }: Attack, links: Links): Html {
  const named = [
    ...packages.map(
      ({ purl, fixed, tools }) =>
        html`<li>The package ${code(decodeURIComponent(purl.replace(/^pkg:/, '')))}${tools ? html`, its tools ${tools.map((one, at) => html`${at > 0 ? ', ' : ''}${code(one)}`)}` : ''}${fixed === undefined ? '' : html`; mended in ${code(fixed)}`}.</li>`,
    ),
    ...hosts.map((host) => html`<li>The server at ${code(host)}.</li>`),
  ];
  return html`<section id="concerns"><h2>Which tools it concerns</h2>
${unseen === undefined ? html`<p>Tools whose own definition gives one of these ${term('cue', 'cues', links)}:</p><ul>${cues.map((cue) => html`<li>${cueInWords(cue)}</li>`)}</ul>` : html`<p>${unseen}</p>`}
${named.length === 0 ? '' : html`<h3>It happened to</h3><ul>${named}</ul>`}</section>`;
}
