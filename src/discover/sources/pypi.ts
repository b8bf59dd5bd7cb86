import { parseFeed } from 'htmlparser2';
import { z } from 'zod';
import { SourceUnreachable } from '#core/errors.ts';
import { parsePurl, purlOf } from '#core/purl.ts';
import { registryNamesIn } from '#core/registry-name.ts';
import type { Sighting } from '#domain/server.ts';
import { dropped, repositoryAt, sightingOf } from '../found.ts';
import { placeOf } from '../place.ts';
import { type DiscoverOptions, type Dropped, homeOf, type Source } from '../source.ts';
import { Fields, List, Text, Web } from '../texts.ts';

/** The newest releases, and the newest projects: 100 and 40 of each, whatever their subject. */
const FEEDS = ['rss/updates.xml', 'rss/packages.xml'];
const politeness = { concurrency: 2, interval: 100 };
/** What names and summaries of servers say; most others do not. The project's own page then decides. */
const SUBJECT = /(^|[^a-z])mcp([^a-z]|$)|model context protocol/i;
const SERVER = /server|mcp[-_. ]|[-_. ]mcp/i;
/** Keys under which projects give their repository, in the order of trust. */
const LINKS = /^(source( code)?|repository|repo|github|gitlab|code|homepage|home)$/i;

const Project = z.object({
  info: z.object({
    name: z.string(),
    version: Text,
    summary: Text,
    description: z.string().catch(''),
    keywords: Text,
    home_page: Web,
    project_urls: Fields,
    requires_dist: List,
    yanked: z.unknown().optional(),
  }),
});

/** A project as PyPI's JSON API tells it. Undefined for one that does not call itself an MCP server. */
export function mapPypiProject(record: unknown): Sighting | Dropped | undefined {
  const { data } = Project.safeParse(record);
  const purl = data && purlOf('pypi', data.info.name);
  if (!purl) return dropped((record as { info?: unknown } | null)?.info, 'name', 'not the name of a project');
  const { info } = data;
  const says = [info.name, info.summary ?? '', info.keywords ?? ''].join('\n');
  if (!SUBJECT.test(says) || !SERVER.test(says)) return undefined;
  const links = Object.entries(info.project_urls)
    .filter(([label]) => LINKS.test(label.trim()))
    .flatMap(([, url]) => Web.parse(url) ?? []);
  const repository = [...links, info.home_page].find((url) => url !== undefined && placeOf({ url }));
  const name = parsePurl(purl)?.name ?? info.name;
  return sightingOf({
    source: 'pypi',
    listing: name,
    name,
    description: info.summary,
    homepage: info.home_page,
    repository: repositoryAt(repository),
    packages: [{ purl, ...(info.version !== undefined && { version: info.version }) }],
    status: info.yanked === true ? 'deprecated' : 'active',
    bears: registryNamesIn(info.description),
  });
}

/** The projects that a feed's items name and that may be servers, in order. */
export function projectsIn(feed: string): readonly string[] | undefined {
  const items = parseFeed(feed, { xmlMode: true })?.items;
  return items?.flatMap(({ title = '', description = '', link = '' }) => {
    const [, name] = /\/project\/([A-Za-z0-9._-]{1,200})\//.exec(link) ?? [];
    return name !== undefined && SUBJECT.test(`${title}\n${description}`) ? [name] : [];
  });
}

async function* discover(options: DiscoverOptions): AsyncGenerator<Sighting | Dropped> {
  const { http, settings, stop, limit = Number.POSITIVE_INFINITY } = options;
  const home = homeOf(settings, 'pypi', 'https://pypi.org');
  const names = new Set<string>();
  for (const feed of FEEDS) {
    const url = new URL(feed, home);
    const found = projectsIn(await http.text(url, { politeness, stop }));
    if (!found) throw new SourceUnreachable(`${url.host} answered without a feed at ${url.pathname}`);
    for (const name of found) names.add(name);
  }
  let given = 0;
  for (const name of names) {
    if (given >= limit) return;
    const found = await http.json(new URL(`pypi/${name}/json`, home), { politeness, stop }).then(
      mapPypiProject,
      // Between the feed and the question a project may be taken down.
      (error): Dropped => {
        if (!(error instanceof SourceUnreachable) || error.status !== 404) throw error;
        return { listing: name, reason: 'the project is gone' };
      },
    );
    if (!found) continue;
    given++;
    yield found;
  }
}

export default {
  id: 'pypi',
  title: 'PyPI',
  terms: 'Names, summaries and links of public projects, from PyPI; each package is under its own licence.',
  can: { sweep: false, recent: true },
  politeness,
  discover,
} satisfies Source;
