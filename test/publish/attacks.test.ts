import { parse } from 'parse5';
import { expect, test } from 'vitest';
import { liveLinks } from '#publish/addresses/links.ts';
import type { Catalogue } from '#publish/catalogue.ts';
import { GLOSSARY, term } from '#publish/facts/glossary.ts';
import type { CataloguePage } from '#publish/page.ts';
import { PAGES } from '#publish/registry.ts';
import { allAttacks } from '#recommend/attacks/library.ts';

const ATTACKS = allAttacks();
const links = liveLinks('https://example.org');
const KINDS = ['attacks', 'attack', 'glossary', 'word'];

/** Every page of these kinds, by its address. */
async function pages(): Promise<ReadonlyMap<string, { readonly html: string; readonly md: string }>> {
  const all = new Map<string, { html: string; md: string }>();
  for (const kind of KINDS) {
    const page = PAGES.get(kind)!.page as CataloguePage<unknown>;
    const nothing = {} as Catalogue;
    const keys = page.keys ? [...(page.keys(nothing) as Iterable<readonly string[]>)] : [[]];
    for (const key of keys) {
      const { subject } = (await page.load({ key, parameters: {} }, nothing))!;
      const address = links.to(kind, ...key);
      all.set(address, {
        html: page.render(subject, links, { address }).toString(),
        md: page.markdown(subject, links, { address }).toString(),
      });
    }
  }
  return all;
}
const all = await pages();

test('there is a page for each attack and each word, small and with a twin', () => {
  expect(all.size).toBe(ATTACKS.length + GLOSSARY.length + 2);
  for (const [address, { html, md }] of all) {
    expect(html.length, address).toBeLessThan(60_000);
    expect(md, address).toMatch(/^# \S/);
    expect(parse(html).childNodes.length, address).toBeGreaterThan(0);
  }
});

test('they tell machines what they are about', () => {
  for (const [address, { html }] of all) {
    const data = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(html)?.[1];
    expect(JSON.parse(data!), address).toMatchObject({ '@context': 'https://schema.org' });
  }
});

test('whatever they link to on this site is a page', () => {
  const kinds = [...PAGES.values()];
  for (const [address, { html }] of all)
    for (const [, href] of html.matchAll(/<a [^>]*href="(\/[^"]*)"/g)) {
      const path = href!.replace(/[#?].*$/, '');
      if (path.startsWith('/attacks/') || path.startsWith('/glossary/'))
        expect(all.has(path), `${address} → ${path}`).toBe(true);
      else if (!/^\/(?:schemas|openapi|v1)/.test(path))
        expect(
          kinds.some(({ path: known }) => known.match(path)),
          `${address} → ${path}`,
        ).toBe(true);
    }
});

test('a key that is none has no page, and a word that is none no link', async () => {
  for (const kind of ['attack', 'word'])
    for (const key of ['nothing', '__proto__', 'constructor', ''])
      expect(
        await (PAGES.get(kind)!.page as CataloguePage<unknown>).load({ key: [key], parameters: {} }, {} as Catalogue),
      ).toBeUndefined();
  expect(() => term('nothing', 'x', links)).toThrow('no word');
});

test('dates stand as precisely as they are known, also in the feed', () => {
  const feed = PAGES.get('attacks')!.page.feed!(ATTACKS, links);
  expect(feed.entries).toHaveLength(ATTACKS.length);
  for (const { updated } of feed.entries) expect(updated.getTime()).toBeGreaterThan(Date.parse('2024-12-31'));
  const html = all.get(links.to('attacks'))!.html;
  expect(html).toContain('<time datetime="2025-09">September 2025</time>');
  expect(html).toContain('<time datetime="2026">2026</time>');
});
