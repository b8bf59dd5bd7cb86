import { expect, test } from 'vitest';
import type { Policy, Rule } from '#domain/policy.ts';
import { loadExporters } from '#publish/formats/exporter.ts';
import { labelsOf } from '#publish/formats/label.ts';
import { ENGINES } from './engines/all.ts';
import { fingerprintOf } from './policies.ts';

const exporters = await loadExporters();
const definition = fingerprintOf('tool');

function policyOf(tools: Record<string, Omit<Rule, 'why' | 'definition'>>, server = 'main'): Policy {
  const rules = Object.entries(tools).map(
    ([name, rule]) => [name, { ...rule, why: ['Because.'], definition }] as const,
  );
  return { version: '1', default: 'deny', profile: 'recommended', server, hide: [], tools: Object.fromEntries(rules) };
}

function does(id: string, policy: Policy, tool: string): string {
  return ENGINES[id]!(exporters.get(id)!.write([policy]).files[0]!.text)({ label: 'main', tool, definition }).does;
}

test("an operator's yes is not the user's: who cannot ask the operator denies", () => {
  const policy = policyOf({ pay: { approve: { by: 'operator', timeout: 'PT5M', show: ['tool'] } } });
  for (const [id, { can, write }] of exporters) {
    const expected = can.approve.includes('operator') ? 'ask' : can.deny ? 'deny' : 'ask';
    expect(does(id, policy, 'pay'), id).toBe(expected);
    if (!can.approve.includes('operator'))
      expect(write([policy]).losses).toContainEqual(expect.objectContaining({ tool: 'pay', lost: 'approve' }));
  }
});

test('names that a format would take for another tool’s are left out, and named', () => {
  const cases = [
    ['litellm', { 'main-drop': {} }, 'main-drop', 'drop'],
    ['claude-code', { a_b: {}, 'a.b': { deny: { reason: 'No.' } } }, 'a_b', 'a.b'],
    ['gemini-policy', { a__b: {} }, 'a__b', 'b'],
    ['cursor', { '*': {} }, '*', 'drop'],
    ['docker-gateway', { 'x,main:drop': {} }, 'x,main:drop', 'drop'],
    ['gemini', { 'drop(x)': {} }, 'drop(x)', 'drop'],
    ['policylayer', { '*': {} }, '*', 'drop'],
    ['agt', { "x' or tool_name == 'drop": {} }, "x' or tool_name == 'drop", 'drop'],
  ] as const;
  for (const [id, tools, lost, other] of cases) {
    const policy = policyOf(tools);
    expect(exporters.get(id)!.write([policy]).losses, id).toContainEqual(
      expect.objectContaining({ tool: lost, lost: 'name' }),
    );
    expect(does(id, policy, other), id).not.toBe('allow');
  }
});

test('a limit that is lost asks where asking is, else denies, and stays open only where that is accepted', () => {
  const limit = { counter: 'c', window: 'minute', max: 3, scope: 'grant' } as const;
  const policy = policyOf({ send: { limits: [limit] }, pay: { limits: [limit], deny: { reason: 'No.' } } });
  for (const [id, { can, write }] of exporters) {
    if (can.limit) continue;
    expect(does(id, policy, 'send'), id).toBe(can.approve.length > 0 ? 'ask' : 'deny');
    const open = write([policy], { acceptLoss: ['limit'] });
    const decide = ENGINES[id]!(open.files[0]!.text);
    expect(decide({ label: 'main', tool: 'send', definition }).does, id).toBe(can.allow ? 'allow' : 'ask');
    expect(decide({ label: 'main', tool: 'pay', definition }).does, id).not.toBe('allow');
    expect(open.losses).toContainEqual(expect.objectContaining({ tool: 'send', lost: 'limit', became: 'allow' }));
  }
});

test('servers keep labels apart that every format takes', () => {
  const slugs = [
    'a/b',
    'a-b',
    'A/b',
    'a_b',
    '@a/b',
    '文件',
    '',
    '1',
    'x'.repeat(99),
    '-',
    'a__b',
    'tracker',
    '@scope/tracker',
  ];
  const policies = slugs.map((slug) => policyOf({}, slug));
  const labels = labelsOf(policies);
  expect(new Set(labels.values()).size).toBe(slugs.length);
  for (const label of labels.values()) expect(label).toMatch(/^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,48}$/);
  expect(labels.get(policies[11]!)).toBe('tracker');
  expect(labels.get(policies[12]!)).toBe('scope-tracker');
});
