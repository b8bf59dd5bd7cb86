import type { AppSettings } from '#api/app.ts';
import { createApp } from '#api/app.ts';
import type { CatalogueServer, Statistics } from '#domain/catalogue.ts';
import type { Change } from '#domain/change.ts';
import { CATEGORIES } from '#domain/verdict.ts';
import type { Catalogue } from '#publish/catalogue.ts';
import { catalogueServer, HOSTILE_NAMES } from '../recommend/sample.ts';

const statistics: Statistics = {
  servers: 3,
  tools: 40,
  byOutcome: { listed: 2, unvisited: 1 },
  byCategory: { Read: 10, Write: 10, Execute: 5, Destructive: 5, Financial: 5 },
  byRisk: { low: 10, medium: 10, high: 5, critical: 10 },
  unassessed: 5,
  static: 3,
};

/** Slugs that a careless router takes for something else. */
export const HOSTILE_SLUGS = [
  'a/b/c',
  'evil/-/tools/x',
  '../../etc',
  '-',
  '.',
  'per%2Fcent',
  'ünï/文件',
  'UPPER',
  'a//b',
  '~',
  'sp ace?q=1#x',
];

export const servers: readonly CatalogueServer[] = [
  catalogueServer(
    HOSTILE_NAMES.map((name, at) => ({
      name,
      description: `<b>${name}</b>`,
      inputSchema: { type: 'object', properties: { __proto__x: { type: 'string' } } },
      provenance: at % 4 === 0 ? 'static' : 'listed',
      ...(at % 7 !== 0 && { category: CATEGORIES[at % 5]! }),
    })),
    {
      id: 'srv_main',
      slug: 'example/files',
      repository: { url: 'https://example.com/r', subfolder: 's' },
      homepage: 'https://example.com',
    },
  ),
  ...HOSTILE_SLUGS.map((slug, at) => catalogueServer([{ name: 'get', category: 'Read' }], { id: `srv_h${at}`, slug })),
];
// A server that nobody has visited knows next to nothing of itself.
const {
  visit: _,
  title: __,
  description: ___,
  ...bare
} = catalogueServer([], { id: 'srv_bare', slug: 'bare', name: 'bare-thing' });
const all: readonly CatalogueServer[] = [...servers, bare];

export const catalogue: Catalogue = {
  async find(key) {
    const server = all.find(({ id, slug }) => id === key || slug === key);
    if (server) return { server, canonical: true };
    const aliases: Record<string, string> = {
      'old/files': 'srv_main',
      'pkg:npm/%40example/files': 'srv_main',
      'purl:pkg:npm/%40example/files': 'srv_main',
    };
    const id = Object.hasOwn(aliases, key) ? aliases[key] : undefined;
    const other = all.find((one) => one.id === id);
    return other && { server: other, canonical: false };
  },
  async list({ limit, cursor, text }) {
    const slugs = all.map(({ slug }) => slug).sort();
    const after = slugs.filter((slug) => (cursor === undefined || slug > cursor) && (!text || slug.includes(text)));
    const page = after.slice(0, limit).map((slug) => {
      const server = all.find((one) => one.slug === slug)!;
      const { id, name, title, lastSeen, visit, tools } = server;
      return {
        id,
        slug,
        name,
        ...(title && { title }),
        ...(visit && { outcome: visit.outcome }),
        toolCount: tools.length,
        risk: 'high' as const,
        lastSeen,
      };
    });
    return { servers: page, ...(after.length > limit && { next: page.at(-1)!.slug }) };
  },
  async annotated({ after = 0, limit }) {
    const tools = all.flatMap((server) =>
      server.tools.flatMap(({ definition, assessment }) =>
        definition.annotations && assessment ? [{ server, definition, verdict: assessment.verdict }] : [],
      ),
    );
    return { tools: tools.slice(after, after + limit), ...(after + limit < tools.length && { next: after + limit }) };
  },
  async statistics() {
    return statistics;
  },
  hidden: [],
  async newestRevision() {
    return all.length;
  },
  async *revised({ after, until }) {
    for (const [at, server] of all.entries()) if (at + 1 > after && at + 1 <= until) yield { revision: at + 1, server };
    if (after === 0) yield { revision: until, gone: 'srv_merged' };
  },
  async changes({ since, visits, serverId }) {
    const changes = all
      .filter(({ id }) => serverId === undefined || id === serverId)
      .map(({ id, slug, tools }, at): Change => {
        const definition = tools[0]?.definition ?? { name: 'gone' };
        const kind = tools.length > 0 ? 'appeared' : 'went';
        const text = kind === 'went' ? { before: definition } : { after: definition };
        const server = { id, slug };
        const common = { visit: at + 1, at: all[0]!.lastSeen, server, tool: definition.name, versions: {} };
        return { ...common, ...text, kind, provenance: 'listed', initial: false };
      })
      .filter(({ visit }) => visit > since);
    const page = changes.slice(0, visits);
    return { changes: page, ...(changes.length > visits && { next: page.at(-1)!.visit }) };
  },
};

export function app(settings: AppSettings = {}, change: Partial<Catalogue> = {}) {
  return createApp({ ...catalogue, ...change }, settings);
}
