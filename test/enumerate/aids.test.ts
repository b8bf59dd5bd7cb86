import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Enumeration } from '#domain/launch.ts';
import type { Limits } from '#enumerate/limits.ts';
import { readReports } from '#enumerate/reports.ts';
import { openYard, sandboxNamed, visit, type Yard } from './support.ts';

interface Case {
  readonly server: string;
  /** The rungs climbed; the last ones may be others in Deno. */
  readonly rungs: string;
  readonly limits?: Partial<Limits>;
  readonly inputs?: readonly string[];
  readonly check: (found: Enumeration) => void;
  /** Why Deno's sandbox cannot do it. */
  readonly notDeno?: string;
}

const names = (found: Enumeration) => found.tools.map((tool) => tool.name);
const first = (found: Enumeration) => found.tools[0]?.description;
const hooked = (found: Enumeration, tools: readonly string[]) => {
  expect([found.outcome, found.provenance]).toEqual(['listed', 'hook']);
  expect(names(found)).toEqual(tools);
};
const unlisted = (found: Enumeration) => expect([found.outcome, found.tools]).toEqual(['failed', []]);
const FEW = { attempts: 8, init: 2500, attempt: 8000, probe: 1000 };

const CASES: readonly Case[] = [
  { server: 'gives-up', rungs: 'S0 S8', check: (found) => hooked(found, ['hooked']) },
  { server: 'gives-up-early', rungs: 'S0 S4 S4 S8', check: (found) => hooked(found, ['after_the_end']) },
  {
    server: 'waits-forever',
    rungs: 'S0 S8',
    limits: { init: 3500 },
    check: (found) => hooked(found, ['waiting']),
  },
  // Kept from its end it lists nothing, which is not to say that it has nothing.
  { server: 'empty-at-last', rungs: 'S0 S8', check: unlisted },
  { server: 'hook-hangs', rungs: 'S0 S4 S4 S8', check: unlisted },
  { server: 'hook-throws', rungs: 'S0 S4 S4 S8', check: unlisted },
  {
    server: 'hook-many',
    rungs: 'S0 S4 S4 S8',
    check: (found) => {
      expect([found.provenance, found.reason, found.tools.length]).toEqual(['hook', 'too-many-tools', 5000]);
      expect(found.tokens).toBeGreaterThan(100_000);
    },
  },
  // Alone it counts for nothing; beside the hook it is what the server might as well have listed.
  { server: 'forges-hook', rungs: 'S0 S4 S4 S8', check: (found) => hooked(found, ['forged']) },
  {
    server: 'forges-reports',
    rungs: 'S0',
    check: (found) => {
      expect(names(found)).toEqual(['forger']);
      const { egress = [], stderr = '' } = found.attempts[0]!;
      expect(egress).toHaveLength(50);
      expect(egress.slice(0, 2)).toEqual([{ host: 'forged.invalid' }, { host: 'host-0.invalid' }]);
      expect(JSON.stringify(egress)).not.toContain('script');
      // What was no report, or one too many, is output like any other.
      expect(stderr).toContain('host-999.invalid');
      expect(stderr).not.toContain('\x1e');
    },
  },
  { server: 'undoes-aids', rungs: 'S0', check: (found) => expect(names(found)).toEqual(['still_here_Array']) },
  {
    server: 'asks-first',
    rungs: 'S0 S7',
    check: (found) => {
      expect(found.outcome, JSON.stringify(found.attempts)).toBe('listed');
      expect(JSON.parse(first(found)!)).toEqual(['192.0.2.1', { data: { schema: '' } }, 200]);
      const asked = found.attempts.flatMap(({ egress = [] }) => egress.map(({ host }) => host));
      expect(new Set(asked)).toEqual(new Set(['config.acme.invalid', 'api.acme.invalid', 'cdn.acme.invalid']));
      expect(found.attempts[1]?.egress).toContainEqual({ host: 'api.acme.invalid', port: 443 });
    },
  },
  { server: 'asks-redis', rungs: 'S0 S7', check: (found) => expect(first(found)).toBe('+PONG') },
  {
    server: 'mere-proxy',
    rungs: 'S0 S7',
    check: (found) => {
      expect([found.outcome, found.reason]).toEqual(['failed', 'remote-proxy']);
      expect(found.detail).toContain('mcp.acme.invalid');
    },
  },
  {
    server: 'only-http',
    rungs: 'S0 S6',
    check: (found) => expect(names(found)).toEqual(['over_http']),
    notDeno: 'it has no loopback to listen on',
  },
  {
    server: 'only-sse',
    rungs: 'S0 S6',
    check: (found) => expect(names(found)).toEqual(['over_sse']),
    notDeno: 'it has no loopback to listen on',
  },
  {
    server: 'lacks-endings',
    rungs: 'S0 S9',
    check: (found) => expect(names(found)).toEqual(['found_anyway']),
    notDeno: "it looks for a program's own modules before any hook",
  },
  {
    server: 'lacks-index',
    rungs: 'S0 S9',
    check: (found) => expect(names(found)).toEqual(['found_anyway']),
    notDeno: "it looks for a program's own modules before any hook",
  },
  { server: 'lacks-native', rungs: 'S0 S9', check: (found) => expect(first(found)).toBe('0 rows') },
  {
    server: 'gated',
    rungs: 'S0 full',
    inputs: ['ACME_KEY', 'ACME_SAFE', 'LOG_LEVEL'],
    check: (found) => {
      const env = ['ACME_KEY', 'ACME_SAFE'];
      expect(names(found)).toEqual(['always', 'careless', 'delete_all']);
      expect(found.gates).toEqual([
        { tool: 'delete_all', env, args: [] },
        { tool: 'careless', env, args: [], hides: true },
      ]);
      expect(found.context?.envNames).toEqual(env);
      expect(found.attempts.map(({ toolCount }) => toolCount)).toEqual([2, 2]);
      expect(found.tokens).toBeGreaterThan(30);
    },
  },
  {
    server: 'gated-breaks',
    rungs: 'S0 full',
    inputs: ['ACME_KEY'],
    check: (found) => {
      expect([found.outcome, found.gates, names(found)]).toEqual(['listed', undefined, ['minimal']]);
      expect([found.context?.envNames, found.attempts[1]?.outcome]).toEqual([[], 'failed']);
    },
  },
  {
    server: 'wants-kinds',
    rungs: 'S0 S1',
    check: (found) => expect(first(found)).toBe('acme_bot-plimsoll-fake-value https://plimsoll.invalid 1'),
  },
];

for (const id of ['bubblewrap', 'deno']) {
  const { sandbox, refusal } = await sandboxNamed(id);
  if (refusal !== undefined) console.info(`skipped: ${id}: ${refusal}`);
  describe.skipIf(refusal !== undefined)(`what is put beside a server, in ${id}`, () => {
    let yard: Yard;
    beforeAll(async () => {
      yard = await openYard();
    });
    afterAll(() => yard[Symbol.asyncDispose]());

    for (const { server, rungs, limits, inputs = [], check, notDeno } of CASES)
      test.skipIf(id === 'deno' && notDeno !== undefined)(server, async () => {
        const found = await visit(yard, sandbox, server, {
          limits: { ...FEW, ...limits },
          inputs: inputs.map((name) => ({ name })),
        });
        expect(found.attempts.map(({ rung }) => rung).join(' '), JSON.stringify(found.attempts)).toBe(rungs);
        check(found);
      });

    test('a flood of reports is a flood', async () => {
      const found = await visit(yard, sandbox, 'floods-reports', { limits: { attempts: 8 } });
      expect([found.outcome, found.reason, found.attempts.length], JSON.stringify(found)).toEqual([
        'failed',
        'flood',
        1,
      ]);
      expect(found.attempts[0]?.egress?.length).toBeLessThanOrEqual(50);
    });
  });
}

describe('reports', () => {
  async function read(chunks: readonly Buffer[]) {
    const stream = new PassThrough();
    const { rest, reports } = readReports(stream);
    const passed: Buffer[] = [];
    rest.on('data', (chunk: Buffer) => passed.push(chunk));
    for (const chunk of chunks) stream.write(chunk);
    stream.end();
    await new Promise((resolve) => rest.once('end', resolve));
    return { text: Buffer.concat(passed).toString('latin1'), ...reports() };
  }
  const told = '\x1eplimsoll-egress a.invalid 443\x1e\n';

  test('are taken out wherever they stand and however they come in pieces; the rest stays as it was', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('words\n', 'no end', '\x1e', '\x1eplimsoll-', '\x1eother\x1e', 'é')),
        fc.nat(),
        fc.integer({ min: 1, max: 9 }),
        async (words, at, size) => {
          const [before, after] = [words.slice(0, at % 7).join(''), words.slice(at % 7).join('')];
          const text = `${before.replaceAll('\x1e', '')}${told}${after}`;
          const bytes = Buffer.from(text);
          const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
            bytes.subarray(i * size, (i + 1) * size),
          );
          const found = await read(pieces);
          expect(found.egress).toEqual([{ host: 'a.invalid', port: 443 }]);
          expect(found.text).toBe(Buffer.from(text.replace(told, '')).toString('latin1'));
        },
      ),
      { numRuns: 100 },
    );
  });

  test('name a host that was looked up and reached once, and a proxy only where it is told', async () => {
    const lookup = '\x1eplimsoll-egress a.invalid \x1e\n';
    const found = await read([Buffer.from(`${lookup + told + lookup}\x1eplimsoll-listens 80\x1e\n`)]);
    expect(found).toEqual({ text: '', egress: [{ host: 'a.invalid', port: 443 }], listens: true });
  });
});
