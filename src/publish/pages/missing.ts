import { html } from 'hono/html';
import { layout } from '../layout.ts';
import type { Page } from '../page.ts';

/** What stands where nothing is. It repeats nothing of the address that was asked for. */
const page: Page<{ readonly what: string }> = {
  id: 'missing',
  render({ what }, links) {
    return layout(
      {
        title: 'Not found',
        description: 'There is no such page.',
        body: html`<header class="head"><h1>Not found</h1></header>
<p>${what} <a href="${links.servers}">All servers</a></p>`,
      },
      links,
    );
  },
};

export default page;
