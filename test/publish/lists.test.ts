import { expect, test } from 'vitest';
import { foldedName } from '#domain/lists.ts';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';
import { indexContent } from '#publish/addresses/index-files.ts';
import { liveLinks, staticLinks } from '#publish/addresses/links.ts';
import { FACET_VALUES } from '#publish/browse/facets.ts';
import lookup, { shardOf } from '#publish/indexes/lookup.ts';
import search from '#publish/indexes/search.ts';
import { badgeSvg } from '#publish/markup/badge.ts';
import { COMBINATIONS } from '#recommend/combinations.ts';
import { app, catalogue, servers } from '../api/sample.ts';

const links = liveLinks();
// The first page that tells the sources loads them all; a busy machine takes its time.
const site = app({ patience: 60_000 });
const text = async (path: string) => {
  const response = await site.request(path);
  expect(response.status, path).toBe(200);
  return response.text();
};

const addresses = [
  ...CATEGORIES.map((category) => links.to('category', category.toLowerCase())),
  ...RISKS.map((risk) => links.to('risk', risk)),
  ...FACET_VALUES.map(({ id }) => links.to('facet', id)),
  ...COMBINATIONS.map(({ id }) => links.to('combination', id)),
  ...['browse', 'names', 'changes', 'statistics', 'accuracy', 'status', 'search', 'check', 'api'].map((kind) =>
    links.to(kind),
  ),
  links.to('source', 'npm'),
  links.to('name', 'get'),
  links.to('shelf', 'ge'),
  links.to('server-changes', 'example/files'),
];

test('every list is a page with one heading and a Markdown twin, and every link of it answers', async () => {
  const seen = new Set<string>();
  for (const address of addresses) {
    const page = await text(address);
    expect(page.match(/<h1>/g), address).toHaveLength(1);
    expect((await text(`${address}.md`)).startsWith('# '), address).toBe(true);
    for (const [, href] of page.matchAll(/<a [^>]*href="(\/[^"#]*)/g)) seen.add(href!.replaceAll('&amp;', '&'));
  }
  for (const href of seen) expect((await site.request(href)).status, href).toBeLessThan(400);
});

test.each([
  '/categories/none',
  '/risks/none',
  '/facets/none',
  '/combinations/none',
  '/sources/none',
  '/names/none',
  '/names/GET',
  '/names-from/zz',
  '/changes?cursor=eA',
])('%s is no page', async (path) => expect((await site.request(path)).status).toBe(404));

test('a search finds by words and by filters, and shows strangers’ words escaped', async () => {
  expect(await text('/search?q=get')).toContain(links.tool('example/files', 'getUser'));
  expect(await text('/search?category=Destructive')).not.toContain('Read</span>');
  expect(await text('/search?q=%3Cscript%3Ealert(1)%3C/script%3E')).not.toContain('<script>alert');
  expect(await text('/search?category=None&risk=none')).not.toContain('<h2>Tools</h2>');
});

test('changes are a feed, of all servers and of one', async () => {
  for (const address of [links.to('changes'), links.to('server-changes', 'example/files')]) {
    const response = await site.request(`${address}.atom`);
    expect(response.headers.get('content-type')).toContain('application/atom+xml');
    expect(await response.text()).toMatch(/^<\?xml[\s\S]*<entry>/);
  }
});

test('statistics stand in a drawing with a title and a description, and in a table', async () => {
  const page = await text('/statistics');
  const drawings = [...page.matchAll(/<svg class="plot-[^>]*role="img" aria-labelledby="(\S+) (\S+)"/g)];
  expect(drawings.length).toBeGreaterThan(5);
  for (const [, title, about] of drawings) {
    expect(page).toMatch(new RegExp(`<title id="${title}">[^<]{5,}</title>`));
    expect(page).toMatch(new RegExp(`<desc id="${about}">[^<]{20,}</desc>`));
  }
  expect(page.match(/<table>/g)).toHaveLength(drawings.length);
  expect(page).not.toContain('NaN');
});

test('the page of the API tells every route of its own document', async () => {
  const { paths } = (await (await site.request('/openapi.json')).json()) as { paths: Record<string, object> };
  const page = await text('/api');
  for (const path of Object.keys(paths)) expect(page).toContain(path);
});

test('a badge says what the page says, and nothing of a stranger’s', async () => {
  const badge = await text(`${links.tool('example/files', 'getUser')}.svg`);
  const { assessment } = servers[0]!.tools.find(({ definition }) => definition.name === 'getUser')!;
  expect(badge).toContain(`Plimsoll: ${assessment!.verdict.category}, ${assessment!.verdict.risk} risk`);
  expect(badgeSvg('a<b', 'low')).toContain('a&lt;b');
  expect(await text(`${links.server('example/files')}.svg`)).toMatch(/Plimsoll: grade [A-F]/);
});

test('the index of names leads to every tool by every word of its name', async () => {
  const content = await indexContent(catalogue);
  const shards = new Map([...search.files(content)].map(({ path, make }) => [path, JSON.parse(make())]));
  for (const { name } of content.names.filter((one) => /^[a-z]{3,}/.test(one.name))) {
    const word = /^[a-z]+/.exec(name)![0];
    const shard = shards.get(`search/${word.slice(0, 2)}.json`);
    const found = (shard.words[word] as number[]).map((place) => place >= 0 && shard.names[place][0]);
    expect(found, name).toContain(name);
  }
});

test('the index of setups has every address, with what its server can do', async () => {
  const content = await indexContent(catalogue);
  const shards = new Map(
    [...lookup.files(content, staticLinks('/sub/'))].map(({ path, make }) => [path, JSON.parse(make())]),
  );
  for (const { addresses: known } of content.servers)
    for (const address of known) {
      const [, , page, tools, risks] = shards.get(`lookup/${shardOf(address)}.json`)[address];
      expect(page).toMatch(/^\/sub\/servers\//);
      expect(risks.reduce((sum: number, one: number) => sum + one, 0)).toBe(tools);
    }
});

test('llms.txt leads to Markdown that is there', async () => {
  const twins = [...(await text('/llms.txt')).matchAll(/\]\((\/[^)]*\.md)\)/g)].map(([, href]) => href!);
  expect(twins.length).toBeGreaterThan(6);
  for (const href of twins) await text(href);
  expect(await text('/llms.txt')).toContain('[MCP](/mcp)');
});

test('a name of any spelling has one page', async () => {
  for (const { definition } of servers[0]!.tools.filter(({ definition: { name } }) => name.isWellFormed())) {
    const page = await text(links.to('name', foldedName(definition.name)));
    expect(page).toContain(links.tool('example/files', definition.name));
  }
});
