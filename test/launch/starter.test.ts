import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const data = join(import.meta.dirname, '../../data');

test('the starter list is as its schema says, and names at least 36 packages once each', () => {
  const list = parse(readFileSync(join(data, 'starter.yaml'), 'utf8')) as { package: string }[];
  const validate = new Ajv2020({ allErrors: true }).compile(
    JSON.parse(readFileSync(join(data, 'schemas/starter.json'), 'utf8')),
  );
  expect(validate(list), JSON.stringify(validate.errors)).toBe(true);
  expect(new Set(list.map((entry) => entry.package)).size).toBe(list.length);
  expect(list.length).toBeGreaterThanOrEqual(36);
  expect(validate([{ package: 'npm:a', surprise: 1 }])).toBe(false);
});
