import { foldedName, type ListedTool, type ToolPlace } from '#domain/lists.ts';
import { namesInBatches, toolsAtHand } from '../browse/known-names.ts';
import { mdTools, toolList } from '../browse/tool-list.ts';
import { html } from '../markup/html.ts';
import { layout } from '../markup/layout.ts';
import { md, mdCode, mdLink } from '../markup/markdown.ts';
import { code, count } from '../markup/parts.ts';
import type { CataloguePage } from '../page.ts';

export interface NameSubject {
  readonly folded: string;
  /** In order of name, so that those of one spelling stand together. */
  readonly tools: readonly ListedTool[];
}

const PER_PAGE = 200;

/** All tools whose names read alike, on whatever servers: the same word is not everywhere the same tool. */
const page: CataloguePage<NameSubject> = {
  id: 'name',
  of: 'catalogue',
  path: '/names/:name',
  async *keys(catalogue) {
    const names = await catalogue.names();
    for await (const folded of namesInBatches(
      catalogue,
      names.map((one) => one.folded),
    ))
      yield [folded];
  },
  async *touched(catalogue, since) {
    for await (const folded of namesInBatches(catalogue, await catalogue.namesTouched(since))) yield [folded];
  },
  async load({ key, cursor }, catalogue) {
    const folded = key[0]!;
    if (foldedName(folded) !== folded) return undefined;
    const after = cursor === undefined ? undefined : placeIn(cursor);
    if (after === null) return undefined;
    const { tools, next } = await some(folded, after, catalogue);
    if (tools.length === 0) return undefined;
    return { subject: { folded, tools }, ...(next && { next: `${next.id}:${next.name}` }) };

    async function some(name: string, from: ToolPlace | undefined, of: typeof catalogue) {
      const known = from === undefined ? toolsAtHand(of, name) : undefined;
      if (!known) return of.alike({ folded: name, after: from, limit: PER_PAGE });
      return {
        tools: known.slice(0, PER_PAGE),
        next: known.length > PER_PAGE ? known[PER_PAGE - 1]!.place : undefined,
      };
    }
  },
  render({ tools }, links, here = {}) {
    const spellings = [...Map.groupBy(tools, ({ name }) => name)];
    const [name] = spellings[0]!;
    const also = spellings.length > 1 ? ' and the like' : '';
    return layout(
      {
        title: `Tools named ${name}${also}`,
        description: `MCP tools named ${name}${also}, on every server that has one, with what each was found to be.`,
        body: html`<nav class="crumbs" aria-label="Breadcrumb"><a href="${links.to('names')}">Names</a></nav>
<header class="head"><h1>Tools named ${code(name)}${also}</h1></header>
<p>A name binds nobody: what a tool of this name does, and how bad a call can be, is another matter on every server.</p>
${spellings.map(([spelling, list]) => html`<section>${spellings.length > 1 ? html`<h2>${code(spelling)}</h2>` : ''}<p class="quiet">${count(list.length, 'tool')} here.</p>${toolList(list, links)}</section>`)}
${here.next === undefined ? '' : html`<p><a class="button" rel="next" href="${here.next}">More tools</a></p>`}`,
      },
      links,
      here,
    );
  },
  markdown: ({ tools }, links, here = {}) => md`# Tools named ${mdCode(tools[0]!.name)}

A name binds nobody: what a tool of this name does, and how bad a call can be, is another matter on every server.

${mdTools(tools, links)}
${here.next === undefined ? '' : md`${mdLink('More tools', here.next)}\n`}`,
};

export default page;

function placeIn(cursor: string): ToolPlace | null {
  const [, id, name] = /^(\d{1,15}):(.*)$/s.exec(cursor) ?? [];
  return id === undefined ? null : { id: Number(id), name: name!.replaceAll('\0', '').toWellFormed() };
}
