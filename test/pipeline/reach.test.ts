import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Launch } from '#domain/launch.ts';
import type { Sandbox } from '#enumerate/sandbox.ts';
import type { Resolver, Unavailable } from '#launch/resolver.ts';
import { reach } from '#pipeline/reach.ts';

const artefact = { purl: 'pkg:npm/x', name: 'x', version: '1.0.0', integrity: 'sha512-' };
const SOURCE = `import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
const server = new McpServer({ name: 'x', version: '1.0.0' });
server.tool('read_it', 'Reads it.', {}, async () => ({ content: [] }));
`;
const refusing = (reason: string, temporary = false): Unavailable => ({
  phase: 'install',
  reason,
  detail: `${reason}, it said`,
  temporary,
});

let tree: string;
beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'plimsoll-reach-'));
  const folder = join(tree, 'node_modules', 'x');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'x', version: '1.0.0', type: 'module' }));
  writeFileSync(join(folder, 'index.js'), SOURCE);
});
afterAll(() => rmSync(tree, { recursive: true }));

function resolver(install: Resolver['install'], ways: number): Resolver {
  const way = (entry: string): Launch => ({
    ...{ resolver: 'test', artefact, runtime: 'node', tree, entry, args: [], inputs: [] },
  });
  return {
    id: 'npm',
    purlType: 'npm',
    current: async () => artefact,
    install,
    fetchPackage: async () => ({ tree, bytes: 1, reused: false }),
    launches: async () => Array.from({ length: ways }, (_, i) => way(`way-${i}.js`)),
  };
}

/** Starts programs that end at once, after so much CPU time; notes which. */
function sandboxOf(cpuTime: number): Sandbox & { readonly started: string[] } {
  const started: string[] = [];
  return {
    id: 'fake',
    title: 'fake',
    strength: 0,
    runs: ['node'],
    holds: {},
    started,
    profile: () => 'fake',
    refuses: async () => undefined,
    async start({ entry }) {
      started.push(entry);
      const empty = () => new PassThrough().end() as PassThrough;
      return {
        ...{ stdin: new PassThrough(), stdout: empty(), stderr: empty(), places: [] },
        ended: Promise.resolve({ code: 1, signal: null }),
        kill: () => {},
        cpuTime: () => cpuTime,
        peakMemory: () => undefined,
      };
    },
  };
}

const go = (one: Resolver, sandbox: Sandbox) =>
  reach(artefact, { purl: artefact.purl }, one, {
    ...{ home: tree, stage: tree, sandbox, stop: new AbortController().signal },
  });

test.each(['no-python', 'no-sandbox', 'no-version'])(
  'a package that is not installed for %s is read',
  async (reason) => {
    const sandbox = sandboxOf(0);
    const found = await go(
      resolver(async () => refusing(reason), 1),
      sandbox,
    );
    expect(found.enumeration).toMatchObject({
      outcome: 'failed',
      phase: 'install',
      reason,
      detail: `${reason}, it said`,
    });
    expect([found.staticTools.map(({ name }) => name), found.temporary]).toEqual([['read_it'], false]);
    expect(sandbox.started).toEqual([]);
  },
);

test('one that may be installed in a moment is not', async () => {
  const found = await go(
    resolver(async () => refusing('network', true), 1),
    sandboxOf(0),
  );
  expect([found.staticTools, found.temporary, found.enumeration.reason]).toEqual([[], true, 'network']);
});

test.each([
  [0, 3],
  [11_000, 2],
  [70_000, 1],
])('where each start takes %i ms of CPU time, of three ways %i are tried', async (cpuTime, ways) => {
  const sandbox = sandboxOf(cpuTime);
  const found = await go(
    resolver(async () => ({ tree, bytes: 1, reused: true }), 3),
    sandbox,
  );
  expect(found.enumeration.outcome).toBe('failed');
  expect(new Set(sandbox.started).size, sandbox.started.join()).toBe(ways);
});
