import { html } from '../markup/html.ts';
import { layout } from '../markup/layout.ts';
import { md, mdLink } from '../markup/markdown.ts';
import type { CataloguePage } from '../page.ts';

/** What stands where nothing is. It repeats nothing of the address that was asked for. */
const page: CataloguePage<{ readonly what: string }> = {
  id: 'missing',
  of: 'catalogue',
  path: '/404',
  unlisted: true,
  async load() {
    return { subject: { what: 'There is no such page.' } };
  },
  render({ what }, links, here) {
    return layout(
      {
        title: 'Not found',
        description: 'There is no such page.',
        unlisted: true,
        body: html`<header class="head"><h1>Not found</h1></header>
<p>${what} <a href="${links.to('servers')}">All servers</a></p>`,
      },
      links,
      here,
    );
  },
  markdown: ({ what }, links) => md`# Not found

${what} ${mdLink('All servers', links.to('servers'))}
`,
};

export default page;
