import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Launch } from '#domain/launch.ts';
import { enumerate } from '#enumerate/enumerate.ts';
import type { Limits } from '#enumerate/limits.ts';
import type { Sandbox } from '#enumerate/sandbox.ts';
import { openYard, SHORT, sandboxNamed, visit, type Yard } from './support.ts';

const rungs = (found: { readonly attempts: readonly { readonly rung: string }[] }) =>
  found.attempts.map(({ rung }) => rung);
const MANY = { attempts: 8, attempt: 10_000, init: 5000 };

for (const id of ['bubblewrap', 'deno']) {
  const { sandbox, refusal } = await sandboxNamed(id);
  if (refusal !== undefined) console.info(`skipped: ${id}: ${refusal}`);
  describe.skipIf(refusal !== undefined)(`servers that want something, in ${id}`, () => {
    let yard: Yard;
    beforeAll(async () => {
      yard = await openYard();
    });
    afterAll(() => yard[Symbol.asyncDispose]());

    test('variables, named one after the other, one of a closed list', async () => {
      const found = await visit(yard, sandbox, 'wants-variables', { limits: MANY });
      expect(found.outcome, JSON.stringify(found.attempts)).toBe('listed');
      expect(rungs(found)).toEqual(['S0', 'S1', 'S1', 'S1']);
      expect(found.context?.envNames).toEqual(['ACME_API_KEY', 'ACME_ROLE', 'ACME_TEAM_URL']);
      expect(found.tools[0]?.description).toBe('https://plimsoll.invalid owner');
      expect(found.attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed', 'listed']);
      expect(JSON.stringify(found.attempts)).not.toContain('plimsoll-fake-value');
    });

    test('an argument that its complaint describes', async () => {
      const found = await visit(yard, sandbox, 'wants-argument', { limits: MANY });
      expect([found.outcome, rungs(found).at(-1)]).toEqual(['listed', 'S2']);
      expect(found.tools[0]?.description).toBe('postgresql://plimsoll:fake@db.invalid:5432/fake');
    });

    test('a variable that only its documentation names', async () => {
      const inputs = [{ name: 'QUIET_SECRET' }];
      const found = await visit(yard, sandbox, 'wants-input', { limits: MANY, inputs });
      expect([found.outcome, rungs(found)]).toEqual(['listed', ['S0', 'S3']]);
      expect(found.context?.envNames).toEqual(['QUIET_SECRET']);
    });

    test('a subcommand', async () => {
      const found = await visit(yard, sandbox, 'wants-subcommand', { limits: MANY });
      expect([found.outcome, rungs(found).at(-1), found.context?.args]).toEqual(['listed', 'S4', ['mcp']]);
    });

    test('a subcommand that its usage tells, and then a variable', async () => {
      const inputs = [{ name: 'QUIET_SECRET' }];
      const found = await visit(yard, sandbox, 'wants-told-command', { limits: MANY, inputs });
      expect([found.outcome, rungs(found), found.context?.args]).toEqual(['listed', ['S0', 'S4', 'S3'], ['dock']]);
    });

    test('all variables but the one whose value it refuses', async () => {
      const inputs = [{ name: 'QUIET_SECRET', secret: true }, { name: 'QUIET_CHOICE' }];
      const found = await visit(yard, sandbox, 'blames-value', { limits: MANY, inputs });
      expect([found.outcome, rungs(found)], JSON.stringify(found.attempts)).toEqual([
        'listed',
        ['S0', 'S3', 'S3', 'full'],
      ]);
      expect(found.context?.envNames).toEqual(['QUIET_SECRET']);
    });

    // Deno lets nothing be written where the file would lie.
    test.skipIf(id === 'deno')('a file of credentials', async () => {
      const found = await visit(yard, sandbox, 'wants-file', { limits: MANY });
      expect([found.outcome, rungs(found)], JSON.stringify(found.attempts)).toEqual(['listed', ['S0', 'S1']]);
      expect(found.context?.envNames).toEqual(['KUBECONFIG']);
    });

    test('a credential that works: there the ladder ends, with what was wanted', async () => {
      const found = await visit(yard, sandbox, 'never-satisfied', { limits: MANY });
      expect([found.outcome, found.phase, found.reason, found.wants]).toEqual([
        ...['wants-credentials', 'start', 'exited'],
        ['ACME_TOKEN'],
      ]);
      expect(rungs(found)).toEqual(['S0', 'S1', 'S8']);
      expect(found.detail).toContain('401 Unauthorized');
    });

    test('all attempts together end in time', async () => {
      const inputs = [{ name: 'ACME_KEY' }];
      const began = performance.now();
      const limits = { ...MANY, init: 1000, attempt: 10_000, total: 1200 };
      const found = await visit(yard, sandbox, 'silent', { limits, inputs });
      expect(performance.now() - began).toBeLessThan(3000);
      expect([found.outcome, found.reason, rungs(found)]).toEqual(['failed', 'timeout', ['S0']]);
    });

    test('an aborted visit ends at once, with the reason it was given', async () => {
      const stopping = new AbortController();
      const reason = new Error('enough');
      const visiting = visit(yard, sandbox, 'silent', { stop: stopping.signal });
      setTimeout(() => stopping.abort(reason), 300);
      const began = performance.now();
      await expect(visiting).rejects.toBe(reason);
      expect(performance.now() - began).toBeLessThan(2000);
    });

    test('one that is aborted before it began starts nothing that lasts', async () => {
      const reason = new Error('never mind');
      await expect(visit(yard, sandbox, 'control', { stop: AbortSignal.abort(reason) })).rejects.toBe(reason);
    });

    test('an entry that is not there', async () => {
      const found = await visit(yard, sandbox, 'no-such-server');
      expect([found.outcome, found.phase, found.reason]).toEqual(['failed', 'start', 'exited']);
      expect(JSON.stringify(found)).not.toContain(yard.stage);
    });
  });
}

/** A sandbox whose program cannot be started. */
const broken: Sandbox = {
  id: 'broken',
  title: 'broken',
  strength: 0,
  runs: ['node'],
  holds: {},
  profile: (limits: Limits) => String(limits.pids),
  refuses: async () => undefined,
  start: async () => {
    throw new Error('no place for https://me:hunter2@example.invalid');
  },
};

test('a sandbox that cannot be set up is an outcome too, tried once', async () => {
  const artefact = { purl: 'pkg:npm/x', name: 'x', version: '1.0.0', integrity: 'sha512-' };
  const launch: Launch = {
    resolver: 'test',
    runtime: 'node',
    artefact,
    tree: '/',
    entry: 'x',
    args: [],
    inputs: [{ name: 'ACME_KEY' }],
  };
  const stop = new AbortController().signal;
  const found = await enumerate(launch, broken, { stage: '/', stop, limits: SHORT });
  expect(found).toMatchObject({ outcome: 'failed', phase: 'sandbox', reason: 'sandbox' });
  expect(found.attempts).toHaveLength(1);
  expect(found.detail).not.toContain('hunter2');
});
