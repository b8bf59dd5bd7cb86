import type { Example, Signal } from '#classify/signal.ts';
import { taxonomy } from '#classify/taxonomy.ts';
import { visibleJson } from '#core/visible.ts';
import type { Source } from '#discover/source.ts';
import { CATEGORIES } from '#domain/verdict.ts';
import { accuracyInShort, type Measured } from '../facts/accuracy.ts';
import { method } from '../facts/method.ts';
import { sourceList } from '../facts/source-list.ts';
import { type Html, html } from '../markup/html.ts';
import { layout } from '../markup/layout.ts';
import { md, mdCode } from '../markup/markdown.ts';
import { categoryBadge, count, riskBadge } from '../markup/parts.ts';
import type { CataloguePage } from '../page.ts';
import { gradeMethod } from '../sections/grade.ts';

export interface MethodSubject {
  readonly signals: readonly Signal[];
  readonly sources: readonly Source[];
  readonly accuracy: readonly Measured[];
}

const PROJECT = 'https://github.com/plimsoll/plimsoll';

/** How verdicts are made, how good they are, where they fail, and how to dispute one. */
const page: CataloguePage<MethodSubject> = {
  id: 'method',
  of: 'catalogue',
  path: '/method',
  async load() {
    return { subject: await method() };
  },
  render({ signals, sources, accuracy }, links, here) {
    return layout(
      {
        title: 'Method',
        description:
          'How Plimsoll judges MCP tools: the taxonomy, the signals, measured accuracy, known failings, and how to dispute a verdict.',
        body: html`<header class="head"><h1>Method</h1></header>
<p>${taxonomy.about}</p>
<nav aria-label="On this page"><ul><li><a href="#taxonomy">Taxonomy</a></li><li><a href="#risk">Risk</a></li><li><a href="#how">How a verdict is made</a></li><li><a href="#accuracy">Accuracy</a></li><li><a href="#failings">Known failings</a></li><li><a href="#dispute">Disputing a verdict</a></li><li><a href="#grade">Grades of servers</a></li><li><a href="#sources">Sources</a></li><li><a href="#signals">Signals</a></li></ul></nav>
<section id="taxonomy"><h2>Taxonomy</h2>${CATEGORIES.map((name) => {
          const { means, includes, typical } = taxonomy.categories[name];
          return html`<h3>${categoryBadge(name)}</h3><p>${means}</p><p>${includes}</p><p class="quiet">Typical: ${typical.map((one, at) => html`${at > 0 ? ', ' : ''}<code>${one}</code>`)}.</p>`;
        })}
<h3>Where several fit</h3><ul>${taxonomy.rules.map((rule) => html`<li>${rule}</li>`)}</ul>
<h3>Facets</h3><dl class="facts">${Object.entries(taxonomy.facets).map(([name, { about }]) => html`<div><dt><code>${name}</code></dt><dd>${about}</dd></div>`)}</dl></section>
<section id="risk"><h2>Risk</h2><p>${taxonomy.risk.about}</p><ul>${CATEGORIES.map((name) => html`<li>${categoryBadge(name)} starts at ${riskBadge(taxonomy.risk.start[name])}</li>`)}</ul>
<h3>Raised by a tool that</h3><ul>${taxonomy.risk.raises.map((reason) => html`<li>${reason}</li>`)}</ul>
<h3>Lowered by</h3><ul>${taxonomy.risk.lowers.map((reason) => html`<li>${reason}</li>`)}</ul></section>
${HOW}
<section id="accuracy"><h2>Accuracy</h2>${accuracyInShort(accuracy)}<p><a href="${links.to('accuracy')}">Class by class, and how sure</a></p></section>
${FAILINGS}
${DISPUTE}
${gradeMethod()}
<section id="sources"><h2>Sources</h2>${sourceList(sources)}</section>
<section id="signals"><h2>Signals</h2><p>${count(signals.length, 'signal')} look at every definition. Each quotes what it rests on; how much each counts was fitted on judged tools and is readable in <code>src/classify/weights.json</code>.</p>${signals.map(signalSection)}</section>`,
      },
      links,
      here,
    );
  },
  markdown: ({ signals, sources }) => md`# Method

${taxonomy.about}

${CATEGORIES.map((name) => md`- ${name}: ${taxonomy.categories[name].means} Starts at ${taxonomy.risk.start[name]} risk.\n`)}
Where several fit:

${taxonomy.rules.map((rule) => md`- ${rule}\n`)}
Facets:

${Object.entries(taxonomy.facets).map(([name, { about }]) => md`- ${mdCode(name)}: ${about}\n`)}
Risk: ${taxonomy.risk.about}

${signals.length} signals look at every definition; each quotes what it rests on. Servers are found in ${sources.map(({ title }) => title).join(', ')}.
`,
};

export default page;

const HOW = html`<section id="how"><h2>How a verdict is made</h2>
<p>Signals read the definition and state what they notice, each with the words that it rests on. Their weights are added up to a likelihood for each category; Read is said only where it is likely enough, because a wrong Read is the worst error. The risk starts from the category and moves by the reasons that are listed on the page.</p>
<p>Where a language model judges beside the rules, it sees the same definitions as escaped data and answers with a quote for every claim. A claim whose quote does not stand in the definition is dropped. It may raise a verdict. It may lower one only where the rules are unsure, its quote stands, and nothing on the server is addressed to a model. What it may not change is shown as its dissent.</p>
<p>A key that a definition carries is not spread further: before anything is stored or judged, <code>[token]</code>, <code>[secret]</code>, <code>[password]</code> or <code>[hex]</code> takes its place. The fingerprint stays that of what the server says, so that a gateway recognises it.</p>
<p>The name of a category and a risk say what one call can do. They say nothing of its author’s intent, and no verdict says that a tool is safe.</p></section>`;

const FAILINGS = html`<section id="failings"><h2>Known failings</h2><ul>
<li>Only the definition is read. A tool whose code does something else is judged by what it says; a study of 19,200 pairs of description and code found about one in ten inconsistent (arXiv 2606.04769).</li>
<li>Tools that route to many commands and name them vaguely (“commands for managing resources”) are judged by those few words.</li>
<li>Filling in a form in a browser is sometimes called Write where the taxonomy says Execute.</li>
<li>The gold set holds no tool that moves money, so the figures above say nothing of Financial, and macro-F1 counts it as zero.</li>
<li>One reader made the labels. How far two would agree has not been measured.</li>
<li>Verbs of eight languages beside English are known; other languages are judged by name, parameters and siblings alone.</li></ul></section>`;

const DISPUTE = html`<section id="dispute"><h2>Disputing a verdict</h2>
<p>Open an issue at <a rel="noopener noreferrer" href="${PROJECT}/issues">${PROJECT}/issues</a> with the server’s id, the tool’s name, the definition’s fingerprint from the tool’s page, and the words of the definition that bear you out. Nobody has to show who they are.</p>
<p>If a signal is wrong, the signal is changed, and every verdict with it. If a single verdict is wrong and no rule could know, it is corrected in <code>data/curations.yaml</code>: the correction shows on the page with its author, its reason and what stood before, and it ends when the definition changes.</p>
<p>Words that accuse are not used. Where a definition holds text addressed to a model or looks like another server’s, the page shows the words and says no more. Maintainers are told first and in private; <code>SECURITY.md</code> says how.</p></section>`;

function signalSection({ id, title, why, examples }: Signal): Html {
  return html`<h3 id="signal-${id}">${title}</h3><p>${why}</p><p class="quiet">Speaks on ${example(examples.speaks[0])}${examples.silent[0] ? html`, is silent on ${example(examples.silent[0])}` : ''}.</p>`;
}

function example(one: Example | undefined): Html | string {
  return one ? html`<code>${visibleJson(one, 0).slice(0, 300)}</code>` : 'nothing yet';
}
