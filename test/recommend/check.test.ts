import { describe, expect, test } from 'vitest';
import type { Condition, Policy, Rule } from '#domain/policy.ts';
import type { JsonObject } from '#domain/tool.ts';
import { type Call, checker } from '#recommend/check.ts';
import { holds } from '#recommend/conditions.ts';

const base = { why: ['It reads.'], definition: 'a'.repeat(64) };
const policy = (tools: Readonly<Record<string, Partial<Rule>>>, hide: readonly string[] = []): Policy => ({
  version: '1',
  default: 'deny',
  profile: 'recommended',
  server: 's',
  hide,
  tools: Object.fromEntries(Object.entries(tools).map(([name, rule]) => [name, { ...base, ...rule }])),
});
const call = (tool: string, more: Partial<Call> = {}): Call => ({
  tool,
  args: {},
  at: 0,
  grant: 'g',
  session: 's',
  ...more,
});
const limit = { counter: 'c', window: 'minute', max: 2, scope: 'grant' } as const;

describe('what a policy says of a call', () => {
  test('the first that denies is named', () => {
    const check = checker(
      policy(
        {
          free: {},
          gone: { deny: { reason: 'No.' } },
          seen: {},
          asked: { approve: { by: 'user', timeout: 'PT5M', show: ['tool'] } },
        },
        ['seen'],
      ),
    );
    expect(check(call('free'))).toMatchObject({ outcome: 'allowed', rule: 'tools.free' });
    expect(check(call('gone'))).toEqual({ outcome: 'denied', rule: 'tools.gone.deny', reason: 'No.' });
    expect(check(call('seen'))).toMatchObject({ outcome: 'denied', rule: 'hide' });
    expect(check(call('asked'))).toMatchObject({ outcome: 'needs approval', rule: 'tools.asked.approve' });
    for (const name of ['other', 'constructor', '__proto__', ''])
      expect(check(call(name))).toMatchObject({ outcome: 'denied', rule: 'default' });
    expect(check(call('free', { definition: 'b'.repeat(64) }))).toMatchObject({ outcome: 'denied', rule: 'default' });
    expect(check(call('free', { definition: base.definition }))).toMatchObject({ outcome: 'allowed' });
  });

  test('a cap holds in every stretch of its window, for each grant apart, and denied calls do not count', () => {
    const check = checker(policy({ t: { limits: [limit] } }));
    const said = (at: number, grant = 'g') => check(call('t', { at: at * 1000, grant })).outcome;
    expect([said(0), said(50), said(59), said(61), said(62), said(110.5), said(111)]).toEqual([
      ...['allowed', 'allowed', 'limited', 'allowed', 'limited', 'allowed', 'limited'],
    ]);
    expect(said(111, 'other')).toBe('allowed');
    const shared = checker(policy({ t: { limits: [{ ...limit, scope: 'server' }] } }));
    expect(['a', 'b', 'c'].map((grant) => shared(call('t', { grant })).outcome)).toEqual([
      ...['allowed', 'allowed', 'limited'],
    ]);
  });

  test('of several caps the fullest decides, and none is used up by a call that another denies', () => {
    const check = checker(policy({ t: { limits: [limit, { ...limit, window: 'hour', max: 3 }] } }));
    const said = (at: number) => check(call('t', { at: at * 1000 }));
    expect([0, 1, 2, 61].map((at) => said(at).outcome)).toEqual(['allowed', 'allowed', 'limited', 'allowed']);
    expect(said(62)).toMatchObject({ outcome: 'limited', rule: 'tools.t.limits[1]' });
  });

  test('arguments of a kind that cannot be compared are denied either way', () => {
    const more: Condition = { path: 'args.n', op: 'gt', value: 10 };
    const few: Condition = { path: 'args.n', op: 'lte', value: 10 };
    const check = checker(
      policy({ a: { deny_if: [{ conditions: [more], on_deny: 'Too many.' }] }, b: { require: [few] } }),
    );
    const said = (tool: string, args: JsonObject) => check(call(tool, { args })).outcome;
    for (const n of [11, '1', [1], { x: 1 }, Number.MAX_VALUE]) {
      expect(said('a', { n }), JSON.stringify(n)).toBe('denied');
      expect(said('b', { n }), JSON.stringify(n)).toBe('denied');
    }
    expect([said('a', { n: 10 }), said('b', { n: 10 })]).toEqual(['allowed', 'allowed']);
    // A bound bears on calls that carry the argument; what is required must be there. Null is nothing.
    for (const args of [{}, { n: null }]) expect([said('a', args), said('b', args)]).toEqual(['allowed', 'denied']);
  });
});

test.each([
  ['eq', 'x', 'x', true],
  ['neq', 'x', undefined, true],
  ['in', ['a', 'b'], 'b', true],
  ['not_in', ['a', 'b'], 'b', false],
  ['exists', true, null, false],
  ['exists', false, undefined, true],
  ['regex', '^a', 'ba', false],
  ['regex', '^a', 7, undefined],
  ['contains', 'b', 'abc', true],
  ['contains', 'b', ['b'], true],
  ['lt', 3, 2, true],
  ['lt', 3, '2', undefined],
] as const)('%s %j of %j is %j', (op, value, given, expected) => {
  const args = given === undefined ? {} : { deep: { x: given } };
  expect(holds({ path: 'args.deep.x', op, value } as Condition, args as JsonObject)).toBe(expected);
});

test.each([
  ['every', ['/srv/a', '/srv/b'], true],
  ['every', ['/srv/a', '/etc'], false],
  ['every', ['/srv/a', 7], undefined],
  ['every', ['/srv/a', null], false],
  ['every', [], true],
  ['every', '/srv/a', true],
  ['every', '/etc', false],
  ['every', { path: '/srv/a' }, undefined],
  ['every', undefined, false],
  ['some', ['/srv/a', '/etc'], true],
  ['some', ['/etc', null], false],
  ['some', ['/etc', ['/srv/a']], undefined],
  ['some', [], false],
  ['some', '/srv/a', true],
  ['some', undefined, false],
] as const)('%s value of %j: %j', (of, given, expected) => {
  const args = given === undefined ? {} : { paths: given };
  expect(holds({ path: 'args.paths', of, op: 'regex', value: '^/srv/' }, args as JsonObject)).toBe(expected);
});

test('how many values a list has', () => {
  const over = (n: unknown) => holds({ path: 'args.n', op: 'count_gt', value: 2 }, { n } as JsonObject);
  expect([[1, 2], [1, 2, 3], 'one', null, undefined].map(over)).toEqual([false, true, false, false, false]);
});

test('only own keys are followed', () => {
  for (const path of ['args.constructor', 'args.__proto__.x', 'args.a.length'])
    expect(holds({ path, op: 'exists', value: true }, { a: 'text' })).toBe(false);
});
