import type { AnnotatedTool, CatalogueServer, ServerSummary, Statistics } from '#domain/catalogue.ts';
import { RISKS } from '#domain/verdict.ts';
import { recommend } from '#recommend/recommend.ts';
import schema from '../../data/schemas/policy.json' with { type: 'json' };
import { fileName, filePath } from './address.ts';
import { ASSETS } from './assets.ts';
import { type Contradicted, contradicted } from './contradictions.ts';
import { type Disk, openDisk, type Published } from './disk.ts';
import { type Links, staticLinks } from './links.ts';
import { method } from './method.ts';
import type { Html } from './page.ts';
import contradictionsPage from './pages/contradictions.ts';
import home from './pages/home.ts';
import methodPage from './pages/method.ts';
import missing from './pages/missing.ts';
import serverPage from './pages/server.ts';
import serversPage from './pages/servers.ts';
import toolPage from './pages/tool.ts';
import { policyText } from './policy-text.ts';

export interface SiteSource {
  /** Every server once, in order of slug. */
  readonly servers: AsyncIterable<CatalogueServer>;
  readonly statistics: Statistics;
}

export interface SiteOptions {
  /** Path under which the site will be served; begins and ends with a slash. */
  readonly base?: string;
  /** Scheme and host, for canonical links. */
  readonly origin?: string;
}

const PER_LIST = 200;
/** Servers on the front page. */
const SHOWN = 12;

/**
 * Writes the whole catalogue as files that any web server can serve. Only what changed is written; what an earlier run
 * wrote and is gone is removed; files of others in the folder are left alone. The same catalogue gives the same bytes.
 */
export async function publishSite(source: SiteSource, outDir: string, options: SiteOptions = {}): Promise<Published> {
  const links = staticLinks(options.base ?? '/', options.origin);
  const disk = openDisk(outDir);
  for (const { file, content } of Object.values(ASSETS)) disk.write(`assets/${file}`, content);
  disk.write('schemas/policy.json', `${JSON.stringify(schema, null, 2)}\n`);
  disk.write('404.html', await text(missing.render({ what: 'There is no such page.' }, links)));
  disk.write('method/index.html', await text(methodPage.render(await method(), links)));
  const summaries: ServerSummary[] = [];
  const rows: Contradicted[] = [];
  for await (const server of source.servers) {
    await publishServer(server, links, disk);
    rows.push(...contradicted(annotatedTools(server)));
    summaries.push(summaryOf(server));
  }
  await publishLists(summaries, links, disk);
  await publishContradictions(rows, links, disk);
  disk.write(
    'index.html',
    await text(home.render({ statistics: source.statistics, some: summaries.slice(0, SHOWN) }, links)),
  );
  return disk.finish();
}

async function publishServer(server: CatalogueServer, links: Links, disk: Disk): Promise<void> {
  const folder = `servers/${filePath(server.slug)}`;
  const policy = recommend(server, 'recommended');
  disk.write(`${folder}/index.html`, await text(serverPage.render({ server, policy }, links)));
  disk.write(`${folder}/policy.json`, policyText(policy));
  const names = new Set<string>();
  for (const tool of server.tools) {
    const file = fileName(tool.definition.name);
    // A server may list a name twice; the first has the page, as it has the address in the live catalogue.
    if (names.has(file)) continue;
    names.add(file);
    disk.write(`${folder}/-/tools/${file}/index.html`, await text(toolPage.render({ server, tool, policy }, links)));
  }
}

async function publishLists(summaries: readonly ServerSummary[], links: Links, disk: Disk): Promise<void> {
  for (let at = 0, page = 1; at === 0 || at < summaries.length; at += PER_LIST, page++) {
    const more = at + PER_LIST < summaries.length;
    const subject = {
      servers: summaries.slice(at, at + PER_LIST),
      ...(more && { next: `${links.servers}-/${page + 1}/` }),
    };
    const path = page === 1 ? 'servers/index.html' : `servers/-/${page}/index.html`;
    disk.write(path, await text(serversPage.render(subject, links)));
  }
}

function annotatedTools(server: CatalogueServer): readonly AnnotatedTool[] {
  return server.tools.flatMap(({ definition, assessment }) =>
    assessment ? [{ server, definition, verdict: assessment.verdict }] : [],
  );
}

async function publishContradictions(rows: readonly Contradicted[], links: Links, disk: Disk): Promise<void> {
  for (let at = 0, page = 1; at === 0 || at < rows.length; at += PER_LIST, page++) {
    const next = at + PER_LIST < rows.length && { next: `${links.contradictions}-/${page + 1}/` };
    const path = page === 1 ? 'contradictions/index.html' : `contradictions/-/${page}/index.html`;
    disk.write(path, await text(contradictionsPage.render({ rows: rows.slice(at, at + PER_LIST), ...next }, links)));
  }
}

/** What a list shows of a server. */
function summaryOf(server: CatalogueServer): ServerSummary {
  const levels = server.tools.map(({ assessment }) => (assessment ? RISKS.indexOf(assessment.verdict.risk) : -1));
  const risk = RISKS[Math.max(-1, ...levels)];
  return {
    id: server.id,
    slug: server.slug,
    name: server.name,
    ...(server.title !== undefined && { title: server.title }),
    ...(server.description !== undefined && { description: server.description }),
    ...(server.visit && { outcome: server.visit.outcome }),
    toolCount: server.tools.length,
    ...(risk && { risk }),
    lastSeen: server.lastSeen,
  };
}

async function text(html: Html): Promise<string> {
  return (await html).toString();
}
