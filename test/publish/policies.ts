import fc from 'fast-check';
import { sha256 } from '#core/hash.ts';
import type { Condition, Policy, Rule } from '#domain/policy.ts';
import { HOSTILE_NAMES } from '../recommend/sample.ts';

/** Names that some format would take for something else. */
export const TRICKY_NAMES = [
  ...HOSTILE_NAMES,
  ...['*', 'a*', '?', '[a]', '{a,b}', '', ' ', '__', 'a__b', '_x', 'a.b', 'a_b', 'a-b', 'a b', 'a/b', 'a:b', 'a,b'],
  ...[
    'a(b',
    'a(b)',
    'a)',
    'a"b',
    "a'b",
    'a\\b',
    'a\\',
    '"',
    '\\"',
    "' or 'a' == 'a",
    '" || true || "',
    '$(id)',
    '`id`',
  ],
  ...['$a', '#a', '- a', 'a: b', '<<', 'yes', 'no', 'null', 'true', '0x1F', '1_000', '12:30', '1e3', '=', '&a'],
  ...['!a', '|', '>', '@a', '%a', '---', '...', '\n- a', 'a\r\nb', 'a\u2028b', 'a\u0085b', '\u{e0041}', 'ａ', 'A', 'a'],
  ...[
    '"]);\npermit(principal, action, resource);//',
    "a'\n  ruleAction: allow",
    'a\n[[rule]]',
    'main-a',
    'main:a',
    'mcp__main__a',
    'mcp_main_a',
    'mcp_a',
  ],
];

const limit = fc.record({
  counter: fc.constant('c'),
  window: fc.constantFrom('minute' as const, 'hour' as const, 'day' as const),
  max: fc.integer({ min: 1, max: 5 }),
  scope: fc.constantFrom('grant' as const, 'session' as const, 'server' as const),
});
const approve = fc.record({
  by: fc.constantFrom('user' as const, 'operator' as const),
  timeout: fc.constant('PT5M'),
  show: fc.constant(['tool' as const]),
});
const condition = fc.constantFrom<Condition>(
  { path: 'args.path', op: 'regex', value: '^/srv/' },
  { path: 'args.path', op: 'regex', value: '^/srv/' },
  { path: 'args.paths', of: 'every', op: 'regex', value: '^/srv/' },
  { path: 'args.paths', op: 'count_gt', value: 3 },
);
const said = fc.oneof(
  fc.constant('Reads.'),
  fc.constantFrom(...TRICKY_NAMES.filter((one) => one !== '')),
  fc.string({ minLength: 1, unit: 'binary' }),
);

const rule: fc.Arbitrary<Omit<Rule, 'definition'>> = fc
  .record({
    kind: fc.constantFrom('allow', 'limit', 'limit', 'limits', 'approve', 'both', 'deny', 'require', 'deny_if', 'all'),
    limits: fc.tuple(limit, limit),
    approve,
    condition,
    why: fc.array(said, { minLength: 1, maxLength: 3 }),
  })
  .map(({ kind, limits: [one, two], approve: approval, condition: given, why }) => ({
    why,
    ...(kind === 'deny' && { deny: { reason: 'Not judged.' } }),
    ...((kind === 'limit' || kind === 'both' || kind === 'all') && { limits: [one] }),
    ...(kind === 'limits' && { limits: [one, { ...two, counter: 'd' }] }),
    ...((kind === 'approve' || kind === 'both' || kind === 'all') && { approve: approval }),
    ...((kind === 'require' || kind === 'all') && { require: [given] }),
    ...(kind === 'deny_if' && { deny_if: [{ conditions: [given], on_deny: 'No.' }] }),
  }));

const name = fc.oneof(
  { weight: 3, arbitrary: fc.stringMatching(/^[a-z]{1,3}[_-]?[a-zA-Z0-9]{0,4}$/) },
  { weight: 4, arbitrary: fc.constantFrom(...TRICKY_NAMES) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
);
const slug = fc.oneof(
  fc.constantFrom(
    'main',
    'main/a',
    'main-a',
    'mcp',
    'a-server-with-a-longer-name',
    '@scope/server',
    'ex_ample/Files',
    'a__b',
    '文件',
    '../..',
    '"x"\n',
    '1a',
    '-',
    'x'.repeat(90),
  ),
  fc.string({ minLength: 1, maxLength: 12, unit: 'binary' }),
);

/** A server's policy with any rules for any names. */
const policy: fc.Arbitrary<Policy> = fc
  .record({
    server: slug,
    rules: fc.uniqueArray(fc.tuple(name, rule, fc.integer({ min: 0, max: 9 })), {
      selector: ([one]) => one,
      maxLength: 12,
    }),
  })
  .map(({ server, rules }) => {
    const tools: Record<string, Rule> = Object.create(null);
    for (const [tool, given] of rules) tools[tool] = { ...given, definition: fingerprintOf(tool) };
    const hide = rules.filter(([, , at]) => at === 0).map(([tool]) => tool);
    return { version: '1', default: 'deny', profile: 'recommended', server, hide, tools };
  });

/** The definition for which a generated policy's rule was written. */
export function fingerprintOf(tool: string): string {
  return sha256(JSON.stringify(tool));
}

/** Policies of one to three servers. */
export const policies = fc.uniqueArray(policy, { minLength: 1, maxLength: 3, selector: ({ server }) => server });
