import { mkdtempSync } from 'node:fs';
import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import type { Policy } from '#domain/policy.ts';
import { loadExporters } from '#publish/formats/exporter.ts';
import { policyText } from '#publish/formats/policy-text.ts';
import { type BundleOptions, isReplaceable, verifyBundle, writeBundle } from '#publish/templates/bundle.ts';
import { keyFrom, newKey, publicKeyOf } from '#publish/templates/signing.ts';
import { recommend } from '#recommend/recommend.ts';
import { catalogueServer } from '../recommend/sample.ts';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bundle-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const exporters = await loadExporters();
const [key, next, other] = [newKey(), newKey(), newKey()].map(keyFrom);
// Slugs that a careless label would make alike, and one that would leave the folder.
const policies = ['a/b', 'a-b', 'A-B', '../../etc'].map(
  (slug): Policy =>
    recommend(catalogueServer([{ name: 'drop_all', category: 'Destructive' }], { slug }), 'recommended'),
);
async function* all() {
  yield* policies;
}
const options: BundleOptions = {
  edition: 'e',
  revision: 7,
  profile: 'recommended',
  exporters: [...exporters.values()],
  rego: exporters.get('rego')!,
  keys: [key!, next!],
};
const write = (name: string, more: Partial<BundleOptions> = {}) =>
  writeBundle(
    policies.map(({ server }) => server),
    all,
    join(folder, name),
    { ...options, ...more },
  );
const files = async (name: string) => {
  const entries = await readdir(join(folder, name), { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      paths.sort().map(async (path) => [path.slice(folder.length + name.length + 2), await readFile(path)] as const),
    ),
  );
};

describe('a bundle', () => {
  test('holds every policy in every format, and is good', async () => {
    const manifest = await write('one');
    expect(await verifyBundle(join(folder, 'one'), key!)).toEqual(manifest);
    expect(await verifyBundle(join(folder, 'one'), keyFrom(publicKeyOf(next!).pem), 7)).toEqual(manifest);
    expect(manifest.keys.map(({ id }) => id)).toEqual([key!, next!].map((one) => publicKeyOf(one).id));
    const paths = Object.keys(manifest.files);
    for (const id of exporters.keys())
      expect(paths.filter((path) => path.startsWith(`policies/${id}/`))).toHaveLength(policies.length);
    const texts = [...(await files('one'))].flatMap(([path, text]) =>
      path.startsWith('policies/plimsoll/') ? [text.toString()] : [],
    );
    expect(texts.sort()).toEqual(policies.map(policyText).sort());
  });

  test('is the same to the byte, whatever stood there before', async () => {
    await write('two');
    const first = await files('two');
    await write('two');
    expect(await files('two')).toEqual(first);
    await write('other-place');
    expect(await files('other-place')).toEqual(first);
    expect((await readdir(folder)).filter((name) => /new|old/.test(name))).toEqual([]);
  });

  test('has an OPA bundle in which no two servers share a package', async () => {
    await write('opa');
    const tar = gunzipSync(await readFile(join(folder, 'opa/opa.tar.gz'))).toString('latin1');
    const packages = [...tar.matchAll(/^package (\S+)$/gm)].map(([, name]) => name);
    expect(packages).toHaveLength(policies.length);
    expect(new Set(packages).size).toBe(policies.length);
    expect(tar).toContain('"roots":["plimsoll"]');
  });

  test.each([
    [
      'a changed policy',
      async (at: string) => {
        const { files: listed } = await verifyBundle(at, key!);
        await appendFile(join(at, Object.keys(listed)[0]!), ' ');
      },
      /was changed/,
    ],
    ['a changed manifest', (at: string) => appendFile(join(at, 'manifest.json'), ' '), /no signature/],
    ['a file more', (at: string) => writeFile(join(at, 'more'), ''), /more was added/],
    ['a file less', (at: string) => rm(join(at, 'opa.tar.gz')), /opa.tar.gz is missing/],
    ['no signatures', (at: string) => writeFile(join(at, 'manifest.sig.json'), '{"signatures":[]}'), /no signature/],
  ])('with %s is refused', async (name, harm, why) => {
    const at = join(folder, name.replace(/ /g, '-'));
    await write(name.replace(/ /g, '-'));
    await harm(at);
    await expect(verifyBundle(at, key!)).rejects.toThrow(why);
  });

  test('of a stranger, or set back, is refused', async () => {
    await write('three');
    await expect(verifyBundle(join(folder, 'three'), other!)).rejects.toThrow(/no signature/);
    await expect(verifyBundle(join(folder, 'three'), key!, 8)).rejects.toThrow(/set back/);
  });

  test('that cannot be written whole leaves what stood there', async () => {
    await write('four');
    const before = await files('four');
    async function* broken() {
      yield policies[0]!;
      throw new Error('the database is gone');
    }
    await expect(writeBundle(['a/b'], broken, join(folder, 'four'), options)).rejects.toThrow(/gone/);
    expect(await files('four')).toEqual(before);
  });

  test('replaces nothing but a bundle', async () => {
    await write('five');
    expect(await isReplaceable(join(folder, 'five'))).toBe(true);
    expect(await isReplaceable(join(folder, 'nowhere'))).toBe(true);
    expect(await isReplaceable(folder)).toBe(false);
  });
});

test('only Ed25519 keys are taken', () => {
  expect(() => keyFrom('nothing')).toThrow();
  expect(() =>
    keyFrom(
      '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VuBCIEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n-----END PRIVATE KEY-----',
    ),
  ).toThrow(/not ed25519/);
});
