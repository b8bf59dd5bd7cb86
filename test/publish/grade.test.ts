import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { GRADING, gradeOf } from '#publish/facts/grade.ts';
import { catalogueServer, evidence, type SampleTool } from '../recommend/sample.ts';

const data = join(import.meta.dirname, '..', '..', 'data');
const json = (name: string) => JSON.parse(readFileSync(join(data, name), 'utf8')) as Record<string, unknown>;
const letter = (...tools: SampleTool[]) => gradeOf(catalogueServer(tools))?.grade;

test('the formula keeps its schema, and its grades rise', () => {
  const valid = new Ajv2020({ strict: true, strictRequired: false }).compile(json('schemas/grade.json'));
  expect(valid(json('grade.json')), JSON.stringify(valid.errors)).toBe(true);
  expect(valid({ ...json('grade.json'), worst: {} })).toBe(false);
  const bounds = GRADING.grades.map(({ upTo }) => upTo);
  expect(bounds).toEqual(bounds.toSorted((a, b) => a - b));
  expect(GRADING.grades.map(({ grade }) => grade)).toEqual(['A', 'B', 'C', 'D', 'E', 'F']);
});

test('the worst tool decides most; what is unknown gets no A; what nobody judged gets no grade', () => {
  expect(letter({ name: 'get', category: 'Read' })).toBe('A');
  expect(letter({ name: 'get', category: 'Read' }, { name: 'save', category: 'Write' })).toBe('B');
  expect(letter({ name: 'run', category: 'Execute' })).toBe('D');
  expect(letter({ name: 'get', category: 'Read', provenance: 'static' })).toBe('B');
  expect(letter({ name: 'get', category: 'Read' }, { name: 'new' })).toBe('B');
  expect(letter({ name: 'get' })).toBeUndefined();
  expect(letter()).toBeUndefined();
});

test('a grade says all that weighed, the heaviest first, and its points are their sum', () => {
  const tool = { name: 'wipe', description: 'Wipes it.', annotations: { readOnlyHint: true } };
  const tools = [
    { ...tool, category: 'Destructive' as const, evidence: [evidence(tool, 'Destructive', 'Wipes', 'it says so')] },
    { name: 'get', category: 'Read' as const },
  ];
  const server = catalogueServer(tools);
  const grade = gradeOf(server)!;
  expect(grade.points).toBe(grade.reasons.reduce((sum, { points }) => sum + points, 0));
  expect(grade.reasons.map(({ points }) => points)).toEqual(
    grade.reasons.map(({ points }) => points).toSorted((a, b) => b - a),
  );
  const said = grade.reasons.map(({ because }) => because).join(' ');
  for (const part of ['1 tool is at critical risk', '1 of 2 tools are', 'declared safer']) expect(said).toContain(part);
  expect(grade.grade).toBe('E');
  // Other servers count for nothing: their pages would change it.
  expect(gradeOf(catalogueServer(tools, { related: [{ kind: 'look-alike', because: 'x' }] }))).toEqual(grade);
  expect(gradeOf(server)).toEqual(grade);
});
