import { displayName } from '#core/display-name.ts';
import type { CatalogueServer, CatalogueTool } from '#domain/catalogue.ts';
import type { Policy } from '#domain/policy.ts';
import { CATEGORIES } from '#domain/verdict.ts';
import { EFFECT_TITLES, effectOf } from '#recommend/effect.ts';
import { combinationsSection } from '../combinations.ts';
import { formatsSection } from '../formats.ts';
import { type Html, html } from '../html.ts';
import { layout } from '../layout.ts';
import type { Links } from '../links.ts';
import { md, mdBlock, mdCode, mdLink } from '../markdown.ts';
import type { ServerFacts, ServerPage } from '../page.ts';
import {
  block,
  categoryBadge,
  code,
  count,
  day,
  effectBadge,
  fact,
  foreignLink,
  json,
  verdictBadges,
  verdictWords,
  words,
} from '../parts.ts';
import { policyText } from '../policy-text.ts';
import { OUTCOME_TITLES, visitFacts } from '../visit.ts';

export type ServerSubject = Pick<ServerFacts, 'server' | 'policy'>;

/** Everything the catalogue says of one server: its tools, its whole policy, and how all that is known. */
const page: ServerPage<ServerSubject> = {
  id: 'server',
  of: 'server',
  path: '/servers/*slug/',
  subjects: (facts) => [{ name: '', subject: facts }],
  render({ server, policy }, links, here) {
    const name = displayName(server);
    const listed = server.tools.filter(({ provenance }) => provenance !== 'static');
    const read = server.tools.filter(({ provenance }) => provenance === 'static');
    return layout(
      {
        title: name,
        description: `${name}: ${summary(server)}`,
        body: html`<nav class="crumbs" aria-label="Breadcrumb"><a href="${links.to('servers')}">Servers</a></nav>
<header class="head"><h1>${words(name)}</h1><p class="subtitle">${code(server.name)}</p>
<p class="badges">${CATEGORIES.map((category) => {
          const number = server.tools.filter(({ assessment }) => assessment?.verdict.category === category).length;
          return number === 0 ? '' : html`<span class="tally">${categoryBadge(category)} ${number}</span>`;
        })}</p></header>
<div class="columns"><div class="main">
${server.description === undefined ? '' : html`<section class="author"><h2>In its author's words</h2>${block(server.description)}</section>`}
<section><h2>Tools</h2><p>${summary(server)}</p>${listed.length > 0 ? tools(listed, server, policy, links) : ''}</section>
${read.length === 0 ? '' : html`<section><h2>Read from source</h2><p class="note">No running server has listed these. They were read from the package's source without running it, so some may not exist, and their definitions may be incomplete.</p>${tools(read, server, policy, links)}</section>`}
${combinationsSection(server, links)}
<section id="policy"><h2>Policy</h2><p>What the policy does not name is denied. <a href="${links.policy(server.slug)}">The same as a file</a>, by its <a href="${links.schema}">schema</a>.</p>
${json(policyText(policy), 'Policy of the whole server')}</section>
${server.tools.length === 0 ? '' : formatsSection(policy, server.slug, links)}
</div><aside class="side"><section class="card"><h2>Facts</h2><dl class="facts">${facts(server)}${visitFacts(server)}</dl></section></aside></div>`,
      },
      links,
      here,
    );
  },
  markdown: ({ server, policy }, links) => md`# ${displayName(server)}

${server.name}

${server.description === undefined ? '' : md`In its author's words:\n${mdBlock(server.description)}\n`}${summary(server)}

${server.tools.map((tool) => md`- ${mdLink(mdCode(tool.definition.name), links.tool(server.slug, tool.definition.name))}: ${verdictWords(tool)}. ${EFFECT_TITLES[effectOf(policy, tool.definition.name)]}.\n`)}
${mdLink('The policy of the server', links.policy(server.slug))} names all its tools; what it does not name is denied.
`,
};

export default page;

function summary(server: CatalogueServer): string {
  if (server.tools.length > 0) {
    const unjudged = server.tools.filter(({ assessment }) => !assessment).length;
    return `${count(server.tools.length, 'tool')}${unjudged > 0 ? `, ${unjudged} not assessed yet` : ''}.`;
  }
  if (server.visit?.outcome === 'listed') return 'It lists no tools.';
  return `No tools are known. ${OUTCOME_TITLES[server.visit?.outcome ?? 'unvisited']}.`;
}

function tools(shown: readonly CatalogueTool[], server: CatalogueServer, policy: Policy, links: Links): Html {
  return html`<ul class="tools">${shown.map(
    (
      tool,
    ) => html`<li><div class="tool"><a href="${links.tool(server.slug, tool.definition.name)}">${code(tool.definition.name)}</a>
${tool.definition.description ? html`<p class="quiet clamp" dir="auto" lang="">${firstLines(tool.definition.description)}</p>` : ''}</div>
<p class="badges">${verdictBadges(tool)} ${effectBadge(effectOf(policy, tool.definition.name))}</p></li>`,
  )}</ul>`;
}

function firstLines(text: string): Html {
  return words(text.trim().slice(0, 240).replace(/\s+/g, ' '));
}

function facts(server: CatalogueServer): Html {
  return html`${fact('Repository', server.repository && html`${foreignLink(server.repository.url)}${server.repository.subfolder ? html` in ${code(server.repository.subfolder)}` : ''}`)}
${fact('Homepage', server.homepage === undefined ? undefined : foreignLink(server.homepage))}
${fact('Packages', server.packages.length === 0 ? undefined : html`${server.packages.map(({ purl }) => html`<span class="line">${code(purl)}</span>`)}`)}
${fact('Remotes', server.remotes.length === 0 ? undefined : html`${server.remotes.map(({ url }) => html`<span class="line">${code(url)}</span>`)}`)}
${fact('Listed in', server.sources.join(', '))}
${fact('First seen', day(server.firstSeen))}
${fact('Last seen', day(server.lastSeen))}`;
}
