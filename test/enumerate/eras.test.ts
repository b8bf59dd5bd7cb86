import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Enumeration } from '#domain/launch.ts';
import { eraOf } from '#enumerate/handshake.ts';
import { openYard, sandboxNamed, visit, type Yard } from './support.ts';

test('the era is told by the version that was spoken the last time', () => {
  expect(['2024-11-05', '2025-11-25', '2026-07-28', '2027-01-01', 'unknown', undefined].map(eraOf)).toEqual([
    'initialize',
    'initialize',
    'discover',
    'discover',
    undefined,
    undefined,
  ]);
});

const names = (found: Enumeration) => found.tools.map(({ name }) => name);

for (const id of ['bubblewrap', 'deno']) {
  const { sandbox, refusal } = await sandboxNamed(id);
  if (refusal !== undefined) console.info(`skipped: ${id}: ${refusal}`);
  describe.skipIf(refusal !== undefined)(`greeting in ${id}`, () => {
    let yard: Yard;
    beforeAll(async () => {
      yard = await openYard();
    });
    afterAll(() => yard[Symbol.asyncDispose]());

    test.each(['dies-of-discover', 'hangs-on-discover', 'ignores-discover', 'loses-its-way'])(
      'a server that %s is listed all the same, in one attempt',
      async (server) => {
        const found = await visit(yard, sandbox, server);
        expect([found.outcome, names(found), found.protocolVersion], JSON.stringify(found)).toEqual([
          'listed',
          ['survivor'],
          '2025-06-18',
        ]);
        expect(found.attempts).toHaveLength(1);
      },
    );

    test('one of the newer era is listed page by page, with what else it has', async () => {
      const found = await visit(yard, sandbox, 'newer-era');
      expect(found, JSON.stringify(found)).toMatchObject({
        outcome: 'listed',
        protocolVersion: '2026-07-28',
        serverInfo: { name: 'newer', version: '1.0.0' },
        instructions: 'Ask away.',
        prompts: [{ name: 'ask' }],
        resources: [{ name: 'any', uriTemplate: 'x://{id}' }],
      });
      expect(names(found)).toEqual(['first', 'last']);
      expect(found.rejections.map(({ index }) => index)).toEqual([1]);
      expect(Object.keys(JSON.parse(found.tools[0]!.description!))).toEqual(['roots', 'sampling', 'elicitation']);
    });

    test.each([
      ['exits', 2],
      ['dies-of-discover', 2],
      ['wants-variables', 1],
      ['control', 1],
    ])('%s is started %i times in its first attempt', async (server, times) => {
      let starts = 0;
      const start: typeof sandbox.start = (...given) => {
        starts++;
        return sandbox.start(...given);
      };
      const found = await visit(yard, { ...sandbox, start }, server);
      expect([found.attempts.length, starts]).toEqual([1, times]);
    });

    test('one whose prompts have no end keeps its tools', async () => {
      const found = await visit(yard, sandbox, 'endless-asides', { limits: { asides: 1000 } });
      expect([found.outcome, names(found), found.reason]).toEqual(['listed', ['good'], undefined]);
      expect(JSON.stringify(found.prompts ?? []).length).toBeLessThan(1.1 * 1024 * 1024);
      expect((found.prompts ?? []).length).toBeLessThanOrEqual(1000);
    });
  });
}
