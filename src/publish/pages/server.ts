import { displayName } from '#core/display-name.ts';
import type { CatalogueServer } from '#domain/catalogue.ts';
import { CATEGORIES } from '#domain/verdict.ts';
import { EFFECT_TITLES, effectOf } from '#recommend/effect.ts';
import { combinationsSection } from '../facts/combinations.ts';
import { gradeOf } from '../facts/grade.ts';
import { visitFacts } from '../facts/visit.ts';
import { formatsSection } from '../formats/formats.ts';
import { policyText } from '../formats/policy-text.ts';
import { badgeSvg } from '../markup/badge.ts';
import { type Html, html } from '../markup/html.ts';
import { layout } from '../markup/layout.ts';
import { md, mdBlock, mdCode, mdLink } from '../markup/markdown.ts';
import { block, code, day, fact, foreignLink, json, verdictWords, words } from '../markup/parts.ts';
import type { ServerFacts, ServerPage } from '../page.ts';
import { lastChanges } from '../sections/changes.ts';
import { embed } from '../sections/embed.ts';
import { glance } from '../sections/glance.ts';
import { gradeBadge, gradeSection } from '../sections/grade.ts';
import { serverTools, summary } from '../sections/server-tools.ts';
import { linkedCategory } from '../sections/shared-links.ts';
import { standing } from '../sections/standing.ts';

const SCRIPTS = ['copy.js'] as const;

/** Everything the catalogue says of one server: its tools, its whole policy, and how all that is known. */
const page: ServerPage<ServerFacts> = {
  id: 'server',
  of: 'server',
  path: '/servers/*slug/',
  subjects: (facts) => [{ name: '', subject: facts }],
  render({ server, policy, changes }, links, here) {
    const name = displayName(server);
    const grade = gradeOf(server);
    const { description } = server;
    return layout(
      {
        title: name,
        description: `${name}: ${summary(server)}${grade ? ` Grade ${grade.grade}: ${grade.means}` : ''}`,
        scripts: SCRIPTS,
        structured: {
          '@type': 'SoftwareApplication',
          name,
          applicationCategory: 'MCP server',
          ...(server.repository && { codeRepository: server.repository.url }),
          ...(server.visit?.artefact && { softwareVersion: server.visit.artefact.version }),
        },
        body: html`<nav class="crumbs" aria-label="Breadcrumb"><a href="${links.to('servers')}">Servers</a></nav>
<header class="head graded">${grade && gradeBadge(grade)}<div><h1>${words(name)}</h1><p class="subtitle">${code(server.name)}</p>
<p class="badges">${CATEGORIES.map((category) => {
          const number = server.tools.filter(({ assessment }) => assessment?.verdict.category === category).length;
          return number === 0 ? '' : html`<span class="tally">${linkedCategory(category, links)} ${number}</span>`;
        })}</p></div></header>
<div class="columns"><div class="main">
${description !== undefined && html`<section class="author"><h2>In its author's words</h2>${block(description)}</section>`}
${glance(server, policy, links)}
${grade && gradeSection(grade, links)}
${combinationsSection(server, links)}
${serverTools(server, policy, links)}
${lastChanges(server, changes, links)}
<section id="policy"><h2>Policy</h2><p>What the policy does not name is denied. <a href="${links.policy(server.slug)}">The same as a file</a>, by its <a href="${links.schema}">schema</a>.</p>
${json(policyText(policy), 'Policy of the whole server')}</section>
${server.tools.length > 0 && formatsSection(policy, server.slug, links)}
</div><aside class="side"><section class="card"><h2>Facts</h2><dl class="facts">${facts(server)}${standing(server, links)}</dl></section><section class="card"><h2>When it was started</h2><dl class="facts">${visitFacts(server)}</dl></section>${embed(name, 'server', [server.slug], links)}</aside></div>`,
      },
      links,
      here,
    );
  },
  badge({ server }) {
    const grade = gradeOf(server);
    const tone = ({ A: 'low', B: 'low', C: 'medium', D: 'high' } as const)[grade?.grade ?? ''] ?? 'critical';
    return grade ? badgeSvg(`grade ${grade.grade}`, tone) : badgeSvg('not assessed', 'quiet');
  },
  picture({ server }) {
    const grade = gradeOf(server);
    return {
      title: displayName(server),
      subtitle: server.name,
      badges: [
        ...(grade ? [{ text: `Grade ${grade.grade}`, tone: 'quiet' }] : []),
        { text: summary(server), tone: 'quiet' },
      ],
    };
  },
  markdown({ server, policy }, links) {
    const grade = gradeOf(server);
    return md`# ${displayName(server)}

${server.name}

${server.description !== undefined && md`In its author's words:\n${mdBlock(server.description)}\n`}${summary(server)}

${grade && md`Grade ${grade.grade}. ${grade.means}\n\n${grade.reasons.map(({ because, points }) => md`- ${because} ${points} points.\n`)}\n`}${server.tools.map((tool) => md`- ${mdLink(mdCode(tool.definition.name), links.tool(server.slug, tool.definition.name))}: ${verdictWords(tool)}. ${EFFECT_TITLES[effectOf(policy, tool.definition.name)]}.\n`)}
${mdLink('The policy of the server', links.policy(server.slug))} names all its tools; what it does not name is denied.
`;
  },
};

export default page;

function facts(server: CatalogueServer): Html {
  const { repository, homepage, packages, remotes } = server;
  return html`${fact('Repository', repository && html`${foreignLink(repository.url)}${repository.subfolder && html` in ${code(repository.subfolder)}`}`)}
${fact('Homepage', homepage === undefined ? undefined : foreignLink(homepage))}
${fact('Packages', packages.length === 0 ? undefined : html`${packages.map(({ purl }) => html`<span class="line">${code(purl)}</span>`)}`)}
${fact('Remotes', remotes.length === 0 ? undefined : html`${remotes.map(({ url }) => html`<span class="line">${code(url)}</span>`)}`)}
${fact('Listed in', server.sources.join(', '))}
${fact('First seen', day(server.firstSeen))}
${fact('Last seen', day(server.lastSeen))}`;
}
