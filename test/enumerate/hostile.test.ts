import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CASES } from '../support/hostile.ts';
import { inside, openYard, SHORT, sandboxNamed, visit, type Yard } from './support.ts';

/** Processes on this machine that were started from the fixtures and still live. */
function leftovers(): readonly string[] {
  return readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
    .split(' ')
    .filter((pid) => pid && existsSync(`/proc/${pid}/exe`))
    .filter((pid) =>
      /bwrap|deno|start --attach/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')),
    );
}

/** Code that says which ways out of its namespace it can see. */
const OUTWARD = `
const { networkInterfaces } = await import('node:os');
return Object.values(networkInterfaces()).flat().filter((one) => !one.internal).length;`;

for (const id of ['container', 'bubblewrap', 'deno']) {
  const { sandbox, refusal } = await sandboxNamed(id);
  if (refusal !== undefined) console.info(`skipped: ${id}: ${refusal}`);
  describe.skipIf(refusal !== undefined)(`hostile servers in ${id}`, () => {
    let yard: Yard;
    let rss = 0;
    const mark = `plimsoll-hostile-${process.pid}`;
    const canary = mkdtempSync(join(homedir(), '.plimsoll-hostile-'));
    beforeAll(async () => {
      yard = await openYard();
      process.env.PLIMSOLL_HOSTILE = mark;
      writeFileSync(join(canary, 'canary'), 'sing', { mode: 0o644 });
      writeFileSync(join(yard.tree, 'operator.json'), JSON.stringify({ canary: join(canary, 'canary'), mark }));
      await visit(yard, sandbox, 'control');
      ({ rss } = process.memoryUsage());
    });
    afterAll(async () => {
      delete process.env.PLIMSOLL_HOSTILE;
      rmSync(canary, { recursive: true });
      await yard[Symbol.asyncDispose]();
    });

    test.skipIf(id === 'deno')('there is no network around them', async () => {
      expect(await inside(yard, sandbox, OUTWARD)).toBe(0);
    });

    // Containers start slowly: a third of the servers runs in one here, all of them in the soak.
    const every = id === 'container' && !process.env.PLIMSOLL_CASES ? 3 : 1;
    const cases = CASES.filter(({ only }) => !only || only.includes(id)).filter((_, at) => at % every === 0);
    // Engines take a while to start something; what a server may take of it is the same.
    const slack = id === 'container' ? 2000 : 0;

    test.each(cases)('$server', async ({ server, limits, ends, deno, check }) => {
      // The control server runs at the same time, and must not notice.
      const began = performance.now();
      const [found, control] = await Promise.all([
        visit(yard, sandbox, server, {
          limits: {
            ...limits,
            init: (limits?.init ?? SHORT.init) + slack,
            attempt: (limits?.attempt ?? SHORT.attempt) + slack,
          },
        }),
        visit(yard, sandbox, 'control', { limits: { init: 15_000, attempt: 15_000 } }),
      ]);
      expect(performance.now() - began).toBeLessThan(16_000);
      const expected = (id === 'deno' && deno) || ends;
      expect([found.outcome, found.reason].filter(Boolean).join(' '), JSON.stringify(found)).toSatisfy((end: string) =>
        expected.split('|').includes(end),
      );
      expect(found.attempts).toHaveLength(1);
      expect(found.attempts[0]?.context).toMatchObject({ args: [], envNames: [], sandbox: id });
      if (expected === ends) check?.(found, id);
      expect([control.outcome, control.rejections, control.protocolVersion]).toEqual(['listed', [], '2025-06-18']);
      expect(control.tools).toEqual([
        {
          name: 'read_note',
          description: 'Does read_note.',
          inputSchema: { type: 'object' },
          annotations: { readOnlyHint: true },
        },
        { name: 'list_notes', description: 'Does list_notes.', inputSchema: { type: 'object' } },
        {
          name: 'write_note',
          title: 'Write a note',
          description: 'Does write_note.',
          inputSchema: { type: 'object' },
        },
      ]);
      expect(leftovers()).toEqual([]);
    });

    test('leaves nothing on its stage, and little in memory', () => {
      expect(process.memoryUsage().rss - rss).toBeLessThan(150 * 1024 * 1024);
      const scratch = join(yard.stage, 'scratch');
      expect(existsSync(scratch) ? readdirSync(scratch) : []).toEqual([]);
    });
  });
}
