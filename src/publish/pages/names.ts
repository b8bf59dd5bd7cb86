import type { Shelf } from '#domain/lists.ts';
import { html } from '../markup/html.ts';
import { layout } from '../markup/layout.ts';
import { md, mdLink } from '../markup/markdown.ts';
import { count } from '../markup/parts.ts';
import type { CataloguePage } from '../page.ts';

export interface NamesSubject {
  readonly shelves: readonly Shelf[];
}

/** Where to find a tool by the first letters of its name. */
const page: CataloguePage<NamesSubject> = {
  id: 'names',
  of: 'catalogue',
  path: '/names/',
  async load(_, catalogue) {
    return { subject: { shelves: await catalogue.shelves() } };
  },
  render({ shelves: all }, links, here) {
    const letters = [...Map.groupBy(all, ({ id }) => (id === 'other' ? id : id[0]!))];
    return layout(
      {
        title: 'Names of tools',
        description: 'Names of MCP tools by their first letters.',
        body: html`<nav class="crumbs" aria-label="Breadcrumb"><a href="${links.to('browse')}">Browse</a></nav>
<header class="head"><h1>Names of tools</h1></header>
<p>By their first two letters; capitals and the signs between words do not count, so <code>createIssue</code> and <code>create_issue</code> stand together. Small figures tell how many names there are.</p>
${all.length === 0 ? html`<p>None are known.</p>` : ''}
<dl class="letters">${letters.map(
          ([letter, list]) =>
            html`<div><dt>${letter}</dt><dd>${list.map(({ id, names }) => html`<span><a href="${links.to('shelf', id)}">${id}</a> <small>${names.toLocaleString('en')}</small></span> `)}</dd></div>`,
        )}</dl>`,
      },
      links,
      here,
    );
  },
  markdown: ({ shelves: all }, links) => md`# Names of tools

By their first two letters.

${all.map(({ id, names }) => md`- ${mdLink(id, links.to('shelf', id))}: ${count(names, 'name')}\n`)}`,
};

export default page;
