import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { Rule } from '#domain/policy.ts';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';
import { effectOf } from '#recommend/effect.ts';
import { narrow, recommend } from '#recommend/recommend.ts';
import { catalogueServer, evidence, HOSTILE_NAMES, type SampleTool } from './sample.ts';

const data = join(import.meta.dirname, '../../data');
const json = (file: string) => JSON.parse(readFileSync(join(data, file), 'utf8'));

function ruleOf(tool: SampleTool): Rule {
  return recommend(catalogueServer([tool]), 'recommended').tools[tool.name]!;
}

test('the table of measures keeps its schema', () => {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
  ajv.addSchema(json('schemas/policy.json'), 'policy.json');
  const valid = ajv.compile(json('schemas/recommend.json'));
  expect(valid(json('recommend.json')), ajv.errorsText(valid.errors)).toBe(true);
  expect(valid({ ...json('recommend.json'), measures: {} })).toBe(false);
});

describe('rules by category at its starting risk', () => {
  test('Read is allowed', () => {
    const rule = ruleOf({ name: 'list_files', category: 'Read' });
    expect(Object.keys(rule).sort()).toEqual(['definition', 'why']);
  });
  test('Write is capped at 30 a minute for each grant', () => {
    expect(ruleOf({ name: 'save_file', category: 'Write' })).toMatchObject({
      limits: [{ counter: 'save_file_rate', window: 'minute', max: 30, scope: 'grant' }],
    });
    expect(ruleOf({ name: 'save_file', category: 'Write' })).not.toHaveProperty('approve');
  });
  test('Execute has a lower cap and waits for a person', () => {
    const rule = ruleOf({ name: 'run', category: 'Execute' });
    expect(rule.limits![0]!.max).toBeLessThan(30);
    expect(rule.approve).toMatchObject({ by: 'user', timeout: 'PT5M' });
  });
  test.each(['Destructive', 'Financial'] as const)('%s waits for a person, or hides where asked', (category) => {
    const tool = { name: 'gone', category };
    expect(ruleOf(tool)).toHaveProperty('approve');
    const policy = recommend(catalogueServer([tool]), 'recommended', { hide: [category] });
    expect(policy.hide).toEqual(['gone']);
    expect(effectOf(policy, 'gone')).toBe('hidden');
    expect(policy.tools.gone).toHaveProperty('deny');
  });
});

describe('risk moves the rule', () => {
  test.each(CATEGORIES)('%s: what is riskier is never treated more freely', (category) => {
    const strictness = RISKS.map((risk) => {
      const rule = ruleOf({ name: 'tool', category, risk });
      return { asks: rule.approve ? 1 : 0, max: rule.limits?.[0]?.max ?? Number.POSITIVE_INFINITY };
    });
    for (const [at, { asks, max }] of strictness.entries()) {
      const milder = strictness[at - 1];
      if (!milder) continue;
      expect(asks).toBeGreaterThanOrEqual(milder.asks);
      expect(max).toBeLessThanOrEqual(milder.max);
    }
  });
  test.each(CATEGORIES)('%s: high and critical wait for a person', (category) => {
    for (const risk of ['high', 'critical'] as const)
      expect(ruleOf({ name: 't', category, risk })).toHaveProperty('approve');
  });
});

test('a tool without an assessment is denied, and so is a tool not named', () => {
  const policy = recommend(catalogueServer([{ name: 'mystery' }]), 'recommended');
  expect(policy.tools.mystery!.deny!.reason).toMatch(/not assessed/i);
  expect(effectOf(policy, 'mystery')).toBe('denied');
  expect(effectOf(policy, 'unknown')).toBe('denied');
  expect(effectOf(policy, 'constructor')).toBe('denied');
});

test('a name with two listed definitions is denied; a listed one wins over one read from source', () => {
  const twice = catalogueServer([
    { name: 'get', description: 'one', category: 'Read' },
    { name: 'get', description: 'other', category: 'Read' },
  ]);
  expect(recommend(twice, 'recommended').tools.get!.deny!.reason).toMatch(/more than once/);
  const mixed = catalogueServer([
    { name: 'get', description: 'from source', category: 'Write', provenance: 'static' },
    { name: 'get', description: 'listed', category: 'Read' },
  ]);
  const rule = recommend(mixed, 'recommended').tools.get!;
  expect(rule.definition).toBe(mixed.tools[1]!.fingerprint);
  expect(rule).not.toHaveProperty('limits');
});

test('why names the category, the moves and the words they rest on', () => {
  const tool = {
    name: 'send_mail',
    description: 'Sends to anyone outside. Has a dry run.',
    category: 'Write' as const,
  };
  const given = [
    evidence(tool, 'Write', 'send', 'the name says that something is sent'),
    evidence(tool, 'raises', 'anyone outside', 'it reaches people outside'),
    evidence(tool, 'lowers', 'dry run', 'it can be tried first'),
  ];
  const { why } = ruleOf({ ...tool, risk: 'high', evidence: given });
  expect(why[0]).toBe('Write, high risk.');
  expect(why[1]).toBe('The name says that something is sent. (name: “send”)');
  expect(why[2]).toBe('Raised: It reaches people outside. (description: “anyone outside”)');
  expect(why.join(' ')).not.toContain('dry run');
});

test('hostile names are keys like any other, and the order does not matter', () => {
  const tools = HOSTILE_NAMES.map((name) => ({ name, category: 'Destructive' as const }));
  const policy = recommend(catalogueServer(tools), 'recommended');
  expect(new Set(Object.keys(policy.tools))).toEqual(new Set(HOSTILE_NAMES));
  for (const name of HOSTILE_NAMES) expect(effectOf(policy, name)).toBe('limited-approved');
  expect(JSON.stringify(recommend(catalogueServer(tools.toReversed()), 'recommended'))).toBe(JSON.stringify(policy));
});

test('narrow keeps the rules asked for and denies the rest', () => {
  const policy = recommend(
    catalogueServer([
      { name: '__proto__', category: 'Read' },
      { name: 'b', category: 'Read' },
    ]),
    'recommended',
  );
  const one = narrow(policy, ['__proto__']);
  expect(Object.keys(one.tools)).toEqual(['__proto__']);
  expect(effectOf(one, 'b')).toBe('denied');
});
