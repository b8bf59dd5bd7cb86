import { displayName } from '#core/display-name.ts';
import { byVisit, changeList, inShort, mdChanges, type Visited } from '../browse/change-list.ts';
import { html } from '../markup/html.ts';
import { layout } from '../markup/layout.ts';
import { md } from '../markup/markdown.ts';
import { words } from '../markup/parts.ts';
import { CHANGES, type ServerFacts, type ServerPage } from '../page.ts';

export interface ServerChangesSubject {
  readonly server: ServerFacts['server'];
  readonly visits: readonly Visited[];
  /** There are older changes than these. */
  readonly cut: boolean;
}

/** What changed in one server's tools. */
const page: ServerPage<ServerChangesSubject> = {
  id: 'server-changes',
  of: 'server',
  path: '/servers/*slug/-/changes',
  depth: 'tools',
  subjects: ({ server, changes }) => [
    { name: '', subject: { server, visits: byVisit(changes), cut: changes.length >= CHANGES } },
  ],
  render({ server, visits, cut }, links, here = {}) {
    const name = displayName(server);
    return layout(
      {
        title: `Changes of ${name}`,
        description: `What changed in the tools of ${name}.`,
        body: html`<nav class="crumbs" aria-label="Breadcrumb"><a href="${links.to('servers')}">Servers</a> <span aria-hidden="true">/</span> <a href="${links.server(server.slug)}">${words(name)}</a></nav>
<header class="head"><h1>Changes of ${words(name)}</h1></header>
<p>Since its tools were first listed, newest first. A list that was made under other circumstances than the one before does not say that a tool is gone.${here.faces?.atom === undefined ? '' : html` <a href="${here.faces.atom}">As a feed</a>`}</p>
${visits.length === 0 ? html`<p>Nothing has changed since then.</p>` : changeList(visits, links, false)}${cut ? html`<p class="quiet">Older changes are not shown.</p>` : ''}`,
      },
      links,
      here,
    );
  },
  markdown: ({ server, visits }, links) => md`# Changes of ${displayName(server)}

${visits.length === 0 ? 'Nothing has changed since its tools were first listed.' : mdChanges(visits, links, false)}
`,
  feed: ({ server, visits }, links) => ({
    title: `Plimsoll: changes of ${displayName(server)}`,
    entries: visits.map((changes) => {
      const [{ visit, at }] = changes;
      return {
        id: `visit-${visit}`,
        title: inShort(changes),
        updated: at,
        address: links.server(server.slug),
        summary: changes.map(({ tool }) => tool).join(', '),
      };
    }),
  }),
};

export default page;
