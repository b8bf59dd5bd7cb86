import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { examineSandbox } from '#enumerate/choose.ts';
import { openYard, sandboxNamed, visit } from './support.ts';

const FORGETS = pathToFileURL(join(import.meta.dirname, '../support/forgets.mjs')).href;
const { NODE_OPTIONS } = process.env;
let stage = '';
beforeAll(() => {
  stage = mkdtempSync(join(tmpdir(), 'plimsoll-stage-'));
  chmodSync(stage, 0o755);
});
afterEach(() => {
  if (NODE_OPTIONS === undefined) delete process.env.NODE_OPTIONS;
  else process.env.NODE_OPTIONS = NODE_OPTIONS;
});
afterAll(() => rmSync(stage, { recursive: true, force: true, maxRetries: 3 }));

const { sandbox: deno, refusal: noDeno } = await sandboxNamed('deno');
test.skipIf(noDeno !== undefined)('what a sandbox does not hold stands with every result made under it', async () => {
  await using yard = await openYard();
  expect((await visit(yard, deno, 'control')).context?.unheld).toBeUndefined();
  // As on a machine without /proc and without setpriv.
  const { 'memory-stopped': _, 'dies-with-parent': __, ...holds } = deno.holds;
  const found = await visit(yard, { ...deno, holds }, 'control');
  expect(found.context?.unheld).toEqual(['memory-stopped', 'dies-with-parent']);
  expect(found.attempts[0]?.context.unheld).toEqual(['memory-stopped', 'dies-with-parent']);
});

for (const id of ['container', 'bubblewrap', 'deno']) {
  const { sandbox, refusal } = await sandboxNamed(id);
  if (refusal !== undefined) console.info(`skipped: ${id}: ${refusal}`);
  describe.skipIf(refusal !== undefined || sandbox.holds['dies-with-parent'] === undefined)(id, () => {
    test('is refused where what it starts outlives its crawler', async () => {
      process.env.NODE_OPTIONS = `--import=${FORGETS}?${id}`;
      const { usable, reason, checks } = await examineSandbox(sandbox, stage);
      expect({ usable, reason }).toEqual({
        usable: false,
        reason: expect.stringMatching(
          /^its self-test failed: .*dies-with-parent \(\d of its processes were left after two seconds\)/,
        ),
      });
      expect(checks.find(({ name }) => name === 'dies-with-parent')).toMatchObject({ held: false, tested: true });
      // Who takes over finds what is left and removes it.
      expect(await sandbox.refuses()).toBeUndefined();
      expect((await sandbox.remains?.('linger.mjs')) ?? 0).toBe(0);
    });

    test('is refused where the crawler that is to be killed does not come so far', async () => {
      process.env.NODE_OPTIONS = `--import=data:text/javascript,process.exit(3)`;
      const { usable, reason } = await examineSandbox(sandbox, stage);
      expect({ usable, reason }).toEqual({
        usable: false,
        reason: expect.stringMatching(/its self-test failed: .*dies-with-parent \(the probe did not get to it\)/),
      });
    });
  });
}
