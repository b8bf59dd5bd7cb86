import fc from 'fast-check';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { visible } from '#core/visible.ts';
import type { Change } from '#domain/change.ts';
import type { Limit, Policy } from '#domain/policy.ts';
import type { Quote } from '#domain/verdict.ts';
import { liveLinks } from '#publish/addresses/links.ts';
import { loadExporters } from '#publish/formats/exporter.ts';
import { escaped, html } from '#publish/markup/html.ts';
import { definition } from '#publish/sections/definition.ts';
import { fitting } from '#publish/sections/fit.ts';
import { Marks, marksOf } from '#publish/sections/marks.ts';
import { picker } from '#publish/sections/picker.ts';
import { dispute, history } from '#publish/sections/provenance.ts';
import { quotations } from '#publish/sections/reasons.ts';
import { standing } from '#publish/sections/standing.ts';
import { minuteOf } from '#recommend/minute.ts';
import { plain } from '#recommend/prose.ts';
import { recommend } from '#recommend/recommend.ts';
import { catalogueServer, evidence, HOSTILE_NAMES, type SampleTool } from '../recommend/sample.ts';

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

function elements(text: string): readonly Element[] {
  const found: Element[] = [];
  const walk = (node: Node): void => {
    if ('tagName' in node) found.push(node);
    if ('childNodes' in node) node.childNodes.forEach(walk);
  };
  walk(parse(text));
  return found;
}
const innerText = (node: Node): string =>
  'value' in node ? node.value : 'childNodes' in node ? node.childNodes.map(innerText).join('') : '';
const textOf = (markup: unknown) => innerText(parse(String(markup)));
const quote = (start: number, end: number): Quote => ({ field: '/description', start, end, text: '' });

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'abcd'), maxLength: 40 }),
  fc.string({ unit: fc.constantFrom('<', '>', '&', '"', '</mark>', '<script>', '\u202e', 'a', '😀', '\n') }),
  fc.constantFrom(...HOSTILE_NAMES),
);

describe('marks', () => {
  test('show the whole text, mark what is quoted and no more, and put no tag of the text into the page', () => {
    const range = fc.tuple(fc.nat(30), fc.nat(30)).map(([a, b]) => quote(Math.min(a, b), Math.max(a, b)));
    fc.assert(
      fc.property(hostile, fc.array(range, { maxLength: 6 }), (text, quotes) => {
        const found = String(html`<p>${new Marks(quotes).text(text, '/description')}</p>`);
        const tags = elements(found).map(({ tagName }) => tagName);
        expect(new Set(tags)).toEqual(new Set(['html', 'head', 'body', 'p', ...tags.filter((tag) => tag === 'mark')]));
        const ids = elements(found).flatMap(({ attrs }) => attrs.map(({ value }) => value));
        expect(new Set(ids).size).toBe(ids.length);
        // A piece of its own is made visible by itself, so a joiner at its beginning may be written out too.
        const bare = (shown: string) => shown.replace(/\u200c|\u200d|\\u\{200[CD]\}/g, '').replace(/\r/g, '');
        expect(bare(textOf(found))).toBe(bare(visible(text)));
        const marked = elements(found).filter(({ tagName }) => tagName === 'mark');
        if (/^[a-z]*$/.test(text)) {
          const letters = Array.from(text, (_, at) => quotes.some(({ start, end }) => start <= at && at < end));
          expect(marked.map(innerText).join('')).toBe([...text].filter((_, at) => letters[at]).join(''));
        }
      }),
    );
  });

  test('are one where they overlap, and every quote leads to the mark that it is part of', () => {
    const marks = new Marks([quote(0, 6), quote(4, 11), quote(20, 25), quote(20, 25)]);
    const text = 'delete the files for ever';
    expect(textOf(html`${marks.text(text, '/description')}`)).toBe(text);
    expect(marks.idOf(quote(0, 6))).toBe('m1');
    expect(marks.idOf(quote(4, 11))).toBe('m1');
    expect(marks.idOf(quote(20, 25))).toBe('m2');
    expect(marks.idOf({ ...quote(0, 6), tool: 'other' })).toBeUndefined();
    expect(marks.idOf(quote(12, 14))).toBeUndefined();
  });

  test('never begin or end inside a character', () => {
    const shown = String(html`${new Marks([quote(2, 3)]).text('a😀b', '/description')}`);
    expect(shown).toBe('a<mark id="m1">😀</mark>b');
  });

  test('what the page does not show leads nowhere, and is quoted with what stands around it', () => {
    const tool = { name: 'wipe', title: 'Wipes the disk', category: 'Destructive' as const };
    const server = catalogueServer([tool]);
    const words: Quote = { field: '/title', start: 0, end: 5, text: 'Wipes' };
    const marks = new Marks([words]);
    const [said] = quotations([words], { server, tool: server.tools[0]!, marks });
    expect(String(said)).not.toContain('href');
    expect(textOf(said)).toContain('Wipes the disk');
  });
});

test('what fits on a page is no longer there than it may be', () => {
  fc.assert(
    fc.property(hostile, fc.integer({ min: 10, max: 4000 }), (one, bytes) => {
      const text = one.repeat(200);
      const shown = fitting(text, bytes);
      expect(text.startsWith(shown)).toBe(true);
      expect(/[\ud800-\udbff]$/.test(shown) && !/[\ud800-\udbff]$/.test(text.slice(0, shown.length))).toBe(false);
      // Rare characters without ink cost more than is counted for them.
      const size = Buffer.byteLength(escaped(visible(shown)));
      expect(size).toBeLessThanOrEqual(bytes * 3);
      if (/^[\x20-\x7e]*$/.test(text)) expect(size).toBeLessThanOrEqual(bytes + 8);
      if (text.length * 8 <= bytes) expect(shown).toBe(text);
    }),
  );
});

function defined(tool: SampleTool): string {
  const server = catalogueServer([tool]);
  const policy = recommend(server, 'recommended');
  const found = server.tools[0]!;
  return String(definition(found, policy.tools[tool.name], marksOf(found)));
}

test('parameters are told inside others too, and those to watch are named with the reason', () => {
  const inputSchema = {
    type: 'object',
    properties: {
      path: { type: 'string', description: 'Where it is written.' },
      when: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      filter: { type: 'object', properties: { owner: { $ref: '#/x' } } },
      rows: { type: 'array', items: { type: 'object', properties: { id: { type: 'integer' } } } },
    },
    required: ['path'],
  };
  const tool = { name: 'save_file', inputSchema, category: 'Write' as const };
  const given = { ...evidence(tool, 'raises', 'save', 'it writes any file that the caller names') };
  const quoted = {
    ...given,
    quote: { field: '/inputSchema/properties/path', start: 0, end: 4, text: 'path', at: 'key' as const },
  };
  const found = defined({ ...tool, evidence: [evidence(tool, 'Write', 'save', 'it says so'), quoted] });
  const rows = elements(found).filter(({ tagName }) => tagName === 'tr');
  const said = rows.map(innerText);
  expect(textOf(found)).toContain('4 parameters, 1 required; 1 to watch.');
  for (const part of ['filter.owner', 'rows[].id', 'string | null', 'not said']) expect(said.join(' ')).toContain(part);
  const risky = rows.filter(({ attrs }) => attrs.some(({ value }) => value === 'risky')).map(innerText);
  expect(risky).toHaveLength(1);
  expect(risky[0]).toMatch(
    /^path required.*Watch: It writes any file that the caller names\..*must not lead to secrets/,
  );
  expect(found).toMatch(/<mark id="m\d+">path<\/mark>/);
});

test.each([
  [undefined, 'The schema of its arguments is unknown.'],
  [{ type: 'object' }, 'Its schema names no parameters.'],
  [{ type: 'object', properties: {} }, 'It takes no parameters.'],
])('a schema of %j is told as it is', (inputSchema, words) => {
  expect(textOf(defined({ name: 'a', ...(inputSchema && { inputSchema }), category: 'Read' }))).toContain(words);
});

function minute(properties: Record<string, object>, rule: object = {}): string {
  const server = catalogueServer([
    { name: 'send', category: 'Write', inputSchema: { type: 'object', properties } as never },
  ]);
  const policy = {
    ...recommend(server, 'recommended'),
    tools: { send: { why: [], definition: 'x', ...rule } },
  } as Policy;
  return minuteOf(server.tools[0]!, policy).map(plain).join(' ');
}
const cap = (max: number, window: Limit['window']) => ({
  limits: [{ counter: 'c', window, max, scope: 'grant' as const }],
});

test('what a loop could do in a minute is computed from cap and schema, and nothing is said that is not known', () => {
  const ids = { ids: { type: 'array', maxItems: 100 } };
  expect(minute(ids, cap(60, 'minute'))).toBe(
    'At most 60 calls: the call after that is denied. One call takes up to 100 entries in ids: 60 × 100 = 6,000 at most.',
  );
  expect(minute({ to: { type: 'string' } }, cap(3, 'hour'))).toBe(
    'At most 3 calls, and then none for the rest of the hour.',
  );
  expect(minute({ page_size: { type: 'integer', maximum: 500 } }, cap(1, 'minute'))).toContain('1 × 500 = 500 at most');
  expect(minute({ ids: { type: 'array' } })).toBe(
    'The schema sets no bound on the entries of ids, so one call may carry many.',
  );
  expect(minute({ age: { type: 'integer', maximum: 120 } })).toBe('');
  expect(minute({}, { deny: { reason: 'No.' } })).toBe('Nothing: the policy denies every call.');
  expect(minute({}, { approve: { by: 'user', timeout: 'PT5M', show: [] } })).toContain('waits for a yes');
});

test('each format shows of a tool what its file of the whole server says of it', async () => {
  const server = catalogueServer([
    { name: 'get_file', category: 'Read' },
    { name: 'save_file', category: 'Write' },
    { name: 'run_code', category: 'Execute' },
    { name: 'mystery' },
    { name: 'two  words', category: 'Read' },
  ]);
  const policy = recommend(server, 'recommended');
  const shown = [...(await loadExporters()).values()].filter(({ entries }) => entries);
  expect(shown.map(({ id }) => id)).toEqual(['claude-code', 'codex', 'cursor', 'gemini', 'plimsoll', 'vscode']);
  for (const { id, entries, write } of shown) {
    const { files, losses } = write([policy]);
    const whole = files[0]!.text;
    const each = entries!(policy);
    for (const { definition } of server.tools) {
      const own = losses.filter(({ tool }) => tool === definition.name);
      expect(each.lossesOf(definition.name), id).toEqual(own);
      const text = each.of(definition.name);
      if (text === undefined) continue;
      // What tells one tool's lines from another's is its name; every such line stands in the file as well.
      const squeezed = (some: string) => some.replace(/\s/g, '');
      for (const line of text
        .split('\n')
        .filter((one) => one.includes(definition.name) && !one.includes('enabled_tools')))
        expect(squeezed(whole), id).toContain(squeezed(line).replace(/,$/, ''));
    }
  }
  const of = (id: string, tool: string) => shown.find((one) => one.id === id)!.entries!(policy).of(tool);
  expect(JSON.parse(of('claude-code', 'run_code')!)).toEqual({
    permissions: { ask: ['mcp__example-files__run_code'] },
  });
  expect(JSON.parse(of('claude-code', 'mystery')!)).toEqual({ permissions: { deny: ['mcp__example-files__mystery'] } });
  const tools = { run_code: { approval_mode: 'prompt' } };
  expect(parseToml(of('codex', 'run_code')!)).toEqual({
    mcp_servers: { 'example-files': { enabled_tools: ['run_code'], tools } },
  });
  expect(of('cursor', 'run_code')).toBeUndefined();
  expect(of('claude-code', 'two  words')).toBeUndefined();
});

test('a tool named * is told its own losses, not those of the whole file', async () => {
  const policy = recommend(catalogueServer([{ name: '*', category: 'Write' }]), 'recommended');
  const { entries } = (await loadExporters()).get('claude-code')!;
  expect(
    entries!(policy)
      .lossesOf('*')
      .map(({ lost }) => lost),
  ).toEqual(['name']);
});

test('the format picker needs no script: one is open, and the browser closes it when another is opened', () => {
  const server = catalogueServer([{ name: 'save_file', category: 'Write' }]);
  const found = elements(String(picker(recommend(server, 'recommended'), '/server', 'save_file')));
  const formats = found.filter(({ tagName }) => tagName === 'details');
  expect(formats).toHaveLength(6);
  for (const { attrs } of formats) expect(attrs).toContainEqual({ name: 'name', value: 'format' });
  expect(formats.filter(({ attrs }) => attrs.some(({ name }) => name === 'open'))).toHaveLength(1);
});

test('the history tells when a definition changed and in what', () => {
  const tool = catalogueServer([{ name: 'save', description: 'New.', category: 'Write' }]).tools[0]!;
  const change: Change = {
    visit: 2,
    at: new Date('2026-11-10T00:00:00Z'),
    server: { id: 's', slug: 's' },
    tool: 'save',
    kind: 'changed',
    provenance: 'listed',
    initial: false,
    before: { name: 'save', description: 'Old.' },
    after: { name: 'save', description: 'New.' },
    versions: { before: '1.0.0', after: '1.1.0' },
  };
  const earlier = [{ category: 'Read' as const, risk: 'low' as const, until: new Date('2026-11-12T00:00:00Z') }];
  const seen = { ...tool, firstSeen: change.at, earlier };
  const lines = [
    '2026-11-12: judged anew; before, it was Read at low risk',
    '2026-11-10: this definition seen first',
    '2026-11-10: changed in its description, with version 1.1.0',
  ];
  expect(textOf(history(seen, [change, { ...change, tool: 'other' }]))).toBe(`History${lines.join('')}`);
});

test('publishers are told with their proof and who says so, relations with what shows them', () => {
  const server = {
    ...catalogueServer([]),
    standing: {
      verified: [
        { publisher: 'github.com/acme', proof: 'account', source: 'registry' },
        { publisher: '<script>', proof: 'badge', source: 'glama' },
      ],
      withdrawn: [{ source: 'mcpm', status: 'deprecated' }],
      archived: true,
      stars: 2_000,
      license: 'MIT',
    },
    related: [{ kind: 'fork', server: { id: 'x', slug: 'acme/x' }, because: 'github says it is a fork of acme/x.' }],
  } as const;
  const text = textOf(html`<dl>${standing(server, liveLinks('https://plimsoll.test'))}</dl>`);
  expect(text).toContain('github.com/acme, says registry: only who signs in to that account may publish');
  expect(text).toContain('<script>, says glama: its own word');
  expect(text).toContain('archived by its owner, 2,000 stars or more, licence MIT');
  expect(text).toContain('deprecated in mcpm');
  expect(text).toContain('Fork: github says it is a fork of acme/x. acme/x');
  expect(
    textOf(html`<dl>${standing(catalogueServer([], { related: [] }), liveLinks('https://plimsoll.test'))}</dl>`).trim(),
  ).toBe('');
  const bare = textOf(html`<dl>${standing(catalogueServer([]), liveLinks('https://x.example'))}</dl>`);
  expect(bare).toContain('A catalogue that is served tells who is proven to publish it');
});

test('a verdict can be disputed where the operator names a place, with server and tool in its address', () => {
  const tool = catalogueServer([{ name: 'a&b "c"', category: 'Read' }]).tools[0]!;
  expect(dispute('x/y', tool, liveLinks())).toBeUndefined();
  const links = liveLinks(undefined, 'https://example.com/new?title={tool}&about={server}');
  expect(String(dispute('x/y', tool, links))).toContain(
    'href="https://example.com/new?title=a%26b%20%22c%22&amp;about=x%2Fy"',
  );
  const unjudged = catalogueServer([{ name: 'a' }]).tools[0]!;
  expect(dispute('x/y', unjudged, links)).toBeUndefined();
});
