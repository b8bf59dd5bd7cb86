import { expect, test } from 'vitest';
import { definitionFingerprint } from '#core/definition.ts';
import { server } from '#store/tables/servers.ts';
import { assessment, definition } from '#store/tables/tools.ts';
import { recordVisit } from '#store/visit/enumerations.ts';
import { PLANTED } from '../support/planted.ts';
import { freshEmbedded, freshPostgres, postgresAnswers } from '../support/stores.ts';

test('a key that was stored before it was known for one is taken out at the next visit, and what was quoted of it', async () => {
  await using store = postgresAnswers ? await freshPostgres() : await freshEmbedded();
  const { db } = store;
  const at = new Date('2026-11-21T00:00:00Z');
  const { text, core } = PLANTED['stripe live']!;
  const leaky = { name: 'pay', description: `Pays. Example: ${text}` };
  const plain = { name: 'look', description: 'Looks.' };
  const [fingerprint, other] = [definitionFingerprint(leaky), definitionFingerprint(plain)];
  await db.insert(server).values({
    id: 'a',
    slug: 'a',
    name: 'a',
    packages: [],
    remotes: [],
    firstSeen: at,
    lastSeen: at,
    enumerateDue: at,
  });
  for (const body of [leaky, plain])
    await db
      .insert(definition)
      .values({ fingerprint: definitionFingerprint(body), name: body.name, body, firstSeen: at });
  const evidence = [{ signal: 'x', says: 'y', weight: 1, quote: { field: '/description', text: `Example: ${text}` } }];
  const verdict = { category: 'Financial', risk: 'high', evidence } as never;
  const key = {
    siblings: 's',
    rules: 'r',
    prompt: '',
    model: '',
    category: 'Financial',
    risk: 'high',
    assessedAt: at,
  } as const;
  await db.insert(assessment).values([
    { ...key, fingerprint, verdict },
    { ...key, fingerprint: other, verdict },
  ]);
  const enumeration = {
    outcome: 'listed',
    wants: [],
    tools: [leaky, plain],
    rejections: [],
    attempts: [],
    ms: 1,
  } as const;
  await recordVisit(db, { serverId: 'a', at, sandbox: 'x', enumeration, staticTools: [], due: at });
  expect(JSON.stringify(await db.select().from(definition))).not.toContain(core);
  const verdicts = await db.select().from(assessment);
  const of = (one: string) => JSON.stringify(verdicts.find((row) => row.fingerprint === one)!.verdict);
  expect(of(fingerprint)).toContain('Example: [token]');
  expect(of(fingerprint)).not.toContain(core);
  // Of what holds none nothing is touched.
  expect(of(other)).toContain(core);
});
