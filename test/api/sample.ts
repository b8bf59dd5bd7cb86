import type { AppSettings } from '#api/app.ts';
import { createApp } from '#api/app.ts';
import type { CatalogueServer, Statistics } from '#domain/catalogue.ts';
import { CATEGORIES } from '#domain/verdict.ts';
import type { Catalogue } from '#publish/catalogue.ts';
import { catalogueServer, HOSTILE_NAMES } from '../recommend/sample.ts';
import { literalCatalogue } from '../support/catalogue.ts';

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

export const catalogue: Catalogue = literalCatalogue(all, statistics, {
  'old/files': 'srv_main',
  'pkg:npm/%40example/files': 'srv_main',
  'purl:pkg:npm/%40example/files': 'srv_main',
});

export function app(settings: AppSettings = {}, change: Partial<Catalogue> = {}) {
  return createApp({ ...catalogue, ...change }, settings);
}
