import type { Source } from '#discover/source.ts';
import type { ServerSummary } from '#domain/catalogue.ts';
import type { SourceStatus } from '#domain/lists.ts';
import { sourcesDeclared } from '../facts/method.ts';
import { needsOf, paceOf, told } from '../facts/source-list.ts';
import { html } from '../markup/html.ts';
import { layout } from '../markup/layout.ts';
import { md } from '../markup/markdown.ts';
import { day, fact, words } from '../markup/parts.ts';
import { mdMoreServers, mdServers, moreServers, serverList } from '../markup/server-list.ts';
import type { CataloguePage } from '../page.ts';

export interface SourceSubject {
  readonly source: Source;
  /** Absent where it was never asked. */
  readonly status?: SourceStatus;
  readonly servers: readonly ServerSummary[];
  /** There are more than these. */
  readonly more: boolean;
}

const PER_PAGE = 100;

/** One place that lists servers: its terms, how it is asked, when it last answered, and what it lists. */
const page: CataloguePage<SourceSubject> = {
  id: 'source',
  of: 'catalogue',
  path: '/sources/:source',
  async *keys() {
    for (const id of (await sourcesDeclared()).keys()) yield [id];
  },
  staticPages: 1,
  async load({ key, cursor }, catalogue) {
    const source = (await sourcesDeclared()).get(key[0]!);
    if (!source) return undefined;
    const [all, { servers, next }] = await Promise.all([
      catalogue.sources(),
      catalogue.list({ source: source.id, cursor, limit: PER_PAGE }),
    ]);
    const status = all.find(({ id }) => id === source.id);
    return {
      subject: { source, ...(status && { status }), servers, more: next !== undefined },
      ...(next !== undefined && { next }),
    };
  },
  render({ source, status, servers, more }, links, here = {}) {
    return layout(
      {
        title: source.title,
        description: `Servers that ${source.title} lists, and on what terms.`,
        body: html`<nav class="crumbs" aria-label="Breadcrumb"><a href="${links.to('status')}">Sources</a></nav>
<header class="head"><h1>${source.title}</h1></header>
<section class="card"><dl class="facts">
${fact('Terms and attribution', source.terms)}
${fact('Tells', told(source))}
${fact('Asked', paceOf(source))}
${fact('Needs', needsOf(source))}
${fact('Last answered whole', status?.lastGood ? day(status.lastGood) : 'never')}
${fact('Last asked', status?.lastTried && day(status.lastTried))}
${fact('Listings then', status?.listings?.toLocaleString('en'))}
${fact('Failing', status?.error === undefined ? undefined : words(status.error))}
</dl></section>
<section><h2>Servers that it lists</h2>
${servers.length === 0 ? html`<p>None are known.</p>` : serverList(servers, links)}
${moreServers(more, here)}</section>`,
      },
      links,
      here,
    );
  },
  markdown: ({ source, status, servers, more }, links, here = {}) => md`# ${source.title}

- terms: ${source.terms}
- last answered whole: ${status?.lastGood?.toISOString().slice(0, 10) ?? 'never'}
${status?.error === undefined ? '' : md`- failing: ${status.error}\n`}
${mdServers(servers, links)}
${mdMoreServers(more, here)}`,
};

export default page;
