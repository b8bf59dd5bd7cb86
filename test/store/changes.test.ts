import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LaunchContext } from '#domain/launch.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import { listChanges } from '#store/catalogue/changes.ts';
import type { Store } from '#store/engine/open.ts';
import * as tables from '#store/tables/servers.ts';
import { recordVisit, type VisitRecord } from '#store/visit/enumerations.ts';
import { onEveryDatabase } from '../support/stores.ts';

const NOW = new Date('2026-11-21T00:00:00Z');
const tool = (name: string, description: string): ToolDefinition => ({ name, description });

onEveryDatabase('the feed of changes', (fresh) => {
  let store: Store;
  beforeAll(async () => {
    store = await fresh();
    for (const id of ['npm:a', 'npm:b', 'npm:c'])
      await store.db.insert(tables.server).values({
        id,
        slug: id.slice(4),
        name: id,
        packages: [],
        remotes: [],
        firstSeen: NOW,
        lastSeen: NOW,
        enumerateDue: NOW,
      });
  });
  afterAll(() => store[Symbol.asyncDispose]());

  const visit = (
    serverId: string,
    version: string,
    tools: readonly ToolDefinition[],
    more: { readonly env?: readonly string[]; readonly static?: true } = {},
  ) => {
    const context: LaunchContext = { args: [], envNames: more.env ?? [], sandbox: 'bubblewrap', profile: 'p' };
    const outcome = more.static ? 'failed' : 'listed';
    const record: VisitRecord = {
      serverId,
      at: NOW,
      sandbox: 'bubblewrap',
      artefact: { purl: `pkg:npm/${serverId}`, name: serverId, version, integrity: 'sha512-' },
      enumeration: {
        outcome,
        wants: [],
        tools: more.static ? [] : tools,
        rejections: [],
        attempts: [],
        ...(!more.static && { context }),
        ms: 1,
      },
      staticTools: more.static ? tools : [],
      due: NOW,
    };
    return recordVisit(store.db, record);
  };
  const said = async (since: number, serverId?: string) => {
    const { changes } = await listChanges(store.db, { since, visits: 100, ...(serverId && { serverId }) });
    return changes.map(({ tool, kind, initial, before, after, versions }) => [
      `${initial ? 'first ' : ''}${kind} ${tool}`,
      before?.description,
      after?.description,
      `${versions.before ?? ''}>${versions.after ?? ''}`,
    ]);
  };

  test('tells what appeared, changed and went, with both texts', async () => {
    await visit('npm:a', '1', [tool('x', 'reads'), tool('y', 'writes')]);
    await visit('npm:a', '1', [tool('x', 'reads'), tool('y', 'writes')]);
    await visit('npm:a', '2', [tool('x', 'deletes'), tool('z', 'new')]);
    expect(await said(0, 'npm:a')).toEqual([
      ['first appeared x', undefined, 'reads', '>1'],
      ['first appeared y', undefined, 'writes', '>1'],
      ['changed x', 'reads', 'deletes', '1>2'],
      ['went y', 'writes', undefined, '1>2'],
      ['appeared z', undefined, 'new', '>2'],
    ]);
  });

  test('does not call it a removal when the circumstances were others', async () => {
    await visit('npm:b', '1', [tool('open', 'o'), tool('gated', 'g')], { env: ['KEY'] });
    await visit('npm:b', '1', [tool('open', 'o')]);
    expect((await said(0, 'npm:b')).at(-1)).toEqual(['not-shown gated', 'g', undefined, '1>1']);
    await visit('npm:b', '2', [tool('open', 'o'), tool('gated', 'g')], { env: ['KEY'] });
    await visit('npm:b', '3', [tool('open', 'o')], { env: ['KEY'] });
    expect((await said(0, 'npm:b')).slice(-2).map(([what]) => what)).toEqual(['appeared gated', 'went gated']);
  });

  test('what only was in the source is not gone because it was not listed', async () => {
    await visit('npm:c', '1', [tool('a', 'from source'), tool('b', 'from source')], { static: true });
    await visit('npm:c', '1', [tool('a', 'listed')]);
    expect((await said(0, 'npm:c')).map(([what]) => what)).toEqual([
      'first appeared a',
      'first appeared b',
      'first appeared a',
      'not-shown b',
    ]);
  });

  test('comes in pages that join without gap or repetition, and hides what is blocked', async () => {
    const whole = await listChanges(store.db, { since: 0, visits: 100 });
    const pieces: unknown[] = [];
    for (let since: number | undefined = 0; since !== undefined; ) {
      const page: Awaited<ReturnType<typeof listChanges>> = await listChanges(store.db, { since, visits: 1 });
      pieces.push(...page.changes);
      since = page.next;
    }
    expect(pieces).toEqual(whole.changes);
    await store.db
      .insert(tables.alias)
      .values({ address: 'purl:pkg:npm/a', kind: 'purl', key: 'pkg:npm/a', serverId: 'npm:a', since: NOW });
    const rest = await listChanges(store.db, { since: 0, visits: 100 }, ['purl:pkg:npm/a']);
    expect(rest.changes).toEqual(whole.changes.filter(({ server }) => server.id !== 'npm:a'));
  });
});
