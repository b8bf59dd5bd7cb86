import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse } from 'parse5';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { displayName } from '#core/display-name.ts';
import { fingerprint } from '#core/hash.ts';
import type { CatalogueServer, Statistics } from '#domain/catalogue.ts';
import { fileName, filePath, segment, slugPath, unsegment } from '#publish/addresses/address.ts';
import { factsOf } from '#publish/facts/facts.ts';
import { openManifest } from '#publish/site/manifest.ts';
import { publishSite, type SiteOptions, type SiteSource, serverWriter } from '#publish/site/publish.ts';
import { openWriter } from '#publish/site/writer.ts';
import { catalogueServer, HOSTILE_NAMES } from '../recommend/sample.ts';
import { literalCatalogue } from '../support/catalogue.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-site-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const statistics: Statistics = {
  servers: 2,
  tools: 40,
  byOutcome: { listed: 2 },
  byCategory: { Read: 40, Write: 0, Execute: 0, Destructive: 0, Financial: 0 },
  byRisk: { low: 40, medium: 0, high: 0, critical: 0 },
  unassessed: 0,
  static: 0,
};

/** A source of these servers that dies before it writes the server `dies`. */
function source(servers: readonly CatalogueServer[], dies?: string): SiteSource {
  return {
    catalogue: {
      ...literalCatalogue(servers, statistics),
      // A literal does not know what it held before.
      namesTouched: async () => ['a', 'b', 'c', 'late', 'later', 'tool', 'x', 'y'],
    },
    async stamps() {
      return servers.map((server) => ({ id: server.id, slug: server.slug, stamp: fingerprint(server) }));
    },
    async *write(tasks, into, options) {
      using writer = serverWriter(into, options);
      for (const task of tasks) {
        if (task.id === dies) throw new Error('gone');
        yield writer.write(task, factsOf(servers.find(({ id }) => id === task.id)!, []));
      }
    },
  };
}

async function publish(servers: readonly CatalogueServer[], options: SiteOptions = {}) {
  return publishSite(source(servers), folder, options);
}

const files = () => globSync('**/*', { cwd: folder }).filter((file) => statSync(join(folder, file)).isFile());
/** What is on the disk, but for what publishing notes for itself. */
const contents = () =>
  files()
    .filter((file) => !file.startsWith('.'))
    .sort()
    .map((file) => [file, readFileSync(join(folder, file), 'utf8')]);
const hostile = () =>
  catalogueServer(
    HOSTILE_NAMES.map((name) => ({ name, category: 'Read' as const })),
    { slug: 'evil/../-/x', id: 'e' },
  );
const plain = (names: readonly string[]) => catalogueServer(names.map((name) => ({ name, category: 'Read' as const })));

test('every tool has a file of its own, also on a disk that ignores case, and every link leads to one', async () => {
  await publish([plain(['a', 'A', 'b']), hostile()], { base: '/sub/' });
  const all = files();
  expect(new Set(all.map((file) => file.toLowerCase())).size).toBe(all.length);
  expect(all.filter((file) => /\/-\/tools\/.*html$/.test(file))).toHaveLength(3 + HOSTILE_NAMES.length);
  const broken = new Set<string>();
  for (const file of all.filter((one) => one.endsWith('.html')))
    for (const href of hrefs(readFileSync(join(folder, file), 'utf8'))) {
      if (!href.startsWith('/')) continue;
      const target = decodeURIComponent(href.replace(/#.*/, ''))
        .replace(/^\/sub\//, '')
        .replace(/(^|\/)$/, '$1index.html');
      if (!all.includes(target)) broken.add(href);
    }
  expect([...broken]).toEqual([]);
});

function hrefs(html: string): string[] {
  const found: string[] = [];
  const walk = (node: object): void => {
    if ('attrs' in node)
      for (const { name, value } of node.attrs as { name: string; value: string }[])
        if (name === 'href') found.push(value);
    if ('childNodes' in node) for (const child of node.childNodes as object[]) walk(child);
  };
  walk(parse(html));
  return found;
}

test('a second run writes nothing; a change writes what changed; what is gone goes, and nothing else', async () => {
  const first = await publish([plain(['a', 'b', 'c'])]);
  expect(first).toMatchObject({ unchanged: 0, removed: 0 });
  expect(await publish([plain(['a', 'b', 'c'])])).toEqual({ written: 0, unchanged: first.written, removed: 0 });
  writeFileSync(join(folder, 'CNAME'), 'example.org');
  const third = await publish([plain(['a', 'b'])]);
  // The tool's page, that of its name, and the shelf that has no other, each with its faces.
  expect(third.removed).toBeGreaterThanOrEqual(6);
  // Both tools' pages name their siblings, and server page and policy name all tools.
  expect(third.written).toBeGreaterThanOrEqual(4);
  expect(files()).toContain('CNAME');
  expect(files().filter((file) => /\/-\/tools\/c\.\w+$/.test(file))).toEqual([]);
});

test('a page that somebody removed or cut short is written again afresh, one about the whole catalogue at once', async () => {
  await publish([plain(['a'])]);
  rmSync(join(folder, 'index.html'));
  writeFileSync(join(folder, '404.html'), 'half');
  expect((await publish([plain(['a'])])).written).toBe(2);
  writeFileSync(join(folder, 'servers/example/files/index.html'), 'half');
  expect((await publish([plain(['a'])], { afresh: true })).written).toBe(1);
});

const other = () => catalogueServer([{ name: 'x', category: 'Write' }], { slug: 'other', id: 'o' });

test('a run that dies is gone on with, and leaves no page that does not belong there', async () => {
  await publish([plain(['a']), other()]);
  const changed = [
    plain(['a', 'late']),
    catalogueServer([{ name: 'y', category: 'Write' }], { slug: 'other', id: 'o' }),
  ];
  await expect(publishSite(source(changed, 'o'), folder)).rejects.toThrow('gone');
  expect(files().some((file) => file.includes('late'))).toBe(true);
  const { unchanged } = await publish(changed);
  expect(unchanged).toBeGreaterThanOrEqual(files().filter((file) => file.startsWith('servers/example/')).length);
  const after = contents();
  rmSync(folder, { recursive: true });
  await publish(changed);
  expect(after.map(([file]) => file)).toEqual(contents().map(([file]) => file));
  expect(after).toEqual(contents());

  await expect(publishSite(source([plain(['a', 'later']), other()], 'o'), folder)).rejects.toThrow('gone');
  expect(files().some((file) => file.includes('later'))).toBe(true);
  await publish(changed);
  expect(contents()).toEqual(after);
});

test('pages that were begun and not ended are written again', async () => {
  await publish([plain(['a'])]);
  const page = join(folder, 'servers/example/files/index.html');
  const before = readFileSync(page, 'utf8');
  writeFileSync(join(folder, '.plimsoll-site.journal'), '+servers/example/files/index.html\n+servers/gone.html\n+cut');
  writeFileSync(page, before.slice(0, 100));
  writeFileSync(join(folder, 'servers/gone.html'), 'half');
  await publish([plain(['a'])]);
  expect(readFileSync(page, 'utf8')).toBe(before);
  expect(files()).not.toContain('servers/gone.html');
});

test('what an earlier version wrote is taken over', async () => {
  writeFileSync(join(folder, '.plimsoll-site'), 'old/index.html\t12-ab\nindex.html\t1-cd\n');
  mkdirSync(join(folder, 'old'));
  writeFileSync(join(folder, 'old/index.html'), 'old');
  writeFileSync(join(folder, 'index.html'), 'x');
  await publish([plain(['a'])]);
  expect(files()).not.toContain('old/index.html');
  expect(readFileSync(join(folder, 'index.html'), 'utf8')).toContain('<!doctype html>');
});

test('a night in which one server of many changed writes its pages and those of the whole, and the site is the same as one made afresh', async () => {
  const many = (changed?: number) =>
    Array.from({ length: 30 }, (_, at) =>
      catalogueServer(
        [{ name: 'tool', category: at === changed ? 'Destructive' : 'Read', description: 'Does a thing.' }],
        { id: `s${at}`, slug: `many/s${at}` },
      ),
    );
  await publish(many());
  const { written, unchanged } = await publish(many(7));
  expect(written).toBeLessThan(unchanged / 3);
  const night = contents();
  rmSync(folder, { recursive: true });
  await publish(many(7));
  expect(night).toEqual(contents());
});

test('badges that say the same stand on disk once, and each changes by itself', async () => {
  const other = catalogueServer([{ name: 'z', category: 'Read' }], { slug: 'other', id: 'o' });
  await publish([plain(['a', 'b', 'c']), other]);
  const badge = (name: string) => join(folder, files().find((file) => file.endsWith(`/-/tools/${name}.svg`))!);
  const before = readFileSync(badge('a'), 'utf8');
  expect(new Set(['a', 'b', 'c', 'z'].map((name) => statSync(badge(name)).ino)).size).toBe(1);
  const [a, b] = plain(['a', 'b']).tools;
  const judged = {
    ...b!,
    assessment: { ...b!.assessment!, verdict: { ...b!.assessment!.verdict, risk: 'high' as const } },
  };
  await publish([{ ...plain([]), tools: [a!, judged] }, other]);
  expect(readFileSync(badge('b'), 'utf8')).toContain('high risk');
  for (const name of ['a', 'z']) expect(readFileSync(badge(name), 'utf8')).toBe(before);
  // Who changed one in its place changed all that stand there; each is put right.
  writeFileSync(badge('a'), 'something else');
  await publish([{ ...plain([]), tools: [a!, judged] }, other], { afresh: true });
  for (const name of ['a', 'z']) expect(readFileSync(badge(name), 'utf8')).toBe(before);
});

test('where the disk takes no second names, files are written', () => {
  using writer = openWriter(openManifest(folder).folder);
  const group = writer.begin(undefined);
  const common = (path: string, text: string) => ({ path, make: () => text, common: true as const });
  group.add([common('one/a.svg', 'same'), common('one/b.svg', 'same')]);
  // What it would be a name of is gone, as when that has all the names that a disk allows.
  rmSync(join(folder, 'one'), { recursive: true });
  group.add([common('two/c.svg', 'same'), common('two/d.svg', 'same')]);
  expect(group.end('g', '').did).toEqual({ written: 4, unchanged: 0, removed: 0 });
  expect(readFileSync(join(folder, 'two/c.svg'), 'utf8')).toBe('same');
  expect(statSync(join(folder, 'two/d.svg')).ino).toBe(statSync(join(folder, 'two/c.svg')).ino);
});

test('a tool that bears the name of a file of ours takes the place of none', async () => {
  await publish([plain(['index', 'a', 'policy.json'])]);
  expect(readFileSync(join(folder, 'names/index.html'), 'utf8')).toContain('<h1>Names of tools</h1>');
  const { length } = files().filter((file) => /^names\/[^/]*\.html$/.test(file));
  expect(length).toBe(4);
});

test('lists that a static site ends say so, and so do servers whose bearings only a served catalogue tells', async () => {
  const here = source([plain(['a'])]);
  const latest = async ({ before = 100 }: { before?: number | undefined }) => ({ changes: [], next: before - 1 });
  await publishSite({ ...here, catalogue: { ...here.catalogue, latest } }, folder);
  const last = (face: string) => readFileSync(join(folder, `-/changes/10.${face}`), 'utf8');
  for (const face of ['html', 'md']) expect(last(face)).toContain('A catalogue that is served lists all.');
  expect(readFileSync(join(folder, 'changes.html'), 'utf8')).not.toContain('lists all');
  expect(files()).not.toContain('-/changes/11.html');
  const server = readFileSync(join(folder, 'servers/example/files/index.html'), 'utf8');
  expect(server).toContain('A catalogue that is served tells who is proven to publish it');
});

test('nothing is written outside the folder, whatever the path or the manifest says', async () => {
  const site = join(folder, 'site');
  mkdirSync(site);
  using writer = openWriter(site);
  for (const path of ['../x', '/etc/x', 'a/../../x', 'a/../x', '', '.', 'a//b', '..', 'a/.'])
    expect(() => writer.begin(undefined).add([{ path, make: () => 'x' }])).toThrow(/not a plain path/);
  writeFileSync(join(folder, 'precious'), 'x');
  writeFileSync(join(site, '.plimsoll-site'), 'plimsoll-site 3\te\t1\ng\ts\t0:../precious\n');
  expect(() => openManifest(site).finish({ edition: 'e', revision: 1 })).toThrow(/not a plain path/);
  expect(files()).toContain('precious');
});

test('the same catalogue gives the same bytes', async () => {
  await publish([plain(['a', 'B']), hostile()]);
  const before = files().map((file) => [file, readFileSync(join(folder, file), 'utf8')]);
  rmSync(folder, { recursive: true });
  await publish([plain(['a', 'B']), hostile()]);
  expect(files().map((file) => [file, readFileSync(join(folder, file), 'utf8')])).toEqual(before);
});

const name = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('.', '~', '-', '/', '%', 'a', 'A') }),
  fc.constantFrom(...HOSTILE_NAMES),
);

test('segments come back as they went, also through a URL, and never fold away', () => {
  fc.assert(
    fc.property(name, (text) => {
      const raw = segment(text);
      expect(raw).not.toBe('');
      const { pathname } = new URL(`http://x/a/${raw}/b`);
      expect(pathname).toBe(`/a/${raw}/b`);
      expect(unsegment(raw)).toBe(text.toWellFormed());
    }),
  );
});

test('no slug has a segment that the routes use', () => {
  fc.assert(
    fc.property(
      name,
      (slug) =>
        !slugPath(slug)
          .split('/')
          .some((part) => ['-', '', '.', '..'].includes(part)),
    ),
  );
});

test('different names have different files on a disk that ignores case and form', () => {
  const folded = (path: string) => path.normalize('NFC').toLowerCase();
  fc.assert(
    fc.property(name, name, (a, b) => {
      expect(folded(fileName(a)) === folded(fileName(b))).toBe(a === b);
      expect(folded(filePath(a)) === folded(filePath(b))).toBe(a === b);
      expect(fileName(a)).toMatch(/^[a-z0-9][a-z0-9._~-]{0,79}$/);
    }),
  );
});

test.each([
  [{ title: 'GitHub MCP Server MCP Server', name: 'x', slug: 's' }, 'GitHub MCP Server'],
  [{ title: 'MCP Server', name: '@acme/mcp-server-files', slug: 's' }, 'Files'],
  [{ name: 'io.github.acme/weather-mcp', slug: 's' }, 'Weather'],
  [{ name: '@acme/mcp-server', slug: 's' }, '@acme/mcp-server'],
  [{ title: ' \u200b\u202e ', name: 'mcp', slug: 'acme/mcp' }, 'acme/mcp'],
  [{ title: '', name: '', slug: '' }, 'Unnamed server'],
  [{ title: '文件服务器', name: 'x', slug: 's' }, '文件服务器'],
])('%o is called %s', (server, expected) => {
  expect(displayName(server)).toBe(expected);
});
