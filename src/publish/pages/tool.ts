import { displayName } from '#core/display-name.ts';
import type { CatalogueTool } from '#domain/catalogue.ts';
import { EFFECT_TITLES, effectOf, ruleOf } from '#recommend/effect.ts';
import { explain } from '#recommend/explain.ts';
import { plain } from '#recommend/prose.ts';
import { badgeSvg } from '../markup/badge.ts';
import { html } from '../markup/html.ts';
import { layout } from '../markup/layout.ts';
import { effectBadge, sentence, words } from '../markup/parts.ts';
import type { ServerFacts, ServerPage } from '../page.ts';
import { attacks } from '../sections/attacks.ts';
import { definition } from '../sections/definition.ts';
import { embed } from '../sections/embed.ts';
import { facets } from '../sections/facets.ts';
import { marksOf } from '../sections/marks.ts';
import { account, correctionNote, opinion } from '../sections/opinions.ts';
import { otherWords } from '../sections/other-words.ts';
import { policySection, questions } from '../sections/policy.ts';
import { dispute, history, provenance } from '../sections/provenance.ts';
import { reasons } from '../sections/reasons.ts';
import { linkedBadges } from '../sections/shared-links.ts';
import { elsewhere, siblings } from '../sections/siblings.ts';
import { toolMarkdown } from '../sections/tool-markdown.ts';

export interface ToolSubject extends ServerFacts {
  readonly tool: CatalogueTool;
}

const SCRIPTS = ['copy.js'] as const;

/** Everything the catalogue says of one tool of one server. */
const page: ServerPage<ToolSubject> = {
  id: 'tool',
  of: 'server',
  path: '/servers/*slug/-/tools/:name',
  depth: 'visit',
  subjects: (facts) => facts.server.tools.map((tool) => ({ name: tool.definition.name, subject: { ...facts, tool } })),
  render({ server, tool, policy, changes }, links, here) {
    const told = explain(server, tool, policy);
    const { name, title } = tool.definition;
    const home = links.server(server.slug);
    const on = displayName(server);
    const marks = marksOf(tool);
    const quoting = { tool, server, marks };
    // What is quoted elsewhere leads to where it is marked, so the definition comes first.
    const marked = html`<code><bdi lang="">${marks.line(name, '/name')}</bdi></code>`;
    const defined = definition(tool, ruleOf(policy, name), marks);
    return layout(
      {
        title: `${name} – ${on}`,
        description: `${plain(told.risk)} ${plain(told.effect)}`,
        scripts: SCRIPTS,
        structured: {
          '@type': 'TechArticle',
          headline: `${name} – ${on}`,
          about: { '@type': 'SoftwareApplication', name: on, applicationCategory: 'MCP server' },
          ...(tool.assessment && { dateModified: tool.assessment.assessedAt.toISOString() }),
          isAccessibleForFree: true,
        },
        body: html`<nav class="crumbs" aria-label="Breadcrumb"><a href="${links.to('servers')}">Servers</a> <span aria-hidden="true">/</span> <a href="${home}">${words(on)}</a></nav>
<header class="head"><h1>${marked}</h1>
${title === undefined || title === name ? '' : html`<p class="subtitle">${marks.line(title, '/title')}</p>`}
<p class="badges">${linkedBadges(tool, links)} ${effectBadge(effectOf(policy, name))}${tool.provenance === 'static' ? html` <span class="badge static">Read from source</span>` : ''}</p>
<p class="why">${sentence(told.does)} ${sentence(told.risk)}</p></header>
<div class="columns"><div class="main">
${account(tool)}
${defined}
<section id="why"><h2>Why it carries that risk</h2>${tool.assessment?.verdict.correction ? correctionNote(tool.assessment.verdict.correction) : ''}${reasons(told.reasons, quoting)}</section>
${facets(quoting, links)}
${opinion(quoting)}
${attacks(quoting, links)}
${policySection(tool, policy, home, told, links)}
${questions(told)}
${otherWords(tool)}
</div><aside class="side">${provenance(server, tool)}${history(tool, changes)}${dispute(server.slug, tool, links)}${siblings(server, tool, links)}${elsewhere(tool, links)}${embed(name, 'tool', [server.slug, name], links)}</aside></div>`,
      },
      links,
      here,
    );
  },
  markdown: toolMarkdown,
  badge({ tool: { assessment } }) {
    if (!assessment) return badgeSvg('not assessed', 'quiet');
    const { category, risk } = assessment.verdict;
    return badgeSvg(`${category}, ${risk} risk`, risk);
  },
  picture({ server, tool, policy }) {
    const verdict = tool.assessment?.verdict;
    return {
      title: tool.definition.name,
      subtitle: displayName(server),
      badges: [
        ...(verdict
          ? [
              { text: `${verdict.risk} risk`, tone: verdict.risk },
              { text: verdict.category, tone: verdict.category.toLowerCase() },
            ]
          : [{ text: 'Not assessed', tone: 'quiet' }]),
        { text: EFFECT_TITLES[effectOf(policy, tool.definition.name)], tone: 'quiet' },
      ],
    };
  },
};

export default page;
