import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { describe, expect, test } from 'vitest';
import type { CatalogueServer } from '#domain/catalogue.ts';
import { CATEGORIES } from '#domain/verdict.ts';
import { type Links, liveLinks, staticLinks } from '#publish/addresses/links.ts';
import { loadExporters } from '#publish/formats/exporter.ts';
import { type Html, html } from '#publish/markup/html.ts';
import formatPage from '#publish/pages/format.ts';
import home from '#publish/pages/home.ts';
import missing from '#publish/pages/missing.ts';
import serverPage from '#publish/pages/server.ts';
import serversPage from '#publish/pages/servers.ts';
import toolPage from '#publish/pages/tool.ts';
import { recommend } from '#recommend/recommend.ts';
import { catalogueServer, evidence, type SampleTool } from '../recommend/sample.ts';
import { corpus, hasCorpus } from '../support/corpus.ts';
import { ATTACK, hostileServer, hugeTools } from './hostile-server.ts';

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

async function document(html: Html): Promise<{ text: string; elements: readonly Element[] }> {
  const text = (await html).toString();
  const elements: Element[] = [];
  const walk = (node: Node): void => {
    if ('tagName' in node) elements.push(node);
    if ('childNodes' in node) for (const child of node.childNodes) walk(child);
  };
  walk(parse(text));
  return { text, elements };
}

const attribute = (element: Element, name: string) => element.attrs.find((one) => one.name === name)?.value;
const innerText = (node: Node): string =>
  'value' in node ? node.value : 'childNodes' in node ? node.childNodes.map(innerText).join('') : '';

const TAGS = new Set(
  'html head meta title link script body img a header div nav main footer p svg circle path form label input button section h1 h2 h3 span code bdi pre ul ol li dl dt dd aside time q mark table thead tbody tfoot tr th td b details summary'.split(
    ' ',
  ),
);

async function expectHarmless(html: Html): Promise<void> {
  const { text, elements } = await document(html);
  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  for (const element of elements) {
    expect(TAGS, `<${element.tagName}>`).toContain(element.tagName);
    if (element.tagName === 'script' && attribute(element, 'type') !== 'application/ld+json') {
      expect(attribute(element, 'src')).toMatch(/^\/(?:sub\/)?assets\/[a-z]+\.[0-9a-f]{12}\.js$/);
      expect(innerText(element)).toBe('');
    }
    for (const { name, value } of element.attrs) {
      expect(name).not.toMatch(/^on|^style$|^srcdoc$/);
      if (name === 'href' || name === 'action' || name === 'src') expect(value).toMatch(/^(?:\/|#|https?:\/\/)/);
    }
  }
}

const every = (server: CatalogueServer, links: Links): Html[] => {
  const policy = recommend(server, 'recommended');
  const summary = { ...server, toolCount: 3, risk: 'high' as const, outcome: 'failed' as const };
  const statistics = {
    servers: 1,
    tools: 2,
    byOutcome: {},
    byCategory: { Read: 1, Write: 1, Execute: 0, Destructive: 0, Financial: 0 },
    byRisk: { low: 1, medium: 1, high: 0, critical: 0 },
    unassessed: 1,
    static: 1,
  };
  return [
    home.render({ statistics, some: [summary], visits: [] }, links),
    serversPage.render({ servers: [summary], text: ATTACK }, links, { next: '/servers?cursor=x' }),
    serversPage.render({ servers: [] }, links),
    missing.render({ what: 'There is no such page.' }, links),
    serverPage.render({ server, policy, changes: [] }, links),
    ...server.tools.map((tool) => toolPage.render({ server, tool, policy, changes: [] }, links)),
  ];
};

describe.each([
  ['live', liveLinks('https://catalogue.example')],
  ['static', staticLinks('/sub/')],
])('%s pages', (_, links) => {
  test('made of hostile definitions run nothing, load nothing and keep their shape', async () => {
    for (const page of every(hostileServer(), links)) await expectHarmless(page);
  });
  test('have one heading, a title, a language, labels, and headings in order', async () => {
    for (const page of every(catalogueServer([{ name: 'get_file', category: 'Read' }]), links)) {
      const { elements } = await document(page);
      const named = (tag: string) => elements.filter(({ tagName }) => tagName === tag);
      expect(attribute(named('html')[0]!, 'lang')).toBe('en');
      expect(named('title').map(innerText)[0]).toMatch(/ · Plimsoll$/);
      expect(named('h1')).toHaveLength(1);
      const levels = elements.flatMap(({ tagName }) => (/^h[1-6]$/.test(tagName) ? [Number(tagName[1])] : []));
      for (const [at, level] of levels.entries()) expect(level - (levels[at - 1] ?? 0)).toBeLessThanOrEqual(1);
      const ids = elements.flatMap((element) => attribute(element, 'id') ?? []);
      expect(new Set(ids).size).toBe(ids.length);
      for (const input of named('input'))
        expect(named('label').map((label) => attribute(label, 'for'))).toContain(attribute(input, 'id'));
    }
  });
});

async function toolText(tool: SampleTool): Promise<string> {
  const server = catalogueServer([tool, { name: 'other_tool', category: 'Destructive' }]);
  const { elements } = await document(
    toolPage.render(
      { server, tool: server.tools[0]!, policy: recommend(server, 'recommended'), changes: [] },
      liveLinks(),
    ),
  );
  return innerText(elements.find(({ tagName }) => tagName === 'main')!);
}

test('a tool page says what is known: badges, author’s words, reasons in their place, policy, siblings, provenance', async () => {
  const tool = {
    name: 'delete_file',
    title: 'Delete a file',
    description: 'Deletes the file at the path, for good.',
    category: 'Destructive' as const,
  };
  const given = [evidence(tool, 'Destructive', 'for good', 'it says that nothing comes back')];
  const text = await toolText({ ...tool, evidence: given });
  for (const part of [
    'Critical risk',
    'Destructive',
    'Capped, asks a person',
    'Deletes the file at the path, for good.',
    'takes something away for good',
    'It says that nothing comes back.',
    'path, for good.',
    '"approve"',
    'waits for a person',
    'Put it in force',
    'Can I rate-limit delete_file?',
    'other_tool',
    '@example/files@1.2.3',
    'Listed by the running server',
    '2026-11-19',
  ])
    expect(text).toContain(part);
});

test('what is not known is not said', async () => {
  const text = await toolText({ name: 'mystery' });
  expect(text).toContain('Not assessed');
  expect(text).toContain('does not describe it');
  expect(text).toContain('The schema of its arguments is unknown.');
  expect(text).not.toMatch(/\b0 parameters|low risk|high risk/i);
});

test('parameters are counted and marked from the schema', async () => {
  const inputSchema = {
    type: 'object',
    properties: { path: { type: 'string' }, mode: { enum: ['a', 'b'] }, '': {} },
    required: ['path'],
  };
  const text = await toolText({ name: 'open', category: 'Read', inputSchema });
  expect(text).toContain('3 parameters, 1 required.');
  expect(text).toContain('"a" | "b"');
  expect(await toolText({ name: 'open', inputSchema: { type: 'object', properties: {} } })).toContain(
    'takes no parameters',
  );
});

test('a claim of the author that the verdict contradicts is named', async () => {
  const annotations = { readOnlyHint: true };
  const told = await toolText({ name: 'save', description: 'Save it.', category: 'Write', annotations });
  expect(told).toMatch(/readOnlyHint\s*true\s*Contradicts: The definition says Write\./);
  expect(await toolText({ name: 'get', category: 'Read', annotations })).not.toContain('Contradicts');
});

test('tools read from source stand apart on the server page', async () => {
  const server = catalogueServer([
    { name: 'listed_one', category: 'Read' },
    { name: 'static_one', category: 'Read', provenance: 'static' },
  ]);
  const { text } = await document(
    serverPage.render({ server, policy: recommend(server, 'recommended'), changes: [] }, liveLinks()),
  );
  expect(text.indexOf('static_one')).toBeGreaterThan(text.indexOf('No running server has listed these'));
  expect(text.indexOf('listed_one')).toBeLessThan(text.indexOf('No running server has listed these'));
});

test('what is too long for a page is cut, never inside a character, and the page says so', async () => {
  const properties = Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`p${at}`, { type: 'string' }]));
  const description = `x${'😀'.repeat(50_000)}`;
  const text = await toolText({
    name: 'long',
    category: 'Read',
    description,
    inputSchema: { type: 'object', properties },
  });
  expect(text).toMatch(/9\d,\d{3} more characters left out here\./);
  expect(text).toContain('90 more parameters left out here.');
  expect(text).not.toContain('\\u{D8');
});

test('a tool page of a server with 300 tools stays under 60 kB', async () => {
  const many = Array.from({ length: 300 }, (_, at) => ({
    name: `do_something_quite_long_named_${at}`,
    category: 'Write' as const,
  }));
  const server = catalogueServer(many);
  const html = await toolPage.render(
    { server, tool: server.tools[0]!, policy: recommend(server, 'recommended'), changes: [] },
    liveLinks(),
  );
  expect(Buffer.byteLength(html.toString())).toBeLessThan(60_000);
});

test('a tool page stays under 60 kB whatever its definition says, and cuts a server of 300 tools', async () => {
  const server = catalogueServer([...hugeTools(), ...hostileServer().tools.map(({ definition }) => definition)]);
  const policy = recommend(server, 'recommended');
  for (const tool of server.tools) {
    const { text } = await document(toolPage.render({ server, tool, policy, changes: [] }, liveLinks()));
    expect(Buffer.byteLength(text), tool.definition.name.slice(0, 40)).toBeLessThan(60_000);
  }
});

test.skipIf(!hasCorpus)(
  hasCorpus ? 'so do the largest real ones' : 'the largest real ones (skipped: no shared data)',
  () => {
    const sizeOf = (tool: object) => JSON.stringify(tool).length;
    const largest = corpus()
      .flatMap(({ tools }) => tools)
      .sort((a, b) => sizeOf(b) - sizeOf(a))
      .slice(0, 12);
    for (const [at, tool] of largest.entries()) {
      const server = catalogueServer([{ ...tool, category: CATEGORIES[at % CATEGORIES.length]! }]);
      const policy = recommend(server, 'recommended');
      const page = toolPage.render({ server, tool: server.tools[0]!, policy, changes: [] }, liveLinks());
      expect(Buffer.byteLength(page.toString()), tool.name).toBeLessThan(60_000);
    }
  },
);

test('every format stands on the page of the server, and those of most clients on those of its tools, with its losses', async () => {
  const exporters = await loadExporters();
  const server = catalogueServer([
    { name: 'list_files', category: 'Read' },
    { name: 'save_file', category: 'Write' },
  ]);
  const policy = recommend(server, 'recommended');
  const live = await document(serverPage.render({ server, policy, changes: [] }, liveLinks()));
  const still = await document(serverPage.render({ server, policy, changes: [] }, staticLinks('/')));
  const ofTool = await document(toolPage.render({ server, policy, tool: server.tools[1]!, changes: [] }, liveLinks()));
  for (const exporter of exporters.values()) {
    const { id, write, entries } = exporter;
    for (const { elements } of [live, still])
      expect(elements.some(({ attrs }) => attrs.some(({ value }) => value === `format-${id}`))).toBe(true);
    for (const { text } of [live, still]) expect(text).toMatch(new RegExp(`href="/formats/${id}(?:\\.html)?"`));
    expect(live.text).toContain(`policy?format=${id}"`);
    const { text } = await document(formatPage.render(exporter, liveLinks()));
    for (const said of [exporter.where, exporter.load, exporter.check, `--format ${id}<`])
      expect(text).toContain(said.endsWith('<') ? said : String(html`${said}`));
    for (const { why } of write([policy]).losses) expect(live.text).toContain(String(html`${why}`));
    if (!entries) continue;
    expect(ofTool.text).toContain(`id="format-${id}"`);
    const own = write([policy]).losses.filter(({ tool }) => tool === 'save_file');
    for (const { why } of own) expect(ofTool.text).toContain(String(html`${why}`));
  }
  expect(ofTool.text).toContain('The format counts no calls of a tool.');
  for (const { text } of [live, still]) expect(Buffer.byteLength(text)).toBeLessThan(60_000);
});

test('a server whose slug a shell would run is not put into a command', async () => {
  const server = catalogueServer([{ name: 'a', category: 'Read' }], { slug: 'a$(id)' });
  const text = String(
    await serverPage.render({ server, policy: recommend(server, 'recommended'), changes: [] }, staticLinks('/')),
  );
  expect(text).toContain('export SERVER --format FORMAT');
  expect(text).not.toContain('export <bdi lang="">a$');
});
