import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { HtmlValidate } from 'html-validate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fingerprint } from '#core/hash.ts';
import type { CatalogueServer, Statistics } from '#domain/catalogue.ts';
import { CATEGORIES } from '#domain/verdict.ts';
import { factsOf } from '#publish/facts/facts.ts';
import { PAGES } from '#publish/registry.ts';
import { publishSite, serverWriter } from '#publish/site/publish.ts';
import { catalogueServer, HOSTILE_NAMES } from '../recommend/sample.ts';
import { literalCatalogue } from '../support/catalogue.ts';

const ORIGIN = 'https://catalogue.example';
const statistics: Statistics = {
  servers: 191,
  tools: 1000,
  byOutcome: { listed: 191 },
  byCategory: { Read: 200, Write: 200, Execute: 200, Destructive: 200, Financial: 200 },
  byRisk: { low: 400, medium: 200, high: 200, critical: 200 },
  unassessed: 0,
  static: 0,
};
const HOSTILE = '"><script>alert(1)</script></title>\u202e';

const servers: readonly CatalogueServer[] = [
  catalogueServer(
    HOSTILE_NAMES.map((name) => ({ name, title: HOSTILE, description: HOSTILE, category: 'Write' as const })),
    { id: 'evil', slug: 'evil/../-/x.md', name: HOSTILE, title: HOSTILE, description: HOSTILE },
  ),
  ...Array.from({ length: 190 }, (_, at) =>
    catalogueServer(
      Array.from({ length: 6 }, (_, tool) => ({
        name: `act_${at % 40}_${tool}`,
        description: `Sends the file ${tool} to the address in \`to\` & keeps a copy.`,
        category: CATEGORIES[(at + tool) % CATEGORIES.length]!,
        annotations: { readOnlyHint: tool === 1 },
        inputSchema: {
          type: 'object' as const,
          properties: { path: { type: 'string', description: 'Where it is' }, to: { type: 'string' } },
          required: ['path'],
        },
      })),
      { id: `s${at}`, slug: `many/server-${at}`, title: `Server ${at}` },
    ),
  ),
];

let folder: string;
let files: ReadonlySet<string>;
const read = (file: string) => readFileSync(join(folder, file), 'utf8');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-whole-'));
  const source = {
    catalogue: literalCatalogue(servers, statistics),
    async stamps() {
      return servers.map((server) => ({ id: server.id, slug: server.slug, stamp: fingerprint(server) }));
    },
    async *write(tasks: readonly never[], into: string, options: object) {
      using writer = serverWriter(into, options);
      for (const task of tasks as readonly { id: string }[])
        yield writer.write(task as never, factsOf(servers.find(({ id }) => id === task.id)!, []));
    },
  };
  await publishSite(source as never, folder, { base: '/sub/', origin: ORIGIN });
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  files = new Set(entries.filter((one) => one.isFile()).map((one) => relative(folder, join(one.parentPath, one.name))));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ours = (address: string) => decodeURIComponent(address.replace(/[?#].*/s, '')).replace(/^\/sub\//, '');
const fileOf = (address: string) => ours(address).replace(/(^|\/)$/, '$1index.html');

test('every internal link of a site of 2,000 pages leads to a file, in pages, twins, feeds and sitemaps', () => {
  const pages = [...files].filter((file) => file.endsWith('.html'));
  expect(pages.length).toBeGreaterThan(2000);
  const broken = new Map<string, string>();
  const check = (from: string, address: string) => {
    const own = address.startsWith(ORIGIN) ? address.slice(ORIGIN.length) : address;
    if (own.startsWith('/') && !files.has(fileOf(own.replaceAll('&amp;', '&')))) broken.set(own, from);
  };
  for (const file of files) {
    if (/\.html$/.test(file))
      for (const [, address] of read(file).matchAll(
        /(?:href|src|action|content)="((?:https:\/\/catalogue\.example)?\/[^"]*)"/g,
      ))
        check(file, address!);
    else if (/\.md$/.test(file))
      for (const [, address] of read(file).matchAll(/\]\((\/[^)]*)\)/g)) check(file, address!);
    else if (/\.atom$/.test(file))
      for (const [, address] of read(file).matchAll(/href="([^"]*)"/g)) check(file, address!);
    else if (/\.xml$/.test(file))
      for (const [, address] of read(file).matchAll(/<loc>([^<]*)</g)) check(file, address!);
  }
  expect([...broken].slice(0, 20)).toEqual([]);
});

test('sitemaps name every page that is for search engines, once, and robots.txt names them', () => {
  const named = [...read('sitemap/1.xml').matchAll(/<loc>([^<]*)</g)].map(([, address]) => address!);
  expect(new Set(named).size).toBe(named.length);
  const tools = [...files].filter((file) => /\/-\/tools\/.*\.html$/.test(file));
  expect(named.filter((address) => address.includes('/-/tools/'))).toHaveLength(tools.length);
  expect(named).not.toContain(`${ORIGIN}/sub/404.html`);
  expect(read('robots.txt')).toContain(`Sitemap: ${ORIGIN}/sub/sitemap.xml`);
});

test('every page has its Markdown beside it and says so, and is known under one address', () => {
  const canonical = new Set<string>();
  for (const file of files) {
    if (!file.endsWith('.html')) continue;
    const twin = file.replace(/html$/, 'md');
    expect(files, file).toContain(twin);
    const text = read(file);
    expect(text, file).toMatch(/<link rel="alternate" type="text\/markdown" href="\/sub\/[^"]+\.md">/);
    const address = /<link rel="canonical" href="([^"]+)">/.exec(text)?.[1];
    expect(address && fileOf(address.slice(ORIGIN.length)), file).toBe(file);
    canonical.add(address!);
    // Outside of code nothing reads as markup of HTML.
    const prose = read(twin).replace(/(`+)[\s\S]*?\1/g, '');
    expect(prose, twin).not.toMatch(/(?<!\\)<[a-z/!]/i);
  }
  expect(canonical.size).toBe([...files].filter((file) => file.endsWith('.html')).length);
});

test('structured data is one block of JSON, whatever strangers say', () => {
  const file = [...files].find((one) => one.startsWith('servers/evil') && one.includes('/tools/'))!;
  const blocks = [...read(file).matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)];
  expect(blocks).toHaveLength(1);
  expect(JSON.parse(blocks[0]![1]!)).toMatchObject({ '@context': 'https://schema.org' });
});

const validator = new HtmlValidate({
  extends: ['html-validate:standard'],
  rules: {
    // How markup is laid out is nobody's business; names of strangers may be as long as they like.
    'no-trailing-whitespace': 'off',
    'long-title': 'off',
    'no-inline-style': 'error',
    'no-dup-id': 'error',
  },
});

test('a page of every kind is valid HTML, also of strangers’ words', () => {
  const seen = new Map<string, string>();
  for (const file of [...files].sort()) {
    if (!file.endsWith('.html')) continue;
    for (const { page, path } of PAGES.values()) {
      const key = path.match(`/${file.replace(/(?:\/index)?\.html$/, '').replace(/^index$/, '')}`);
      if (key && !seen.has(page.id)) seen.set(page.id, file);
    }
  }
  expect(seen.size).toBeGreaterThan(20);
  const evil = [...files].filter((file) => file.startsWith('servers/evil') && file.endsWith('.html'));
  const found = new Map<string, string>();
  for (const file of [...seen.values(), ...evil])
    for (const { messages } of validator.validateStringSync(read(file)).results)
      for (const { ruleId, message, selector } of messages) found.set(`${ruleId}: ${message}`, `${file} ${selector}`);
  expect([...found]).toEqual([]);
});
