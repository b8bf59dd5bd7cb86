import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { definitionFingerprint, siblingsHash } from '#core/definition.ts';
import type { ToolQuery } from '#domain/search.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import type { Verdict } from '#domain/verdict.ts';
import type { Store } from '#store/engine/open.ts';
import { findServers } from '#store/search/servers.ts';
import { findTools } from '#store/search/tools.ts';
import { alias, server, sighting } from '#store/tables/servers.ts';
import { definition, presence } from '#store/tables/tools.ts';
import { recordAssessments } from '#store/verdict/assessments.ts';
import { recordVisit } from '#store/visit/enumerations.ts';
import { onEveryDatabase } from '../support/stores.ts';

const T0 = new Date('2026-11-21T00:00:00Z');
const later = (minutes: number) => new Date(T0.getTime() + minutes * 60_000);

const SERVERS: Readonly<Record<string, readonly ToolDefinition[]>> = {
  github: [
    { name: 'createIssue', description: 'Opens one' },
    { name: 'update_issue', description: 'Creates or changes' },
    { name: 'create_issue_comment', description: 'Adds a comment' },
    { name: 'note', description: 'Does not create an issue, ever' },
  ],
  slack: [
    { name: 'send_message', description: 'Posts to a channel of the GitHub team' },
    { name: 'odd', description: `Breaks ${'\0'}\ud800 every quokka \\u0000`, title: 'Strange' },
  ],
  empty: [],
};
const LABELS: Readonly<Record<string, Partial<Verdict>>> = {
  createIssue: { category: 'Write', risk: 'medium', facets: { 'sends-out': { value: true, evidence: [] } } },
  note: { category: 'Read', risk: 'low', facets: { 'sends-out': { value: true, evidence: [] } } },
  send_message: { category: 'Write', risk: 'high' },
};

onEveryDatabase('searching', (fresh) => {
  let store: Store;
  const names = async (query: Partial<ToolQuery>, hide: readonly string[] = []) =>
    (await findTools(store.db, { limit: 20, ...query }, hide)).tools.map(({ name }) => name);
  const slugs = async (query: Parameters<typeof findServers>[1]) =>
    (await findServers(store.db, query)).servers.map(({ slug }) => slug);

  beforeAll(async () => {
    store = await fresh();
    for (const [at, [id, tools]] of Object.entries(SERVERS).entries()) {
      const when = later(at * 10);
      const seen = { firstSeen: when, lastSeen: when, enumerateDue: when, packages: [], remotes: [] };
      await store.db.insert(server).values({
        id,
        slug: `acme/${id}-mcp`,
        name: `@acme/${id}Server`,
        title: id,
        description: `Of ${id} and 文件`,
        ...seen,
      });
      await store.db.insert(alias).values({ address: `slug:${id}`, kind: 'slug', key: id, serverId: id, since: when });
      const row = {
        source: at === 0 ? 'npm' : 'pypi',
        listing: id,
        hash: id,
        serverId: id,
        data: {} as never,
        firstSeen: when,
      };
      await store.db.insert(sighting).values(row);
      if (tools.length === 0) continue;
      const context = { args: [], envNames: [], sandbox: 's', profile: 'p' };
      const enumeration = {
        outcome: 'listed' as const,
        wants: [],
        tools,
        rejections: [],
        attempts: [],
        context,
        ms: 1,
      };
      await recordVisit(store.db, { serverId: id, at: when, sandbox: 's', enumeration, staticTools: [], due: when });
      const siblings = siblingsHash(tools.map(({ name }) => name));
      const found = tools
        .filter(({ name }) => LABELS[name])
        .map((tool) => {
          const verdict = {
            access: 'read',
            confidence: 0.5,
            evidence: [],
            facets: {},
            ...LABELS[tool.name],
          } as never as Verdict;
          return {
            fingerprint: definitionFingerprint(tool),
            siblings,
            rules: 'r',
            prompt: '',
            model: '',
            verdict,
            assessedAt: when,
          };
        });
      await recordAssessments(store.db, id, found, when);
    }
  });
  afterAll(() => store[Symbol.asyncDispose]());

  test.each(['create issue', 'createIssue', 'create_issue', 'CREATE-ISSUE', 'issue create', 'creating issues'])(
    '%s finds names before descriptions, and the name that says nothing else first',
    async (text) => {
      const found = await names({ text });
      expect(found.slice(0, 2)).toEqual(['createIssue', 'create_issue_comment']);
      expect(found.slice(2).sort()).toEqual(['note', 'update_issue']);
    },
  );

  test('a search may begin a word, name the server, and write it in one', async () => {
    expect(await names({ text: 'send mess' })).toEqual(['send_message']);
    expect(await names({ text: 'slack send message' })).toEqual(['send_message']);
    expect(await names({ text: 'github' })).toEqual(['send_message']);
    expect(await names({ text: 'sendmessage' })).toEqual(['send_message']);
    expect(await names({ text: 'quokka' })).toEqual(['odd']);
    expect(await names({ text: 'Strange' })).toEqual(['odd']);
  });

  test.each(["'", '\0', '& | ! ( ) : *', "a' & 'b", '\\', '', '   ', '\ud800', 'the', 'x'.repeat(5000), '%'])(
    '%j is searched for and finds nothing',
    async (text) => {
      expect(await names({ text })).toEqual([]);
      expect(await slugs({ text, limit: 5 })).toEqual([]);
    },
  );

  test('filters hold together with words and without', async () => {
    expect(await names({ marks: ['facet:sends-out'] })).toEqual(['createIssue', 'note']);
    expect(await names({ marks: ['facet:sends-out', 'risk:low'] })).toEqual(['note']);
    expect(await names({ text: 'issue', marks: ['facet:sends-out', 'category:Write'] })).toEqual(['createIssue']);
    expect(await names({ source: 'pypi' })).toEqual(['odd', 'send_message']);
    expect(await names({ changedSince: later(5) })).toEqual(['odd', 'send_message']);
    expect(await names({ changedSince: later(99) })).toEqual([]);
    expect(await names({ outcome: 'failed' })).toEqual([]);
    expect(await names({ source: 'pypi' }, ['slug:slack'])).toEqual([]);
    expect(await slugs({ limit: 9, marks: ['risk:high'] })).toEqual(['acme/slack-mcp']);
    expect(await slugs({ limit: 9, marks: ['risk:high', 'facet:sends-out'] })).toEqual([]);
    expect(await slugs({ limit: 9, outcome: 'unvisited' })).toEqual(['acme/empty-mcp']);
    expect(await slugs({ limit: 9, outcome: 'listed', source: 'npm' })).toEqual(['acme/github-mcp']);
    expect(await slugs({ limit: 9, changedSince: later(5) })).toEqual(['acme/slack-mcp']);
  });

  test('servers are found by name, title and description', async () => {
    expect(await slugs({ limit: 9, text: 'github' })).toEqual(['acme/github-mcp']);
    expect(await slugs({ limit: 9, text: 'acme slack' })).toEqual(['acme/slack-mcp']);
    expect(await slugs({ limit: 9, text: '文件' })).toHaveLength(3);
    expect(await slugs({ limit: 9, text: 'acme', sort: 'newest' })).toEqual(
      ['empty', 'slack', 'github'].map((id) => `acme/${id}-mcp`),
    );
  });

  test.each([
    ['tools', 'name', {}],
    ['tools', 'newest', {}],
    ['tools', 'relevance', { text: 'issue' }],
    ['tools', 'name', { marks: ['facet:sends-out'] }],
    ['tools', 'newest', { marks: ['category:Write'] }],
    ['servers', 'slug', {}],
    ['servers', 'newest', {}],
    ['servers', 'judged', {}],
    ['servers', 'relevance', { text: 'acme' }],
  ] as const)('cursors of %s by %s lead through all, each once: %j', async (kind, sort, filters) => {
    const walk = async (limit: number) => {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const query = { limit, cursor, sort, ...filters } as never;
        const page = kind === 'tools' ? await findTools(store.db, query) : await findServers(store.db, query);
        seen.push(...('tools' in page ? page.tools.map(({ name }) => name) : page.servers.map(({ slug }) => slug)));
        cursor = page.next;
      } while (cursor !== undefined);
      return seen;
    };
    const whole = await walk(100);
    expect(whole.length).toBeGreaterThan(1);
    expect(new Set(whole).size).toBe(whole.length);
    expect(await walk(1)).toEqual(whole);
    for (const cursor of ['x', '1', '\0', '9:\ud800']) {
      const query = { limit: 1, cursor, sort, ...filters } as never;
      await (kind === 'tools' ? findTools(store.db, query) : findServers(store.db, query));
    }
  });

  test('what is frequent is found though most of it is gone, each once, page by page', async () => {
    const zebras = Array.from({ length: 500 }, (_, at) => `zebra_${at}`);
    const given = {
      provenance: 'listed' as const,
      firstSeen: T0,
      lastSeen: T0,
      firstEnumeration: 1,
      lastEnumeration: 1,
    };
    const bodies = zebras.map((name) => ({ fingerprint: name, name, body: { name }, firstSeen: T0 }));
    await store.db.insert(definition).values(bodies);
    await store.db
      .insert(presence)
      .values(
        zebras.map((name, at) => ({ ...given, serverId: 'empty', fingerprint: name, goneAt: at < 400 ? T0 : null })),
      );
    const seen: string[] = [];
    for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
      const page = await findTools(store.db, { text: 'zebra', limit: 40, cursor });
      seen.push(...page.tools.map(({ name }) => name));
      cursor = page.next;
    }
    expect(seen.toSorted()).toEqual(zebras.slice(400).toSorted());
    expect(await names({ text: 'zebra 450' })).toEqual(['zebra_450']);
    expect(await names({ text: '450 zebra' })).toEqual(['zebra_450']);
    await store.db.delete(presence).where(eq(presence.serverId, 'empty'));
  });
});
