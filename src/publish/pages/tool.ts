import { contradictions } from '#classify/annotations.ts';
import { displayName } from '#core/display-name.ts';
import type { CatalogueTool } from '#domain/catalogue.ts';
import type { Provenance } from '#domain/tool.ts';
import { EFFECT_TITLES, effectOf } from '#recommend/effect.ts';
import { type Explanation, explain } from '#recommend/explain.ts';
import { plain } from '#recommend/prose.ts';
import { visitOf } from '#recommend/questions.ts';
import { narrow } from '#recommend/recommend.ts';
import { facets } from '../facets.ts';
import { formatsOfTool } from '../formats.ts';
import { type Html, html } from '../html.ts';
import { layout } from '../layout.ts';
import type { Links } from '../links.ts';
import { md, mdBlock, mdLink, mdSentence } from '../markdown.ts';
import { account, correctionNote, opinion } from '../opinions.ts';
import { otherWords } from '../other-words.ts';
import type { ServerFacts, ServerPage } from '../page.ts';
import { parameters } from '../parameters.ts';
import { block, code, day, effectBadge, fact, json, sentence, verdictBadges, verdictWords, words } from '../parts.ts';
import { policyText } from '../policy-text.ts';
import { reasonItem } from '../quote.ts';

export interface ToolSubject extends Pick<ServerFacts, 'server' | 'policy'> {
  readonly tool: CatalogueTool;
}

/** Other tools shown before the page refers to the server's. */
const NEIGHBOURS = 40;

/** Everything the catalogue says of one tool of one server. */
const page: ServerPage<ToolSubject> = {
  id: 'tool',
  of: 'server',
  path: '/servers/*slug/-/tools/:name',
  subjects: ({ server, policy }) =>
    server.tools.map((tool) => ({ name: tool.definition.name, subject: { server, tool, policy } })),
  render(subject, links, here) {
    const { server, tool, policy } = subject;
    const explanation = explain(server, tool, policy);
    const { name, title, description } = tool.definition;
    const on = displayName(server);
    return layout(
      {
        title: `${name} – ${on}`,
        description: `${plain(explanation.risk)} ${plain(explanation.effect)}`,
        body: html`<nav class="crumbs" aria-label="Breadcrumb"><a href="${links.to('servers')}">Servers</a> <span aria-hidden="true">/</span> <a href="${links.server(server.slug)}">${words(on)}</a></nav>
<header class="head"><h1>${code(name)}</h1>
${title === undefined || title === name ? '' : html`<p class="subtitle">${words(title)}</p>`}
<p class="badges">${verdictBadges(tool)} ${effectBadge(effectOf(policy, name))}${tool.provenance === 'static' ? html` <span class="badge static">Read from source</span>` : ''}</p></header>
<div class="columns"><div class="main">
<section class="author"><h2>In its author's words</h2>${description === undefined || description.trim() === '' ? html`<p>Its author does not describe it.</p>` : block(description)}</section>
<section><h2>What it does on ${words(on)}</h2><p>${sentence(explanation.does)}</p>${annotations(tool)}${parameters(tool.definition)}</section>
${account(tool)}
<section><h2>Why it carries that risk</h2><p>${sentence(explanation.risk)}</p>${tool.assessment?.verdict.correction ? correctionNote(tool.assessment.verdict.correction) : ''}${reasons(explanation, subject)}</section>
${facets(tool, server)}
${opinion(tool, server)}
<section id="policy"><h2>Policy</h2><p>${sentence(explanation.effect)}</p>
${json(policyText(narrow(policy, [name])), 'Policy for this tool')}
<p><a href="${links.policy(server.slug)}">The whole policy of the server</a> names all its tools.</p>
${formatsOfTool(policy, server.slug, name, links)}
<h3>Put it in force</h3><ol>${explanation.steps.map((step) => html`<li>${sentence(step)}</li>`)}</ol></section>
<section><h2>Questions</h2>${explanation.questions.map(
          ({ id, question, answer, example }) =>
            html`<h3 id="q-${id}">${sentence(question)}</h3><p>${sentence(answer)}</p>${example === undefined ? '' : json(example, 'Example')}`,
        )}</section>
${otherWords(tool)}
</div><aside class="side">${provenance(subject)}${siblings(subject, links)}</aside></div>`,
      },
      links,
      here,
    );
  },
  markdown({ server, tool, policy }, links) {
    const { does, risk, effect, questions } = explain(server, tool, policy);
    const { name, description } = tool.definition;
    return md`# ${name}

A tool of ${mdLink(displayName(server), links.server(server.slug))}. ${verdictWords(tool)}. ${EFFECT_TITLES[effectOf(policy, name)]}.

In its author's words:
${description?.trim() ? mdBlock(description) : '\nIts author does not describe it.\n'}
${mdSentence(does)} ${mdSentence(risk)}

${mdSentence(effect)}
${mdBlock(policyText(narrow(policy, [name])).trimEnd(), 'json')}
${questions.map(({ question, answer, example }) => md`## ${mdSentence(question)}\n\n${mdSentence(answer)}\n${example === undefined ? '' : mdBlock(example, 'json')}\n`)}`;
  },
};

export default page;

function reasons({ reasons }: Explanation, { tool, server }: ToolSubject): Html {
  return html`${reasons.map(
    ({ heading, reasons }) =>
      html`<h3>${heading}</h3><ul class="reasons">${reasons.map((one) => reasonItem(one, tool, server))}</ul>`,
  )}`;
}

/** What the author declares beside our verdict, where the two differ. */
function annotations({ definition, assessment }: CatalogueTool): Html {
  const found = assessment ? contradictions(definition, assessment.verdict) : [];
  return html`${found.map((one) => html`<p class="note">Its author declares <code>${one.hint}: ${String(one.declared)}</code>; ${one.found}.</p>`)}`;
}

const HOW: Readonly<Record<Provenance, string>> = {
  listed: 'Listed by the running server',
  hook: 'Told by the handler of the server, called in its process in a sandbox; the server did not come to answer',
  static: "Read from the package's source; not listed by a running server",
};

function provenance({ server, tool }: ToolSubject): Html {
  const visit = visitOf(server, tool);
  const artefact = visit?.artefact;
  const { assessment } = tool;
  return html`<section class="card"><h2>Where this comes from</h2><dl class="facts">
${fact('Server', words(server.name))}
${fact('Package', artefact && code(`${artefact.name}@${artefact.version}`))}
${fact('How', HOW[tool.provenance])}
${fact('Last seen', day(tool.lastSeen))}
${fact('First seen', day(tool.firstSeen))}
${fact('Protocol', tool.provenance !== 'static' && visit?.protocolVersion ? code(visit.protocolVersion) : undefined)}
${fact('Definition', code(tool.fingerprint.slice(0, 16)))}
${fact('Assessed', assessment && day(assessment.assessedAt))}
${fact('Confidence', assessment && `${percent(assessment.verdict.confidence)} in the category`)}
${fact('Rules', assessment && code(assessment.rules.slice(0, 16)))}
${fact('Judge', assessment?.model ? words(assessment.model) : undefined)}
</dl></section>`;
}

function siblings({ server, tool }: ToolSubject, links: Links): Html | '' {
  const others = server.tools.filter((other) => other !== tool);
  if (others.length === 0) return '';
  const shown = others.slice(0, NEIGHBOURS);
  return html`<section class="card"><h2>Other tools of this server</h2><ul class="siblings">${shown.map(
    (other) =>
      html`<li><a href="${links.tool(server.slug, other.definition.name)}">${code(other.definition.name)}</a><span class="quiet">${other.assessment ? `${other.assessment.verdict.category}, ${other.assessment.verdict.risk}` : 'Not assessed'}</span></li>`,
  )}</ul>${others.length > shown.length ? html`<p><a href="${links.server(server.slug)}">All ${server.tools.length} tools</a></p>` : ''}</section>`;
}

/** A share in per cent; what is not wholly certain never reads 100. */
function percent(share: number): string {
  return share > 0.99 ? 'over 99 %' : `${Math.round(share * 100)} %`;
}
