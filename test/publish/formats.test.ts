import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Policy } from '#domain/policy.ts';
import { loadExporters } from '#publish/formats/exporter.ts';
import { labelsOf } from '#publish/formats/label.ts';
import { recommend } from '#recommend/recommend.ts';
import { catalogueServer } from '../recommend/sample.ts';
import { ENGINES } from './engines/all.ts';
import { fault, readable } from './engines/fault.ts';
import { fingerprintOf, policies, TRICKY_NAMES } from './policies.ts';

const exporters = await loadExporters();
/** Cases a format, with and without an accepted loss; `npm run soak` asks for 10,000. */
const RUNS = Number(process.env.PLIMSOLL_CASES ?? 300) / 2;
/** Each case calls one part in so many of the names that the server does not have. */
const STRANGERS = 5;

test('every format has an engine, and says how it is used', () => {
  expect(Object.keys(ENGINES).sort()).toEqual([...exporters.keys()].sort());
  for (const { where, load, check } of exporters.values())
    for (const text of [where, load, check]) expect(text.length).toBeGreaterThan(10);
});

describe.each([...exporters.values()].map((one) => [one.id, one] as const))('%s', (id, exporter) => {
  const engine = ENGINES[id]!;
  const { can } = exporter;

  test.each([false, true])('lets through nothing that the policy does not, limits lost openly: %s', (open) => {
    fc.assert(
      fc.property(policies, fc.nat(STRANGERS - 1), (all, part) => {
        const options = open ? { acceptLoss: ['limit' as const] } : {};
        const { files, losses } = exporter.write(all, options);
        const labels = labelsOf(all);
        expect([1, all.length]).toContain(files.length);
        expect(new Set(files.map(({ name }) => name)).size).toBe(files.length);
        for (const { name, text } of files) {
          expect(name).toMatch(/^[a-z][a-z0-9-]*(?:\.[a-z-]+){1,2}$/);
          expect(text).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}\u0000-\u0008\u000b-\u001f\u007f-\u009f]/u);
          expect(text.isWellFormed()).toBe(true);
        }
        const engines = files.map(({ text }) => engine(text));
        for (const policy of all) {
          const label = labels.get(policy)!;
          const at = files.length === 1 ? 0 : files.findIndex(({ name }) => name.startsWith(`${label}.`));
          const decide = engines[at]!;
          const tools = Object.keys(policy.tools);
          for (const tool of tools) {
            const call = { label, tool, definition: fingerprintOf(tool) };
            if (readable(tool, id)) {
              const outcome = decide(call);
              expect(fault(policy, tool, outcome, can, losses, open), `${JSON.stringify(tool)}: ${outcome.does}`).toBe(
                undefined,
              );
              if (can.pin) expect(decide({ ...call, definition: fingerprintOf('other') }).does).toBe('deny');
            } else expect(losses).toContainEqual(expect.objectContaining({ tool, lost: 'name' }));
          }
          const strangers = new Set([
            ...TRICKY_NAMES.filter((_, at) => at % STRANGERS === part),
            ...tools.flatMap((one) => [`${one}x`, `x${one}`, one.toUpperCase(), one.replace(`${label}-`, '')]),
          ]);
          for (const tool of strangers) {
            if (tools.includes(tool) || !tool.isWellFormed()) continue;
            // Some clients take a new tool for the one of the same normalised name; a server cannot have both.
            const taken = { 'claude-code': /[^\w-]/g, 'gemini-policy': /[^\w.:-]/g }[id];
            if (taken && tools.includes(tool.replace(taken, '_'))) continue;
            const { does } = decide({ label, tool, definition: fingerprintOf(tool) });
            expect(can.unlisted === 'deny' ? ['deny'] : ['ask', 'deny'], JSON.stringify(tool)).toContain(does);
          }
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('writes the same bytes whatever the order', () => {
    fc.assert(
      fc.property(policies, (all) => {
        expect(exporter.write(all.toReversed())).toEqual(exporter.write(all));
      }),
      { numRuns: 20 },
    );
  });
});

describe('the intent of the documented example', () => {
  const why = ['Because.'];
  const definition = fingerprintOf('tool');
  const limit = { counter: 'update', window: 'hour', max: 5, scope: 'grant' } as const;
  const policy: Policy = {
    version: '1',
    default: 'deny',
    profile: 'recommended',
    server: 'tracker',
    hide: [],
    tools: {
      list_issues: { why, definition },
      update_issue: { limits: [limit], why, definition },
      delete_issue: { approve: { by: 'user', timeout: 'PT5M', show: ['tool'] }, why, definition },
      run_query: { deny: { reason: 'No.' }, why, definition },
    },
  };
  const asking = ['allow', 'ask', 'ask', 'deny', 'ask'];
  const shutting = ['allow', 'ask', 'ask', 'deny', 'deny'];
  const denying = ['allow', 'deny', 'deny', 'deny', 'deny'];
  const counting = ['allow', 'allow', 'deny', 'deny', 'deny'];
  const whole = ['allow', 'allow', 'ask', 'deny', 'deny'];
  // What becomes of allow, limit, approve, deny and a tool that is not named.
  test.each([
    ['agentcore', denying],
    ['agentgateway', denying],
    ['agt', whole],
    ['anthropic-managed', shutting],
    ['anthropic-toolset', denying],
    ['cedar', denying],
    ['claude-code', asking],
    ['codex', shutting],
    ['contextforge', counting],
    ['copilot-cli', asking],
    ['cursor', ['allow', 'ask', 'ask', 'ask', 'ask']],
    ['docker-gateway', denying],
    ['envoy-ai-gateway', denying],
    ['gemini', ['ask', 'ask', 'ask', 'deny', 'deny']],
    ['gemini-policy', shutting],
    ['intercept', counting],
    ['kong', denying],
    ['litellm', denying],
    ['openai', shutting],
    ['plimsoll', whole],
    ['policylayer', counting],
    ['rego', whole],
    ['toolhive', denying],
    ['toolhive-crd', counting],
    ['vscode', ['ask', 'ask', 'ask', 'ask', 'ask']],
    ['zed', asking],
  ])('%s', (id, expected) => {
    const decide = ENGINES[id]!(exporters.get(id)!.write([policy]).files[0]!.text);
    const tools = ['list_issues', 'update_issue', 'delete_issue', 'run_query', 'export_all'];
    expect(tools.map((tool) => decide({ label: 'tracker', tool, definition }).does)).toEqual(expected);
    const accepted = exporters.get(id)!.write([policy], { acceptLoss: ['limit'] });
    const open = ENGINES[id]!(accepted.files[0]!.text)({ label: 'tracker', tool: 'update_issue', definition });
    expect(open.does).toBe(expected[0]);
    if (!exporters.get(id)!.can.limit)
      expect(accepted.losses).toContainEqual(
        expect.objectContaining({ tool: 'update_issue', lost: 'limit', became: 'allow' }),
      );
  });

  test('a policy of many tools keeps the bounds of a route, and says which tools are left out', () => {
    const names = Array.from({ length: 520 }, (_, at) => `tool.${String(at).padStart(3, '0')}`);
    const many = { ...policy, tools: Object.fromEntries(names.map((name) => [name, { why, definition }])) };
    const { files, losses } = exporters.get('envoy-ai-gateway')!.write([many]);
    const decide = ENGINES['envoy-ai-gateway']!(files[0]!.text);
    const does = (tool: string) => decide({ label: 'tracker', tool, definition }).does;
    expect(names.filter((tool) => does(tool) === 'allow')).toHaveLength(512);
    expect(does('toolx000')).toBe('deny');
    expect(losses.filter(({ lost }) => lost === 'allow').map(({ tool }) => tool)).toEqual(names.slice(512));
    const cedar = exporters.get('agentcore')!.write([{ ...many, tools: wide(many.tools) }]);
    expect(Buffer.byteLength(cedar.files[0]!.text)).toBeLessThan(700_000);
    expect(cedar.losses.some(({ lost, became }) => lost === 'allow' && became === 'deny')).toBe(true);
  });

  function wide(tools: Policy['tools']): Policy['tools'] {
    return Object.fromEntries(Array.from({ length: 1500 }, (_, at) => [`t${at}`, Object.values(tools)[0]!] as const));
  }
});

test.each([300, 400, 900])('what a gateway has no room for is told as it is written, of %i tools', (count) => {
  const names = Array.from({ length: count }, (_, at) => `${'long_'.repeat(11)}${at}`.slice(-64));
  const policy = recommend(catalogueServer(names.map((name) => ({ name, category: 'Read' as const }))), 'recommended');
  const agentcore = exporters.get('agentcore')!;
  const told = agentcore.losses([policy]);
  expect(told).toEqual(agentcore.write([policy]).losses);
  expect(told.some(({ lost }) => lost === 'allow')).toBe(count === 900);
});
