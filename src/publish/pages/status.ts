import type { Source } from '#discover/source.ts';
import type { RunStatus, SourceStatus } from '#domain/lists.ts';
import type { Finding } from '#observe/health/finding.ts';
import { nightFindings } from '#observe/health/night.ts';
import { sourceFindings } from '#observe/health/sources.ts';
import { stallFindings } from '#observe/health/stall.ts';
import type { Links } from '../addresses/links.ts';
import { sourcesDeclared } from '../facts/method.ts';
import { type Html, html } from '../markup/html.ts';
import { layout } from '../markup/layout.ts';
import { type Markdown, md, mdLink } from '../markup/markdown.ts';
import { words } from '../markup/parts.ts';
import type { CataloguePage } from '../page.ts';

export interface StatusSubject {
  readonly runs: readonly RunStatus[];
  readonly sources: readonly { readonly source: Source; readonly status?: SourceStatus }[];
  /** What somebody has to do something about. */
  readonly wrong: readonly Finding[];
}

const RUNS = 10;

/** How the last crawls went, and which sources answer. */
const page: CataloguePage<StatusSubject> = {
  id: 'status',
  of: 'catalogue',
  path: '/status',
  async load(_, catalogue) {
    const [runs, asked, stalled, declared] = await Promise.all([
      catalogue.runs(RUNS),
      catalogue.sources(),
      catalogue.stalled(),
      sourcesDeclared(),
    ]);
    const sources = [...declared.values()].map((source) => {
      const status = asked.find(({ id }) => id === source.id);
      return { source, ...(status && { status }) };
    });
    const now = new Date();
    const findings = [...nightFindings(runs, now), ...stallFindings(stalled), ...sourceFindings(asked, now)];
    return { subject: { runs, sources, wrong: findings.filter((one) => one.wrong) } };
  },
  render({ runs, sources, wrong }, links, here) {
    const failing = sources.filter(({ status }) => status?.error !== undefined).length;
    return layout(
      {
        title: 'Status',
        description: 'How the last nights of the crawl went, and which sources of MCP servers answer.',
        body: html`<header class="head"><h1>Status</h1></header>
${wrongPart(wrong)}<section><h2>Crawls</h2>${runs.length === 0 ? html`<p>None has run here yet.</p>` : html`<div class="table" tabindex="0" role="region" aria-label="Crawls"><table><thead><tr><th scope="col">Began</th><th scope="col">Took</th><th scope="col">Servers seen</th><th scope="col">Listed</th><th scope="col">Failed</th><th scope="col">Unchanged</th><th scope="col">Tools judged</th><th scope="col">Sandbox</th></tr></thead><tbody>${runs.map(runRow)}</tbody></table></div>`}</section>
<section><h2>Sources</h2><p>${failing === 0 ? 'None is failing.' : `${failing} of ${sources.length} failed when they were last asked; what they said before stands.`} Their terms stand with each.</p>
<div class="table" tabindex="0" role="region" aria-label="Sources"><table><thead><tr><th scope="col">Source</th><th scope="col">Last answered whole</th><th scope="col">Listings then</th><th scope="col">State</th></tr></thead><tbody>${sources.map((one) => sourceRow(one, links))}</tbody></table></div></section>`,
      },
      links,
      here,
    );
  },
  markdown: ({ runs, sources, wrong }, links) => md`# Status

${wrong.map(mdWrong)}${wrong.length > 0 ? '\n' : ''}## Crawls

${runs.map(mdRun)}
## Sources

${sources.map(({ source, status }) => md`- ${mdLink(source.title, links.to('source', source.id))}: ${stateOf(status)}${status?.lastGood ? `, last whole ${minute(status.lastGood)}` : ''}\n`)}`,
};

export default page;

/** For whoever keeps the catalogue; who reads it learns what may be out of date. */
function wrongPart(wrong: readonly Finding[]): Html {
  if (wrong.length === 0) return html``;
  return html`<section><h2>Out of order</h2><ul>${wrong.map(
    ({ what, found, since, advice, command }) =>
      html`<li><strong>${what}</strong>: ${words(found)}${since ? html`, since ${time(since)}` : ''}. ${advice ?? ''}${command === undefined ? '' : html` <code>${command}</code>`}</li>`,
  )}</ul></section>
`;
}

function mdWrong({ what, found, since, command }: Finding): Markdown {
  return md`- **${what}**: ${found}${since ? `, since ${minute(since)}` : ''}${command === undefined ? '' : `: ${command}`}\n`;
}

function runRow({ startedAt, finishedAt, summary }: RunStatus): Html {
  const servers = (summary?.servers ?? {}) as Readonly<Record<string, unknown>>;
  const cell = (value: unknown) => html`<td>${typeof value === 'number' ? value.toLocaleString('en') : '–'}</td>`;
  return html`<tr><th scope="row">${time(startedAt)}</th><td>${tookOf(startedAt, finishedAt)}</td>${cell(servers.seen)}${cell(servers.listed)}${cell(servers.failed)}${cell(servers.unchanged)}${cell(summary?.assessed)}<td>${typeof summary?.sandbox === 'string' ? words(summary.sandbox) : '–'}</td></tr>`;
}

function mdRun({ startedAt, finishedAt, summary }: RunStatus): Markdown {
  const { seen } = (summary?.servers ?? {}) as { seen?: unknown };
  return md`- ${minute(startedAt)}: ${tookOf(startedAt, finishedAt)}${typeof seen === 'number' ? `, ${seen} servers seen` : ''}\n`;
}

function sourceRow({ source, status }: StatusSubject['sources'][number], links: Links): Html {
  return html`<tr><th scope="row"><a href="${links.to('source', source.id)}">${source.title}</a></th><td>${status?.lastGood ? time(status.lastGood) : 'never'}</td><td>${status?.listings?.toLocaleString('en') ?? '–'}</td><td>${status?.error === undefined ? stateOf(status) : html`<strong>failing</strong>: ${words(status.error.slice(0, 300))}`}</td></tr>`;
}

function stateOf(status: SourceStatus | undefined): string {
  if (!status?.lastTried) return 'not asked here';
  return status.error === undefined ? 'answers' : 'failing';
}

function tookOf(began: Date, ended: Date | undefined): string {
  if (!ended) return 'did not end, or runs';
  const seconds = Math.round((ended.getTime() - began.getTime()) / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

function minute(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function time(date: Date): Html {
  return html`<time datetime="${date.toISOString()}">${minute(date)}</time>`;
}
