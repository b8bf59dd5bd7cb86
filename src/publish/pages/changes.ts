import { byVisit, changeList, inShort, mdChanges, type Visited } from '../browse/change-list.ts';
import { goesOn, mdGoesOn } from '../browse/goes-on.ts';
import { html } from '../markup/html.ts';
import { layout } from '../markup/layout.ts';
import { md } from '../markup/markdown.ts';
import type { CataloguePage } from '../page.ts';

export interface ChangesSubject {
  readonly visits: readonly Visited[];
  /** There are older ones than these. */
  readonly more: boolean;
}

const PER_PAGE = 50;
const OLDER = { label: 'Older changes', these: 'the newest' };

/** What changed last in the tools of all servers. */
const page: CataloguePage<ChangesSubject> = {
  id: 'changes',
  of: 'catalogue',
  path: '/changes',
  staticPages: 10,
  async load({ cursor }, catalogue) {
    if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) return undefined;
    const before = cursor === undefined ? undefined : Number(cursor);
    const { changes, next } = await catalogue.latest({ before, visits: PER_PAGE });
    return {
      subject: { visits: byVisit(changes), more: next !== undefined },
      ...(next !== undefined && { next: String(next) }),
    };
  },
  render({ visits, more }, links, here = {}) {
    return layout(
      {
        title: 'Changes',
        description: 'What changed last in the tools of MCP servers.',
        body: html`<header class="head"><h1>Changes</h1></header>
<p>What visits found to be new, changed or gone, newest first. A list that was made under other circumstances than the one before does not say that a tool is gone.${here.faces?.atom === undefined ? '' : html` <a href="${here.faces.atom}">As a feed</a>`}</p>
${visits.length === 0 ? html`<p>Nothing has changed yet.</p>` : changeList(visits, links, true)}
${goesOn({ more, ...OLDER }, here)}`,
      },
      links,
      here,
    );
  },
  markdown: ({ visits, more }, links, here = {}) => md`# Changes

What visits found to be new, changed or gone, newest first.

${mdChanges(visits, links, true)}
${mdGoesOn({ more, ...OLDER }, here)}`,
  feed: ({ visits }, links) => ({
    title: 'Plimsoll: changes',
    entries: visits.map((changes) => {
      const [{ visit, at, server }] = changes;
      const names = changes.slice(0, 20).map(({ tool }) => tool);
      return {
        id: `visit-${visit}`,
        title: `${server.slug}: ${inShort(changes)}`,
        updated: at,
        address: links.server(server.slug),
        summary: names.join(', ') + (changes.length > names.length ? ', …' : ''),
      };
    }),
  }),
};

export default page;
