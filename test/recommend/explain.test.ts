import { expect, test } from 'vitest';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';
import { durationInWords, effectOf, effectSentence, limitsInWords } from '#recommend/effect.ts';
import { explain } from '#recommend/explain.ts';
import { plain } from '#recommend/prose.ts';
import { excerpt, placeOf } from '#recommend/reasons.ts';
import { recommend } from '#recommend/recommend.ts';
import { catalogueServer, evidence, HOSTILE_NAMES, type SampleTool } from './sample.ts';

function explained(tool: SampleTool) {
  const server = catalogueServer([tool]);
  const policy = recommend(server, 'recommended');
  return { policy, ...explain(server, server.tools[0]!, policy) };
}

test.each(CATEGORIES.flatMap((category) => RISKS.map((risk) => ({ category, risk }))))(
  'the text agrees with the badge and the policy: $category, $risk',
  ({ category, risk }) => {
    const { policy, risk: text, effect, questions, steps } = explained({ name: 'do_it', category, risk });
    expect(plain(text)).toContain(`is ${category}, at ${risk} risk`);
    const rule = policy.tools.do_it!;
    expect(/stays usable without/.test(plain(effect))).toBe(!rule.limits && !rule.approve);
    expect(/waits for a person/.test(plain(effect))).toBe(rule.approve !== undefined);
    if (rule.limits) expect(plain(effect)).toContain(limitsInWords(rule.limits));
    const answers = new Map(questions.map(({ id, answer }) => [id, plain(answer)]));
    expect([...answers.keys()]).toEqual(['does', 'enforce', 'risk', 'rate-limit', 'block', 'server']);
    expect(answers.get('risk')).toBe(plain(text));
    expect(/The policy does/.test(answers.get('rate-limit')!)).toBe(rule.limits !== undefined);
    expect(/waits until a person/.test(plain(steps[2]!))).toBe(rule.approve !== undefined);
  },
);

test('examples in answers use keys of the format and the tool’s own name', () => {
  for (const name of HOSTILE_NAMES) {
    const { questions } = explained({ name, category: 'Read' });
    const [limit, hide] = questions.flatMap(({ example }) => (example ? [JSON.parse(example)] : []));
    expect(limit.limits[0].counter).toBe(`${name}_rate`);
    expect(hide).toEqual({ hide: [name] });
  }
});

test('nothing is said of a tool that nobody has judged', () => {
  const { does, risk, reasons, effect, questions } = explained({ name: 'mystery' });
  expect(plain(does)).toMatch(/not been judged/);
  expect(plain(risk)).toMatch(/unknown/);
  expect(plain(effect)).toMatch(/denied/);
  expect(reasons).toEqual([]);
  const all = questions.map(({ answer }) => plain(answer)).join(' ');
  for (const category of CATEGORIES) expect(all).not.toContain(category);
});

test('reasons stand under headings that fit what they did', () => {
  const tool = {
    name: 'drop_all',
    description: 'Moves to the trash, in bulk, and reads logs.',
    category: 'Destructive' as const,
  };
  const given = [
    evidence(tool, 'Destructive', 'drop', 'the name says drop'),
    evidence(tool, 'lowers', 'trash', 'it can be taken back'),
    evidence(tool, 'raises', 'in bulk', 'it acts in bulk'),
    evidence(tool, 'Read', 'reads', 'it reads'),
  ];
  const headings = (risk: (typeof RISKS)[number]) =>
    explained({ ...tool, risk, evidence: given }).reasons.map(({ heading }) => heading);
  expect(headings('critical')).toEqual([
    'Why Destructive',
    'What else makes it grave',
    'What speaks for a lower risk',
    'What spoke for another category',
  ]);
  expect(headings('high')[1]).toBe('What speaks for a higher risk');
  expect(headings('high')[2]).toBe('What lowered the risk');
});

test('a tool that was only read from source says so', () => {
  const { questions } = explained({ name: 'maybe', category: 'Read', provenance: 'static' });
  expect(plain(questions.at(-1)!.answer)).toMatch(/no running server has listed it/);
});

test('a later visit that failed lends its package to nothing it did not list', () => {
  const sample = catalogueServer([{ name: 'get', category: 'Read' }]);
  const server = { ...sample, visit: { ...sample.visit!, outcome: 'failed' as const } };
  const last = (one: typeof sample) =>
    plain(explain(one, one.tools[0]!, recommend(one, 'recommended')).questions.at(-1)!.answer);
  expect(last(sample)).toContain('@example/files@1.2.3');
  expect(last(server)).not.toContain('1.2.3');
});

test('effects come from the policy alone', () => {
  const policy = recommend(catalogueServer([{ name: 'a', category: 'Read' }]), 'recommended');
  expect(plain(effectSentence({ ...policy, hide: ['a'] }, 'a'))).toMatch(/vanishes/);
  const only = {
    why: ['x'],
    definition: '0'.repeat(64),
    require: [{ path: 'args.x', op: 'exists' as const, value: true }],
  };
  expect(effectOf({ ...policy, tools: { a: only } }, 'a')).toBe('conditional');
});

test.each([
  ['PT5M', '5 minutes'],
  ['PT1H30M', '1 hour 30 minutes'],
  ['PT1S', '1 second'],
])('%s reads %s', (iso, words) => {
  expect(durationInWords(iso)).toBe(words);
});

test('what is no duration is refused', () => {
  expect(() => durationInWords('PT')).toThrow(RangeError);
});

test('places read as words, and pointers are unescaped', () => {
  const quote = { start: 0, end: 1, text: 'x' };
  expect(placeOf({ ...quote, field: '/description' })).toBe('description');
  expect(placeOf({ ...quote, field: '/inputSchema/properties/a~1b/description' })).toBe('parameter a/b.description');
  expect(placeOf({ ...quote, field: '/inputSchema/properties/path', at: 'key' })).toBe('parameter');
  expect(placeOf({ ...quote, field: '/annotations/title' })).toBe('annotation title');
  expect(placeOf({ ...quote, field: '/name', tool: 'other' })).toBe('name of the tool other');
});

test('a reason that stands in several places is said once', () => {
  const tool = { name: 'drop_all', description: 'Will drop all.', category: 'Destructive' as const };
  const [inName, inDescription] = ['drop', 'Will drop'].map((words) =>
    evidence(tool, 'Destructive', words, 'it takes away'),
  );
  const { reasons, policy } = explained({ ...tool, evidence: [inName!, inDescription!, inName!] });
  expect(reasons[0]!.reasons).toEqual([{ because: 'it takes away', quotes: [inName!.quote, inDescription!.quote] }]);
  expect(policy.tools.drop_all!.why[1]).toBe('It takes away. (name: “drop”; description: “Will drop”)');
});

test('excerpts never end in half a character', () => {
  expect(excerpt('😀'.repeat(100)).isWellFormed()).toBe(true);
  expect(excerpt('short')).toBe('short');
});
