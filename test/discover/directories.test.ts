import { expect, test } from 'vitest';
import { SourceUnreachable } from '#core/errors.ts';
import { openHttp } from '#core/http.ts';
import { openPages } from '#core/robots.ts';
import { readHtmlList } from '#discover/html-list.ts';
import { mapAwesomeList } from '#discover/sources/awesome.ts';
import directories from '#discover/sources/directories.ts';
import { discoverAt } from '../support/discover.ts';
import { fileHost, type Held } from '../support/file-host.ts';

const at = new URL('https://list.com/servers');
const row = (name: string) =>
  `<li><h3>${name}</h3> <a href="https://github.com/acme/${name}">code</a> does ${name}</li>`;
const settings = { directories: ['https://list.com/servers'] };

test('a page lists what its entries link to first, with their names; what leads around the site is no entry', () => {
  const html = `<nav><a href="https://github.com/list/site">Star us</a></nav><main><ul>
    ${row('a')}
    <li><a href="/about">x</a><a href="https://www.npmjs.com/package/@acme/b">B</a> and <a href="https://github.com/acme/other">more</a></li>
    </ul><div class="card"><strong>C</strong><a href="https://pypi.org/project/C_mcp/">get</a></div>
    <a href="https://github.com/acme/bare">Bare</a> <a href="https://acme.com">no</a> <a href="javascript:alert(1)">no</a>
    </main><footer><a href="https://github.com/list/site">GitHub</a></footer><a rel="next" href="?page=2">Next</a>`;
  const { items, next } = readHtmlList(html, at);
  expect(items).toEqual([
    { name: 'a', text: 'code does a', address: 'https://github.com/acme/a' },
    { name: 'B', text: expect.any(String), address: 'https://www.npmjs.com/package/@acme/b' },
    { name: 'C', text: 'get', address: 'https://pypi.org/project/C_mcp/' },
    { name: 'Bare', text: '', address: 'https://github.com/acme/bare' },
  ]);
  expect(next?.href).toBe('https://list.com/servers?page=2');
  expect(readHtmlList('<a rel="next" href="https://elsewhere.com/">x</a>', at).next).toBeUndefined();
});

test.each([
  ['deep', '<div>'.repeat(20_000)],
  ['unclosed', '<a href="https://github.com/a/b'.repeat(20_000)],
  ['broken', `${'<table><tr>'.repeat(5_000)}<a href="https://github.com/a/b">`],
])('a page made to be %s is read or refused', (_, html) => {
  try {
    readHtmlList(html, at);
  } catch (error) {
    expect(error).toBeInstanceOf(SourceUnreachable);
  }
});

test('a list of Markdown may hold tables of HTML', () => {
  const readme = `# Servers\n<table>\n<tr><td><a href="https://github.com/acme/a">A</a></td><td>does a</td></tr>\n</table>\n`;
  expect(mapAwesomeList(readme, 'x').map(({ name, repository }) => [name, repository?.url])).toEqual([
    ['A', 'https://github.com/acme/a'],
  ]);
});

test('follows the pages of a directory, each entry once', async () => {
  const pages: Record<string, string> = { '1': 'ab', '2': 'bc' };
  await using host = await fileHost({
    '/servers': (url) => {
      const page = url.searchParams.get('page') ?? '1';
      return `${[...pages[page]!].map(row).join('')}${page === '1' ? '<a rel="next" href="?page=2">Next</a>' : ''}`;
    },
  });
  const { sightings, dropped, error } = await discoverAt(directories, host.url, { settings });
  expect(error).toBeUndefined();
  expect(dropped).toEqual([]);
  expect(sightings.map(({ listing }) => listing)).toEqual(
    ['a', 'b', 'c'].map((name) => `list.com github.com/acme/${name}`),
  );
  expect((await discoverAt(directories, host.url, { settings, limit: 1 })).sightings).toHaveLength(1);
});

test('pages that lead back are noticed', async () => {
  await using host = await fileHost({ '/servers': `${row('a')}<link rel="next" href="/servers?page=1">` });
  const { sightings, error } = await discoverAt(directories, host.url, { settings });
  expect(sightings).toHaveLength(1);
  expect(String(error)).toContain('repeats its pages after 1 listings');
});

const allowed: Record<string, readonly [Held | undefined, boolean]> = {
  'no robots.txt': [undefined, true],
  'one that allows': ['User-agent: *\nAllow: /', true],
  'one that forbids all': ['User-agent: *\nDisallow: /', false],
  'one that forbids us': ['User-agent: plimsoll\nDisallow: /servers\n\nUser-agent: *\nAllow: /', false],
  'one that forbids others': ['User-agent: other\nDisallow: /\n\nUser-agent: *\nDisallow: /private', true],
  'one whose longest match allows': ['User-agent: *\nDisallow: /\nAllow: /servers', true],
  'a wildcard': ['User-agent: *\nDisallow: /*vers$', false],
  'a delay beyond patience': ['User-agent: *\nCrawl-delay: 3600', false],
  'a page in its place': ['<html></html>', true],
};
test.each(Object.entries(allowed))('robots.txt is obeyed: %s', async (_, [robots, isAllowed]) => {
  await using host = await fileHost({ '/servers': row('a'), ...(robots !== undefined && { '/robots.txt': robots }) });
  await using http = openHttp({ userAgent: 'plimsoll/1 (+https://plimsoll.test)', limits: { backoff: 5 } });
  const page = openPages(http).page(new URL('/servers', host.url), {
    politeness: { concurrency: 1, interval: 0 },
    stop: new AbortController().signal,
  });
  if (isAllowed) expect(await page).toBe(row('a'));
  else await expect(page).rejects.toThrow(/does not want \/servers to be read|wants 3600 s between pages/);
  expect(host.asked.map(({ url }) => url.pathname)).toEqual(isAllowed ? ['/robots.txt', '/servers'] : ['/robots.txt']);
});

test('a host whose robots.txt cannot be had is not read; one that has it is asked for it once, and given its time', async () => {
  await using host = await fileHost({ '/servers': row('a'), '/robots.txt': 'User-agent: *\nCrawl-delay: 1' });
  await using http = openHttp({ userAgent: 'plimsoll/1', limits: { backoff: 5, retries: 1 } });
  const ask = { politeness: { concurrency: 2, interval: 0 }, stop: new AbortController().signal };
  host.fault({ status: 503 }, { times: 2, path: '/robots.txt' });
  const url = new URL('/servers', host.url);
  await expect(openPages(http).page(url, ask)).rejects.toThrow('answered 503');
  const pages = openPages(http);
  const began = performance.now();
  await Promise.all([pages.page(url, ask), pages.page(url, ask)]);
  expect(performance.now() - began).toBeGreaterThan(900);
  expect(host.asked.filter(({ url: { pathname } }) => pathname === '/robots.txt')).toHaveLength(3);
});
