import { expect, test } from 'vitest';
import { visible, visibleJson, visibleLine } from '#core/visible.ts';
import type { Policy } from '#domain/policy.ts';
import { loadExporters } from '#publish/formats/exporter.ts';
import { recommend } from '#recommend/recommend.ts';
import { catalogueServer, HOSTILE_NAMES } from '../recommend/sample.ts';

const exporters = await loadExporters();
const plimsoll = { write: (policy: Policy) => exporters.get('plimsoll')!.write([policy]).files[0]!.text };

function hostilePolicy(): Policy {
  const categories = ['Read', 'Write', 'Execute', 'Destructive', 'Financial', undefined] as const;
  const tools = HOSTILE_NAMES.map((name, at) => {
    const category = categories[at % categories.length];
    return { name, ...(category && { category }) };
  });
  return recommend(catalogueServer(tools), 'recommended');
}

test('the plimsoll format gives back the policy, byte for byte each time', () => {
  const policy = hostilePolicy();
  const text = plimsoll.write(policy);
  const read = JSON.parse(text) as Policy;
  expect(Object.keys(read.tools).sort()).toEqual([...HOSTILE_NAMES].sort());
  for (const name of HOSTILE_NAMES) expect(read.tools[name]).toEqual(policy.tools[name]);
  expect(text).toBe(plimsoll.write(hostilePolicy()));
});

test('the text hides nothing and steers nothing', () => {
  expect(plimsoll.write(hostilePolicy())).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}\u0000-\u0009\u000b-\u001f\u007f-\u009f]/u);
});

test.each([
  ['an unknown key', { extra: 1 }],
  ['another default', { default: 'allow' }],
  ['a rule without its definition', { tools: { a: { why: ['x'] } } }],
  [
    'an empty list of conditions',
    { tools: { a: { why: ['x'], definition: 'a'.repeat(64), deny_if: [{ conditions: [], on_deny: 'x' }] } } },
  ],
  [
    'a limit of nothing',
    {
      tools: {
        a: {
          why: ['x'],
          definition: 'a'.repeat(64),
          limits: [{ counter: 'c', window: 'minute', max: 0, scope: 'grant' }],
        },
      },
    },
  ],
  ['a bad rule under __proto__', { tools: JSON.parse('{"__proto__": {"allow": true}}') }],
])('a policy with %s is refused', (_, change) => {
  const policy = recommend(catalogueServer([{ name: 'a', category: 'Read' }]), 'recommended');
  expect(() => plimsoll.write({ ...policy, ...change } as Policy)).toThrow(/not valid/);
});

test('a comment of any format shows all of a name, also what some scripts leave without ink', () => {
  const policy = recommend(catalogueServer([{ name: 'Ⰰ\u200c', category: 'Read' }]), 'recommended');
  for (const exporter of exporters.values())
    for (const { text } of exporter.write([policy]).files) expect(text, exporter.id).not.toMatch(/\p{Cf}/u);
});

test('visible text shows what has no ink and keeps what scripts need', () => {
  expect(visible('a\u202eb\u0000c\u001b[31m')).toBe('a\\u{202E}b\\u{0000}c\\u{001B}[31m');
  expect(visible('line\nbreak\tand tab')).toBe('line\nbreak\tand tab');
  expect(visibleLine('line\nbreak')).toBe('line\\nbreak');
  expect(visible('👩\u200d💻 می\u200cخواهم')).toBe('👩\u200d💻 می\u200cخواهم');
  expect(visible('a \u200d\u200d\u200d')).toContain('\\u{200D}');
  expect(visible('\u{e0041}\ud800')).toBe('\\u{E0041}\\u{D800}');
  expect(JSON.parse(visibleJson({ a: '\u{e0041}\u202e' }))).toEqual({ a: '\u{e0041}\u202e' });
});
