import { GLOSSARY, type GlossaryWord, glossaryWord } from '../facts/glossary.ts';
import { html } from '../markup/html.ts';
import { layout } from '../markup/layout.ts';
import { md, mdLink } from '../markup/markdown.ts';
import type { CataloguePage } from '../page.ts';

/** One word of the glossary. */
const page: CataloguePage<GlossaryWord> = {
  id: 'word',
  of: 'catalogue',
  path: '/glossary/:word',
  keys: () => GLOSSARY.map(({ id }) => [id]),
  async load({ key }) {
    const subject = glossaryWord(key[0]!);
    return subject && { subject };
  },
  render({ word, means, see = [], page: shown }, links, here) {
    return layout(
      {
        title: word,
        description: means,
        body: html`<nav class="crumbs" aria-label="Breadcrumb"><a href="${links.to('glossary')}">Glossary</a></nav>
<header class="head"><h1>${word}</h1></header>
<p class="lead">${means}</p>
${shown === undefined ? '' : html`<p><a class="button" href="${links.to(shown)}">${labelOf(shown)}</a></p>`}
${see.length === 0 ? '' : html`<section><h2>Related words</h2><dl class="glossary">${see.map(linked).map((one) => html`<div><dt><a href="${links.to('word', one.id)}">${one.word}</a></dt><dd>${one.means}</dd></div>`)}</dl></section>`}`,
        structured: {
          '@type': 'DefinedTerm',
          name: word,
          description: means,
          inDefinedTermSet: `${links.origin ?? ''}${links.to('glossary')}`,
        },
      },
      links,
      here,
    );
  },
  markdown: ({ word, means, see = [] }, links) => md`# ${word}

${means}

${see.map(linked).map((one) => md`- ${mdLink(one.word, links.to('word', one.id))}\n`)}`,
};

export default page;

const linked = (id: string) => glossaryWord(id)!;

const LABELS: Readonly<Record<string, string>> = {
  attacks: 'Documented attacks',
  contradictions: 'Contradicted annotations',
  method: 'How verdicts are made',
  servers: 'All servers',
};

/** What a button to a kind of page says. */
function labelOf(kind: string): string {
  const label = LABELS[kind];
  if (label === undefined) throw new Error(`a button to '${kind}' has no words`);
  return label;
}
