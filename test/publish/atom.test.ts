import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { expect, test } from 'vitest';
import { atom, type Feed } from '#publish/addresses/feeds.ts';

const NAMESPACE = 'http://www.w3.org/2005/Atom';

interface Element {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** The tree of a document. Throws where it is not well-formed, namespaces included. */
function tree(xml: string): Element {
  const top: Element = { name: '', namespace: '', attributes: {}, children: [], text: '' };
  const open = [top];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ local, uri, attributes }) => {
    const values = Object.entries(attributes).map(([key, { value }]) => [key, value]);
    const element = { name: local, namespace: uri, attributes: Object.fromEntries(values), children: [], text: '' };
    open.at(-1)!.children.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    open.at(-1)!.text += text;
  });
  parser.on('closetag', () => open.pop());
  parser.write(xml).close();
  return top.children[0]!;
}

const named = (element: Element, name: string) => element.children.filter((one) => one.name === name);
const only = (element: Element, name: string) => {
  expect(named(element, name), name).toHaveLength(1);
  return named(element, name)[0]!.text;
};

/** What RFC 4287 asks of a feed whose entries have no content of their own (sections 3.3, 4.1.1, 4.1.2, 4.2.6, 4.2.7). */
function expectAtom(xml: string, whole: boolean): Element {
  const feed = tree(xml);
  const all = (element: Element): readonly Element[] => [element, ...element.children.flatMap(all)];
  for (const { namespace } of all(feed)) expect(namespace).toBe(NAMESPACE);
  expect(feed.name).toBe('feed');
  const entries = named(feed, 'entry');
  // The feed's author stands for entries that name none.
  for (const author of named(feed, 'author')) expect(only(author, 'name')).not.toBe('');
  expect(named(feed, 'author').length).toBeGreaterThan(0);
  expect(named(feed, 'link').filter(({ attributes }) => attributes.rel === 'self')).toHaveLength(1);
  const ids = new Set<string>();
  for (const element of [feed, ...entries]) {
    const id = only(element, 'id');
    expect(id).toMatch(/^[a-z][a-z0-9+.-]*:[\w\-.~:/?#[\]@!$&'()*+,;=%]+$/);
    expect(ids).not.toContain(id);
    ids.add(id);
    only(element, 'title');
    expect(only(element, 'updated')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/);
    const alternates = named(element, 'link').filter(({ attributes }) => attributes.rel === 'alternate');
    expect(alternates).toHaveLength(1);
    for (const { attributes } of named(element, 'link')) {
      expect(attributes.href).not.toBe('');
      if (whole) expect(URL.canParse(attributes.href!), attributes.href).toBe(true);
    }
  }
  for (const entry of entries) {
    only(entry, 'summary');
    const known = new Set(['id', 'title', 'updated', 'link', 'summary']);
    for (const { name } of entry.children) expect(known).toContain(name);
  }
  return feed;
}

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.constantFrom('</title><script>', ']]>', '&amp;', '\0\u0008\uffff\ud800', '\u202e'),
);
const feeds = fc.record({
  title: hostile,
  entries: fc.uniqueArray(
    fc.record({
      id: hostile,
      title: hostile,
      updated: fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
      address: fc.constantFrom('/servers/a%2Fb', '/servers/x/?y=1&z="<'),
      summary: hostile,
    }),
    // An id is a key of ours: lone surrogates are no part of one.
    { selector: ({ id }) => id.toWellFormed(), maxLength: 4 },
  ),
});

test('a feed is well-formed and what RFC 4287 asks for, whatever strangers are called, with an origin and without', () => {
  fc.assert(
    fc.property(feeds, fc.constantFrom(undefined, 'https://catalogue.example'), (feed: Feed, origin) => {
      const xml = atom(feed, { origin, page: '/changes', self: '/changes.atom' });
      const { children } = expectAtom(xml, origin !== undefined);
      expect(children.filter(({ name }) => name === 'entry')).toHaveLength(feed.entries.length);
    }),
    { numRuns: 150 },
  );
});

test('what is no feed is told from one', () => {
  const good = atom({ title: 'x', entries: [] }, { page: '/changes', self: '/changes.atom' });
  expectAtom(good, false);
  expect(() => expectAtom(good.replace('<updated>', '<updated>on '), false)).toThrow();
  expect(() => expectAtom(good.replace('</feed>', ''), false)).toThrow();
  expect(() => expectAtom(good.replace('rel="self"', 'rel="via"'), false)).toThrow();
});
