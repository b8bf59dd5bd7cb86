import { describe, expect, test } from 'vitest';
import { CATEGORIES, type Judgement, RISKS, type Verdict } from '#domain/verdict.ts';
import { accountOf } from '#recommend/account.ts';
import { plain } from '#recommend/prose.ts';
import { inOtherWords } from '#recommend/vocabularies.ts';
import { catalogueTool, evidence } from './sample.ts';

const { definition, assessment } = catalogueTool({
  name: 'pay',
  description: 'Pays an invoice.',
  category: 'Financial',
});
const floor = assessment!.verdict;
const facet = (value: string | boolean) => ({ value, evidence: [evidence(definition, 'facet:x', 'Pays', 'x')] });
const judge: Judgement = {
  outcome: 'agrees',
  floor: { category: 'Financial', risk: 'critical' },
  category: 'Financial',
  risk: 'critical',
  evidence: [],
  facets: {},
  counter: 'It could be a draft.',
  rationale: 'It pays. Money leaves the account.',
  misuse: 'It could pay twice.',
};
const sentences = (text: string) => text.split(/(?<=[.!?]) /).length;

describe('the account of a tool', () => {
  test('is built from the evidence where no judge spoke, in one to three sentences', () => {
    for (const category of CATEGORIES)
      for (const facets of [
        {},
        { 'runs-code': facet(true), bulk: facet(true), reversible: facet('no'), 'sends-out': facet(true) },
      ]) {
        const { rationale, misuse, by } = accountOf(definition, { ...floor, category, facets }, '');
        expect(by).toBeUndefined();
        for (const text of [rationale, misuse].map(plain)) {
          expect(text).toMatch(/^[A-Zp].*\.$/);
          expect(sentences(text)).toBeLessThanOrEqual(3);
        }
      }
  });

  test('is the judge’s where its verdict stands', () => {
    const { rationale, by } = accountOf(definition, { ...floor, judge }, 'm');
    expect({ text: plain(rationale), by }).toEqual({ text: judge.rationale, by: 'm' });
  });

  test.each<[string, Partial<Verdict>]>([
    ['it dissents', { judge: { ...judge, category: 'Write' } }],
    ['it sees another risk', { judge: { ...judge, risk: 'high' } }],
    ['it had nothing to quote', { judge: (({ category: _, ...rest }) => rest)(judge) }],
    ['the definition speaks to a model', { judge, facets: { 'addresses-the-model': facet(true) } }],
    ['a person put the verdict right', { judge, category: 'Write', risk: 'medium' }],
  ])('is not the judge’s where %s', (_, change) => {
    const { rationale, misuse, by } = accountOf(definition, { ...floor, ...change }, 'm');
    expect(by).toBeUndefined();
    expect(plain(rationale) + plain(misuse)).not.toContain('twice');
  });
});

describe('other vocabularies', () => {
  test('say of every verdict what it says, and of a plain reading nothing', () => {
    for (const category of CATEGORIES)
      for (const risk of RISKS) {
        const { sep2793, terms } = inOtherWords({ ...floor, category, risk, facets: {} });
        expect(sep2793).toMatchObject({ riskLevel: risk, sideEffects: [] });
        expect(sep2793.category).toBe(category === 'Read' ? 'read' : category === 'Destructive' ? 'delete' : 'mutate');
        expect(terms.length).toBe(category === 'Read' ? 0 : category === 'Write' || category === 'Execute' ? 3 : 4);
      }
  });

  test('take facets in, and none that is not there', () => {
    const { sep2793, terms } = inOtherWords({
      ...floor,
      category: 'Write',
      risk: 'high',
      facets: {
        scope: facet('organisation'),
        reversible: facet('no'),
        'sends-out': facet(true),
        'runs-code': facet(false),
      },
    });
    expect(sep2793).toEqual({
      riskLevel: 'high',
      category: 'mutate',
      blastRadius: 'organization',
      reversibility: 'none',
      sideEffects: ['sends-out'],
      approvalRecommendation: 'single',
    });
    const ids = terms.flatMap((one) => one.terms.map(({ id }) => id));
    expect(ids).toEqual(expect.arrayContaining(['MCP10', 'AML.T0086', 'SAFE-T1913']));
    expect(ids).not.toContain('MCP05');
    expect(
      inOtherWords({ ...floor, facets: { constructor: facet(true), scope: facet('__proto__') } }).sep2793,
    ).not.toHaveProperty('blastRadius');
  });
});
