import type { CatalogueServer, CatalogueTool } from '#domain/catalogue.ts';
import { foldedName } from '#domain/lists.ts';
import type { Links } from '../addresses/links.ts';
import { type Html, html } from '../markup/html.ts';
import { code } from '../markup/parts.ts';

/** Other tools shown before the page refers to the server's. */
const NEIGHBOURS = 24;
/** Characters that they may take together: names may be long, and are longer still in addresses. */
const ROOM = 8_000;

// The pages of a server's tools all name the same siblings.
const known = new WeakMap<readonly CatalogueTool[], WeakMap<Links, ReadonlyMap<CatalogueTool, Html>>>();

function itemsOf(server: CatalogueServer, links: Links): ReadonlyMap<CatalogueTool, Html> {
  const sites = known.get(server.tools) ?? new WeakMap<Links, ReadonlyMap<CatalogueTool, Html>>();
  known.set(server.tools, sites);
  const found = sites.get(links);
  if (found) return found;
  const made = new Map(
    server.tools.slice(0, NEIGHBOURS + 1).map((tool) => {
      const { definition, assessment } = tool;
      const said = assessment ? `${assessment.verdict.category}, ${assessment.verdict.risk}` : 'Not assessed';
      return [
        tool,
        html`<li><a href="${links.tool(server.slug, definition.name)}">${code(definition.name)}</a><span class="quiet">${said}</span></li>`,
      ];
    }),
  );
  sites.set(links, made);
  return made;
}

/** Where tools of this name on other servers stand: another page, since this one says nothing of other servers. */
export function elsewhere({ definition: { name } }: CatalogueTool, links: Links): Html | undefined {
  const folded = foldedName(name);
  if (folded === '') return undefined;
  return html`<section class="card"><h2>Similar tools elsewhere</h2><p><a href="${links.to('name', folded)}">All tools named ${code(name)}</a>, on whatever server, with what each was found to be.</p></section>`;
}

/** The other tools of the server, each with its verdict in two words. */
export function siblings(server: CatalogueServer, tool: CatalogueTool, links: Links): Html | undefined {
  const others = server.tools.length - 1;
  if (others < 1) return undefined;
  const shown: Html[] = [];
  let room = ROOM;
  for (const [one, item] of itemsOf(server, links)) {
    if (one === tool || shown.length === NEIGHBOURS) continue;
    room -= item.toString().length;
    if (room >= 0) shown.push(item);
  }
  return html`<section class="card"><h2>Other tools of this server</h2><ul class="siblings">${shown}</ul>${others > shown.length ? html`<p><a href="${links.server(server.slug)}">All ${server.tools.length} tools</a></p>` : ''}</section>`;
}
