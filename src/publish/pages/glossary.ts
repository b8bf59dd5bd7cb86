import { GLOSSARY, type GlossaryWord } from '../facts/glossary.ts';
import { html } from '../markup/html.ts';
import { layout } from '../markup/layout.ts';
import { md, mdLink } from '../markup/markdown.ts';
import type { CataloguePage } from '../page.ts';

/** Every word that the pages use, with what is meant by it. */
const page: CataloguePage<readonly GlossaryWord[]> = {
  id: 'glossary',
  of: 'catalogue',
  path: '/glossary/',
  async load() {
    return { subject: GLOSSARY };
  },
  render: (words, links, here) =>
    layout(
      {
        title: 'Glossary',
        description:
          'What the words mean that these pages use: verdict, facet, evidence, toxic combination and others.',
        body: html`<header class="head"><h1>Glossary</h1></header>
<p>What is meant by the words that these pages use.</p>
<dl class="glossary">${words.map(({ id, word, means }) => html`<div><dt><a href="${links.to('word', id)}">${word}</a></dt><dd>${means}</dd></div>`)}</dl>`,
        structured: {
          '@type': 'DefinedTermSet',
          name: 'Words of Plimsoll',
          hasDefinedTerm: words.map(({ word, means }) => ({ '@type': 'DefinedTerm', name: word, description: means })),
        },
      },
      links,
      here,
    ),
  markdown: (words, links) => md`# Glossary

${words.map(({ id, word, means }) => md`- ${mdLink(word, links.to('word', id))}: ${means}\n`)}`,
};

export default page;
