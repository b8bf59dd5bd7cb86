import type { CatalogueServer, CatalogueTool } from '#domain/catalogue.ts';
import type { Policy } from '#domain/policy.ts';
import { effectOf } from '#recommend/effect.ts';
import type { Links } from '../addresses/links.ts';
import { OUTCOME_TITLES } from '../facts/visit.ts';
import { type Html, html } from '../markup/html.ts';
import { code, count, effectBadge, verdictBadges, words } from '../markup/parts.ts';

/** How many tools are known, and of how many nothing more. */
export function summary(server: CatalogueServer): string {
  if (server.tools.length > 0) {
    const unjudged = server.tools.filter(({ assessment }) => !assessment).length;
    return `${count(server.tools.length, 'tool')}${unjudged > 0 ? `, ${unjudged} not assessed yet` : ''}.`;
  }
  if (server.visit?.outcome === 'listed') return 'It lists no tools.';
  return `No tools are known. ${OUTCOME_TITLES[server.visit?.outcome ?? 'unvisited']}.`;
}

/** The tools of a server, those that only its source knows apart. */
export function serverTools(server: CatalogueServer, policy: Policy, links: Links): Html {
  const listed = server.tools.filter(({ provenance }) => provenance !== 'static');
  const read = server.tools.filter(({ provenance }) => provenance === 'static');
  return html`<section id="tools"><h2>Tools</h2><p>${summary(server)}</p>${listed.length > 0 && list(listed, server, policy, links)}</section>
${read.length > 0 && html`<section><h2>Read from source</h2><p class="note">No running server has listed these. They were read from the package's source without running it, so some may not exist, and their definitions may be incomplete.</p>${list(read, server, policy, links)}</section>`}`;
}

function list(shown: readonly CatalogueTool[], server: CatalogueServer, policy: Policy, links: Links): Html {
  return html`<ul class="tools">${shown.map(
    (
      tool,
    ) => html`<li><div class="tool"><a href="${links.tool(server.slug, tool.definition.name)}">${code(tool.definition.name)}</a>
${tool.definition.description ? html`<p class="quiet clamp" dir="auto" lang="">${firstLines(tool.definition.description)}</p>` : ''}</div>
<p class="badges">${verdictBadges(tool)} ${effectBadge(effectOf(policy, tool.definition.name))}</p></li>`,
  )}</ul>`;
}

function firstLines(text: string): Html {
  return words(text.slice(0, 400).trim().slice(0, 240).replace(/\s+/g, ' '));
}
