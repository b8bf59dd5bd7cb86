import { expect } from 'vitest';
import type { Enumeration } from '#domain/launch.ts';
import type { Limits } from '#enumerate/limits.ts';

/** A server that attacks its crawler, and how a visit to it must end. */
export interface Case {
  readonly server: string;
  readonly limits?: Partial<Limits>;
  /** The outcome, then the reason where there is one. */
  readonly ends: string;
  /** The drivers that it may run in, where not in all of them. */
  readonly only?: readonly string[];
  /** Where Deno ends it otherwise, how. */
  readonly deno?: string;
  readonly check?: (found: Enumeration, sandbox: string) => void;
}

const names = (found: Enumeration) => found.tools.map((tool) => tool.name);
const refused = (found: Enumeration) => found.rejections.map(({ index, reason }) => `${index}: ${reason}`);
/** What tools of the name of a deed say about it: those that say that it could be done. */
const could = (found: Enumeration) =>
  found.tools.filter((tool) => tool.description === 'could').map((tool) => tool.name);
const told = (found: Enumeration) => JSON.parse(found.tools[0]?.description ?? 'null');

export const CASES: readonly Case[] = [
  { server: 'junk-lines', ends: 'listed', check: (found) => expect(names(found)).toEqual(['after_junk']) },
  { server: 'garbage', ends: 'failed timeout', limits: { init: 1000 } },
  { server: 'silent', ends: 'failed timeout', limits: { init: 1000 } },
  { server: 'ignores-signals', ends: 'failed timeout', limits: { init: 1000 } },
  {
    server: 'silent-list',
    ends: 'failed timeout',
    limits: { list: 500 },
    check: (found) => expect(found.phase).toBe('list'),
  },
  { server: 'slow-drip', ends: 'failed timeout', limits: { init: 1500 } },
  { server: 'spins', ends: 'failed timeout', limits: { init: 1000 } },
  { server: 'flood-stdout', ends: 'failed flood' },
  { server: 'flood-stderr', ends: 'failed flood' },
  { server: 'flood-lines', ends: 'failed flood' },
  { server: 'flood-requests', ends: 'failed flood' },
  { server: 'byte-by-byte', ends: 'failed timeout', limits: { init: 1500 } },
  {
    server: 'forks',
    ends: 'listed',
    limits: { pids: 64, init: 10_000, attempt: 12_000 },
    check: (found, sandbox) => expect(told(found)).toBeLessThan(sandbox === 'deno' ? 1 : 64),
  },
  // Without control groups the watchdog on memory may be the first to have enough of it.
  { server: 'fork-bomb', ends: 'failed timeout|failed oom', limits: { pids: 64, init: 1500 } },
  { server: 'double-fork', ends: 'failed exited' },
  {
    server: 'fills-disk',
    ends: 'listed',
    deno: 'failed disk',
    check: (found) => {
      for (const megabytes of Object.values(told(found) as Record<string, number>))
        expect(megabytes).toBeLessThanOrEqual(16);
    },
  },
  {
    server: 'hides-disk',
    ends: 'listed',
    deno: 'failed disk',
    check: (found) => expect(told(found)).toBeLessThanOrEqual(8),
  },
  {
    server: 'one-big-file',
    ends: 'listed',
    deno: 'failed disk',
    check: (found) => expect(told(found)).toBeLessThanOrEqual(8),
  },
  // Files that are empty take memory all the same, where that is counted.
  {
    server: 'many-files',
    ends: 'failed timeout|failed oom',
    deno: 'failed disk|failed timeout',
    limits: { init: 1500 },
  },
  { server: 'memory-hog', ends: 'failed oom' },
  { server: 'heap-hog', ends: 'failed oom', limits: { init: 10_000, attempt: 10_000 } },
  {
    server: 'endless-pages',
    ends: 'listed too-many-pages',
    check: (found) => expect(found.tools).toHaveLength(500),
  },
  {
    server: 'repeated-cursor',
    ends: 'listed repeated-cursor',
    check: (found) => expect(names(found)).toEqual(['again']),
  },
  {
    server: 'many-tools',
    ends: 'listed',
    check: (found) => expect([found.tools.length, found.rejections.length]).toEqual([5000, 1]),
  },
  {
    server: 'malformed-tools',
    ends: 'listed',
    check: (found) => {
      expect(names(found)).toEqual(['first_good', 'no_schema', 'nulls', 'last_good']);
      expect(refused(found)).toHaveLength(12);
      expect(found.tools[0]?.description).toBe('Does first_good.');
      expect(found.tools[2]).toEqual({ name: 'nulls', description: 'Does nulls.', inputSchema: { type: 'object' } });
    },
  },
  {
    server: 'hostile-names',
    ends: 'listed',
    check: (found) => {
      expect(names(found)).toEqual([
        '<script>alert(1)</script>',
        '\x1b]0;owned\x07\x1b[2J',
        '__proto__',
        "'; DROP TABLE tools; --",
        '\u202Egnirts\u200b',
        'Ärger/名前/../..',
        'plain',
      ]);
      expect(found.rejections.map((one) => one.index)).toEqual([6, 7, 8]);
      expect(found.tools[6]?.description).toContain('\x1b[31m');
      expect(Object.hasOwn(found.tools[6]!.inputSchema!, '__proto__')).toBe(true);
    },
  },
  {
    server: 'json-bomb',
    ends: 'listed',
    check: (found) => {
      expect(names(found)).toEqual(['after_bomb']);
      expect(refused(found)).toEqual([
        '0: it nests deeper than 64 levels',
        '1: it holds a number that JSON cannot carry',
      ]);
    },
  },
  { server: 'wide-schema', ends: 'listed', check: (found) => expect(names(found)).toEqual(['wide', 'bad_ref']) },
  { server: 'exits', ends: 'failed exited' },
  {
    server: 'crashes',
    ends: 'failed exited',
    check: (found) => {
      expect(found.detail).toContain('cannot go on in /srv/pkg');
      expect(JSON.stringify(found)).not.toMatch(/abcdef0123456789|\\u001b|plimsoll-yard/);
    },
  },
  {
    server: 'lists-and-exits',
    ends: 'listed',
    check: (found) => expect([found.tools.length, found.attempts[0]?.toolCount]).toEqual([1000, 1000]),
  },
  {
    server: 'huge-facts',
    ends: 'listed',
    check: (found) => {
      expect(names(found)).toEqual(['huge_facts']);
      expect(JSON.stringify(found).length).toBeLessThan(500_000);
      expect([found.serverInfo, found.capabilities]).toEqual([undefined, undefined]);
      expect(found.instructions).toBe('\ufffd'.repeat(65_536));
    },
  },
  {
    server: 'reaches-out',
    ends: 'listed',
    check: (found, sandbox) => {
      // Behind walls of the kernel all of these are its own: processes, loopback, memory.
      const own = ['parent', 'group', 'all', 'inspector', 'memory', 'parents_memory', 'maps'];
      for (const name of could(found)) expect(sandbox === 'deno' ? [] : own, name).toContain(name);
    },
  },
  {
    server: 'tells-places',
    ends: 'listed',
    check: (found) => {
      expect(found.tools.slice(0, 3).map((tool) => tool.description)).toEqual(['/home/u', '/home/u', '/srv/pkg']);
      expect(JSON.stringify(found)).not.toContain('plimsoll-yard');
    },
  },
  {
    server: 'answers-wants-token',
    ends: 'wants-credentials protocol',
    check: (found) =>
      expect([found.wants, found.detail]).toEqual([['ACME_TOKEN'], expect.stringContaining('Not authenticated')]),
  },
  { server: 'crashes-after-list', ends: 'listed', check: (found) => expect(names(found)).toEqual(['last_words']) },
  {
    server: 'crashes-between-pages',
    ends: 'failed exited',
    check: (found) => expect([found.phase, found.tools]).toEqual(['list', []]),
  },
  { server: 'wrong-ids', ends: 'failed timeout', limits: { list: 500 } },
  {
    server: 'list-error',
    ends: 'failed protocol',
    check: (found) => expect(found.detail).toContain('internal trouble'),
  },
  { server: 'bad-handshake', ends: 'failed protocol' },
  {
    server: 'asks-back',
    ends: 'listed',
    check: (found) => {
      const answers = Object.fromEntries(found.tools.map((tool) => [tool.name, JSON.parse(tool.description!)]));
      expect(answers).toEqual({
        roots: { roots: [] },
        elicitation: { action: 'decline' },
        sampling: { error: expect.stringContaining('only lists tools') },
      });
    },
  },
  {
    server: 'shows-by-client',
    ends: 'listed',
    check: (found) => expect(names(found)).toEqual(['always', 'when_sampling']),
  },
  {
    // Addresses of others are tried only where there is a namespace without a network, which the suite asserts first.
    server: 'reaches-network',
    only: ['container', 'bubblewrap'],
    ends: 'listed',
    check: (found) => expect([found.tools.length, could(found)]).toEqual([7, []]),
  },
  { server: 'tries-vsock', ends: 'listed', check: (found) => expect(found.tools[0]?.description).toMatch(/^refused/) },
  {
    server: 'reads-operator',
    ends: 'listed',
    check: (found) => expect([found.tools.length, could(found)]).toEqual([6, []]),
  },
  {
    server: 'writes-proc',
    ends: 'listed',
    check: (found) => expect([found.tools.length, could(found)]).toEqual([10, []]),
  },
  {
    server: 'attaches-debugger',
    ends: 'listed',
    check: (found) => expect([found.tools.length, could(found)]).toEqual([4, []]),
  },
  { server: 'differs-by-name', ends: 'listed', check: (found) => expect(names(found)).toEqual(['always']) },
  {
    server: 'changes-between-calls',
    ends: 'listed',
    check: (found) => {
      expect(names(found)).toEqual(['shifty', 'only_1', 'only_2', 'only_3']);
      expect(found.tools[0]?.description).toBe('Version 1.');
      expect(found.rejections.map((one) => one.name)).toEqual(['shifty', 'shifty']);
    },
  },
  { server: 'catastrophic-regex', ends: 'listed', check: (found) => expect(found.tools).toHaveLength(6) },
  { server: 'catastrophic-complaint', ends: 'failed exited|wants-credentials exited' },
  {
    server: 'duplicate-names',
    ends: 'listed',
    check: (found) => {
      expect(names(found)).toEqual(['read_file', 're\u0430d_file', 'Read_File']);
      expect(found.tools[0]?.annotations).toEqual({ readOnlyHint: true });
      expect(found.rejections).toHaveLength(2);
    },
  },
  { server: 'json-width', ends: 'listed', check: (found) => expect(names(found)).toEqual(['narrow']) },
  {
    server: 'long-names',
    ends: 'listed',
    check: (found) => {
      expect(found.rejections.map((one) => one.index)).toEqual([0]);
      expect(JSON.stringify(found).length).toBeLessThan(250_000);
    },
  },
  { server: 'hundred-megabytes', ends: 'failed flood' },
];
