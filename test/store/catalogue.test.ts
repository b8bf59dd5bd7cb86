import { afterAll, beforeAll, expect, test } from 'vitest';
import { definitionFingerprint, siblingsHash } from '#core/definition.ts';
import type { Artefact, Enumeration } from '#domain/launch.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import type { Verdict } from '#domain/verdict.ts';
import { findServer, statistics } from '#store/catalogue/catalogue.ts';
import type { Store } from '#store/engine/open.ts';
import { findServers } from '#store/search/servers.ts';
import * as serverTables from '#store/tables/servers.ts';
import * as toolTables from '#store/tables/tools.ts';
import { assessed, presentTools, recordAssessments } from '#store/verdict/assessments.ts';
import { beforeVisit } from '#store/visit/before-visit.ts';
import { visitsDue } from '#store/visit/due.ts';
import { recordVisit, type VisitRecord } from '#store/visit/enumerations.ts';
import { serversToClassify } from '#store/visit/servers.ts';
import { onEveryDatabase } from '../support/stores.ts';

const DAY = 86_400_000;
const T0 = new Date('2026-11-21T00:00:00Z');
const later = (days: number) => new Date(T0.getTime() + days * DAY);

const artefact: Artefact = {
  purl: 'pkg:npm/%40x/y',
  name: '@x/y',
  version: '1.0.0',
  integrity: 'sha512-AAAA',
  license: 'MIT',
  commit: 'c0ffee'.padEnd(40, '0'),
};
const tool = (name: string, description = `does ${name}`): ToolDefinition => ({ name, description });

function listing(tools: readonly ToolDefinition[], at: Date, over: Partial<VisitRecord> = {}): VisitRecord {
  const context = { args: [], envNames: [], sandbox: 'bubblewrap', profile: 'p' };
  const enumeration: Enumeration = {
    outcome: 'listed',
    wants: [],
    tools,
    rejections: [{ index: 3, name: 'bad\0name', reason: 'name holds NUL' }],
    attempts: [
      { rung: 'S0', context, outcome: 'listed', toolCount: tools.length, stderr: 'hi\0there \ud800', ms: 12.5 },
    ],
    context,
    protocolVersion: '2025-06-18',
    serverInfo: { name: 'x\0', nested: { __proto__x: 1 } },
    ms: 20.2,
  };
  return {
    serverId: 'npm:@x/y',
    at,
    sandbox: 'bubblewrap',
    artefact,
    enumeration,
    staticTools: [],
    due: new Date(at.getTime() + 7 * DAY),
    ...over,
  };
}

const verdict: Verdict = {
  category: 'Destructive',
  access: 'write',
  risk: 'critical',
  confidence: 0.9,
  evidence: [],
  facets: {},
};

onEveryDatabase('the catalogue', (fresh) => {
  let store: Store;
  beforeAll(async () => {
    store = await fresh();
    const server = (id: string, slug: string) => ({
      id,
      slug,
      name: slug,
      packages: [],
      remotes: [],
      firstSeen: T0,
      lastSeen: T0,
      enumerateDue: new Date(0),
    });
    await store.db
      .insert(serverTables.server)
      .values([server('npm:@x/y', 'x/y'), server('npm:z', 'z'), server('npm:old', 'old')]);
    const alias = (address: string, serverId: string) => ({
      address,
      kind: address.slice(0, address.indexOf(':')) as 'purl',
      key: address.slice(address.indexOf(':') + 1),
      serverId,
      since: T0,
    });
    await store.db
      .insert(serverTables.alias)
      .values([
        alias('purl:pkg:npm/%40x/y', 'npm:@x/y'),
        alias('purl:pkg:npm/z', 'npm:z'),
        alias('slug:was/y', 'npm:@x/y'),
      ]);
  });
  afterAll(() => store[Symbol.asyncDispose]());

  test('keeps a list, what left it, and what hostile text it came with', async () => {
    const { db } = store;
    expect((await visitsDue(db, { limit: 5, now: T0, purlTypes: ['npm'] })).map(({ id }) => id)).toEqual([
      'npm:@x/y',
      'npm:z',
    ]);
    expect(await recordVisit(db, listing([tool('a'), tool('b'), tool('c', 'nul \0 and \ud800')], T0))).toBe(3);
    const visit = (await beforeVisit(db, 'npm:@x/y'))!.last;
    expect(visit).toMatchObject({ outcome: 'listed', version: '1.0.0', toolCount: 3, ms: 20 });
    expect(visit!.serverInfo).toEqual({ name: 'x\0', nested: { __proto__x: 1 } });
    const { server } = (await findServer(db, 'npm:@x/y'))!;
    expect(server.tools.map((one) => one.definition)).toEqual([tool('a'), tool('b'), tool('c', 'nul \0 and \ud800')]);
    expect(server.visit?.artefact).toEqual(artefact);
    expect(server.visit?.rejections).toEqual([{ index: 3, name: 'bad\0name', reason: 'name holds NUL' }]);

    // The next list drops a, changes b, keeps c and adds d.
    await recordVisit(db, listing([tool('b', 'other'), tool('c', 'nul \0 and \ud800'), tool('d')], later(1)));
    const next = (await findServer(db, 'x/y'))!.server;
    expect(next.tools.map((one) => [one.definition.name, one.firstSeen, one.lastSeen])).toEqual([
      ['b', later(1), later(1)],
      ['c', T0, later(1)],
      ['d', later(1), later(1)],
    ]);
    const gone = (await db.select().from(toolTables.presence)).filter((row) => row.goneAt);
    expect(gone.map((row) => row.fingerprint).sort()).toEqual([tool('a'), tool('b')].map(definitionFingerprint).sort());
    // A list that was cut off adds, and ends nothing.
    const cut = listing([tool('e')], later(1.5));
    await recordVisit(db, { ...cut, enumeration: { ...cut.enumeration, phase: 'list', reason: 'too-many-pages' } });
    expect((await findServer(db, 'x/y'))!.server.tools.map((one) => one.definition.name)).toEqual(['b', 'c', 'd', 'e']);
    // A definition that comes back opens a new presence beside the old one.
    await recordVisit(db, listing([tool('a')], later(2)));
    const all = await db.select().from(toolTables.presence);
    expect(all.filter((row) => row.fingerprint === definitionFingerprint(tool('a')))).toHaveLength(2);
  });

  test('a failed visit leaves what was listed, and its due date decides the order', async () => {
    const { db } = store;
    const failed: Enumeration = {
      outcome: 'failed',
      phase: 'start',
      reason: 'exited',
      wants: ['KEY'],
      tools: [],
      rejections: [],
      attempts: [],
      ms: 3,
    };
    await recordVisit(db, listing([], later(3), { enumeration: failed, staticTools: [tool('s')] }));
    expect((await findServer(db, 'x/y'))!.server.tools.map((one) => one.definition.name)).toEqual(['a']);
    await recordVisit(db, listing([], later(3), { serverId: 'npm:z', enumeration: failed, staticTools: [tool('s')] }));
    const z = (await findServer(db, 'pkg:npm/z'))!;
    expect(z.canonical).toBe(false);
    expect(z.server.tools.map((one) => one.provenance)).toEqual(['static']);
    // Once it lists, what was read from source gives way.
    await recordVisit(db, listing([tool('s'), tool('t')], later(4), { serverId: 'npm:z' }));
    expect((await findServer(db, 'z'))!.server.tools.map((one) => one.provenance)).toEqual(['listed', 'listed']);
  });

  test('assessments are kept by their whole key and read back newest first', async () => {
    const { db } = store;
    expect(await serversToClassify(db, later(5), 10)).toEqual(['npm:@x/y', 'npm:z']);
    const tools = await presentTools(db, 'npm:z');
    const key = { siblings: siblingsHash(['s', 't']), rules: 'r1', prompt: '', model: '' };
    const assess = (rules: string, risk: 'low' | 'critical', at: Date) =>
      tools.map(({ fingerprint }) => ({
        fingerprint,
        ...key,
        rules,
        verdict: { ...verdict, risk },
        assessedAt: at,
      }));
    await recordAssessments(db, 'npm:z', assess('r1', 'low', later(5)), later(5));
    await recordAssessments(db, 'npm:z', assess('r2', 'critical', later(6)), later(6));
    await recordAssessments(db, 'npm:z', assess('r2', 'critical', later(6)), later(6));
    expect(
      (
        await assessed(
          db,
          tools.map((one) => one.fingerprint),
          key,
        )
      ).size,
    ).toBe(2);
    expect(
      (
        await assessed(
          db,
          tools.map((one) => one.fingerprint),
          { ...key, model: 'gpt' },
        )
      ).size,
    ).toBe(0);
    expect(await serversToClassify(db, later(6), 10)).toEqual(['npm:@x/y']);
    const { server } = (await findServer(db, 'z'))!;
    expect(server.tools.map((one) => one.assessment?.rules)).toEqual(['r2', 'r2']);
    const before = [{ category: 'Destructive', risk: 'low', until: later(6) }];
    expect(server.tools.map((one) => one.earlier)).toEqual([before, before]);
    expect(await statistics(db)).toEqual({
      servers: 3,
      tools: 3,
      byOutcome: { failed: 1, listed: 1, unvisited: 1 },
      byCategory: { Read: 0, Write: 0, Execute: 0, Destructive: 2, Financial: 0 },
      byRisk: { low: 0, medium: 0, high: 0, critical: 2 },
      unassessed: 1,
      static: 0,
    });
  });

  test('lists in pages and finds old addresses', async () => {
    const { db } = store;
    const first = await findServers(db, { limit: 2 });
    expect(first.servers.map((one) => [one.slug, one.toolCount, one.risk, one.outcome])).toEqual([
      ['old', 0, undefined, undefined],
      ['x/y', 1, undefined, 'failed'],
    ]);
    expect(first.next).toBe('x/y');
    const second = await findServers(db, { limit: 2, cursor: first.next });
    expect(second).toMatchObject({ servers: [{ slug: 'z', risk: 'critical' }] });
    expect(second.next).toBeUndefined();
    expect((await findServers(db, { limit: 9, text: '100%\0' })).servers).toEqual([]);
    expect((await findServers(db, { limit: 9, text: 'X/' })).servers).toHaveLength(1);
    expect((await findServer(db, 'was/y'))!.canonical).toBe(false);
    expect(await findServer(db, 'nothing')).toBeUndefined();
    expect(await findServer(db, 'a\0b')).toBeUndefined();
  });
});
