import type { ToolName } from '#domain/lists.ts';
import { html } from '../markup/html.ts';
import { layout } from '../markup/layout.ts';
import { md, mdCode, mdLink } from '../markup/markdown.ts';
import { code, count } from '../markup/parts.ts';
import type { CataloguePage } from '../page.ts';

export interface ShelfSubject {
  readonly id: string;
  readonly names: readonly ToolName[];
}

const PER_PAGE = 1_000;

/** Names of tools that begin alike, in order. */
const page: CataloguePage<ShelfSubject> = {
  id: 'shelf',
  of: 'catalogue',
  path: '/names-from/:letters',
  async *keys(catalogue) {
    for (const { id } of await catalogue.shelves()) yield [id];
  },
  async load({ key, cursor }, catalogue) {
    const [id] = key as [string];
    const { names, next } = await catalogue.shelf({ id, cursor, limit: PER_PAGE });
    return names.length === 0 ? undefined : { subject: { id, names }, ...(next !== undefined && { next }) };
  },
  render({ id, names }, links, here = {}) {
    return layout(
      {
        title: `Names of tools from ${id}`,
        description: `Names of MCP tools that begin with ${id}.`,
        body: html`<nav class="crumbs" aria-label="Breadcrumb"><a href="${links.to('names')}">Names</a></nav>
<header class="head"><h1>Names of tools${id === 'other' ? ' that begin with no letter of ASCII' : html` from <code>${id}</code>`}</h1></header>
<ul class="names">${names.map(({ folded, name, servers }) => html`<li><a href="${links.to('name', folded)}">${code(name)}</a> <span class="quiet">${count(servers, 'server')}</span></li>`)}</ul>
${here.next === undefined ? '' : html`<p><a class="button" rel="next" href="${here.next}">More names</a></p>`}`,
      },
      links,
      here,
    );
  },
  markdown: ({ id, names }, links, here = {}) => md`# Names of tools from ${id}

${names.map(({ folded, name, servers }) => md`- ${mdLink(mdCode(name), links.to('name', folded))}: ${count(servers, 'server')}\n`)}
${here.next === undefined ? '' : md`${mdLink('More names', here.next)}\n`}`,
};

export default page;
