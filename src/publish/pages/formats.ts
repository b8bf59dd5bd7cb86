import type { Exporter } from '../formats/exporter.ts';
import { EXPORTERS } from '../formats/formats.ts';
import { html } from '../markup/html.ts';
import { layout } from '../markup/layout.ts';
import { md, mdLink } from '../markup/markdown.ts';
import type { CataloguePage } from '../page.ts';

/** Every format that policies are written in. */
const page: CataloguePage<readonly Exporter[]> = {
  id: 'formats',
  of: 'catalogue',
  path: '/formats/',
  async load() {
    return { subject: EXPORTERS };
  },
  render(formats, links, here) {
    return layout(
      {
        title: 'Formats',
        description: 'The formats of gateways and clients that policies are written in, and what each can say.',
        body: html`<header class="head"><h1>Formats</h1></header>
<p>One policy, in the words of what enforces it. What a format cannot say becomes asking or denying, never more than the policy allows.</p>
<ul>${formats.map(({ id, title }) => html`<li><a href="${links.to('format', id)}">${title}</a></li>`)}</ul>`,
      },
      links,
      here,
    );
  },
  markdown: (formats, links) => md`# Formats

One policy, in the words of what enforces it.

${formats.map(({ id, title }) => md`- ${mdLink(title, links.to('format', id))}\n`)}`,
};

export default page;
