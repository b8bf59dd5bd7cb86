import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { readSettings } from '#config.ts';
import { sha256 } from '#core/hash.ts';
import type { Artefact } from '#domain/launch.ts';
import { type Installed, isUnavailable } from '#launch/resolver.ts';
import npm from '#launch/resolvers/npm.ts';
import { folderObjects } from '#launch/shared/folder.ts';
import type { Objects } from '#launch/shared/objects.ts';
import { pack, unpack } from '#launch/shared/pack.ts';
import { s3Objects } from '#launch/shared/s3.ts';
import { type StoredTree, sharedKey, sharedTrees } from '#launch/shared/shared.ts';
import { obtainTree } from '#launch/trees.ts';
import { sharing } from '#pipeline/sharing.ts';
import { npmRegistry } from '../support/npm-registry.ts';
import { S3_KEYS, type S3Server, s3Server, signatureOf } from '../support/s3.ts';
import { freshPostgres, postgresAnswers } from '../support/stores.ts';
import { tarball } from '../support/tar.ts';

const root = await mkdtemp(join(tmpdir(), 'launch-shared-'));
afterAll(() => rm(root, { recursive: true, force: true }));
const stop = new AbortController().signal;
const artefact: Artefact = { purl: 'pkg:npm/a', name: 'a', version: '1.0.0', integrity: 'sha512-a' };

let records: Map<string, StoredTree>;
let told: string[];
beforeEach(() => {
  records = new Map();
  told = [];
});

/** A machine of its own: its folders are, the records of the catalogue are everybody's. */
async function machine(objects: Objects) {
  const stage = await mkdtemp(join(root, 'machine-'));
  const known = {
    find: async (key: string) => records.get(key),
    save: async (key: string, stored: StoredTree) => void records.set(key, stored),
  };
  const shared = sharedTrees(objects, known, { scratch: stage, report: (why) => told.push(why), stop });
  const built: string[] = [];
  const obtain = async (one = artefact) =>
    (await obtainTree({ stage, shared }, 'npm', one, async (folder) => {
      built.push(one.purl);
      await mkdir(join(folder, 'bin'));
      await writeFile(join(folder, 'bin/run'), '#!/bin/sh\n', { mode: 0o755 });
      await writeFile(join(folder, 'é "quoted"'), 'x'.repeat(100_000), { mode: 0o600 });
      await symlink('bin/run', join(folder, 'link'));
      return undefined;
    })) as Installed;
  return { stage, shared, built, obtain };
}

const files = async (tree: string) => {
  const names = (await readdir(tree, { recursive: true })).sort();
  return {
    names,
    text: await readFile(join(tree, 'é "quoted"'), 'utf8'),
    link: await readFile(join(tree, 'link'), 'utf8'),
  };
};
const bucket = (server: S3Server, keys = S3_KEYS) =>
  s3Objects({ address: 's3://trees/night/1', endpoint: server.url, region: 'eu-central-1', ...keys });

test('the signature that the test checks is the one of Amazon’s own example', () => {
  // "Example: GET Object" of the reference of Signature Version 4 for Amazon S3.
  const headers = {
    host: 'examplebucket.s3.amazonaws.com',
    range: 'bytes=0-9',
    'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'x-amz-date': '20130524T000000Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=',
  };
  expect(signatureOf({ method: 'GET', target: '/test.txt', headers }, 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY')).toBe(
    'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  );
});

describe.each(['S3', 'a folder'])('in %s', (kind) => {
  const open = async () => {
    const server = await s3Server();
    const folder = await mkdtemp(join(root, 'mounted-'));
    const objects = kind === 'S3' ? bucket(server) : folderObjects(folder);
    /** Changes the one object that there is. */
    const tamper = async (change: (bytes: Buffer) => Buffer) => {
      for (const [name, bytes] of server.objects) server.objects.set(name, change(bytes));
      for (const name of await readdir(folder, { recursive: true }))
        if (name.endsWith('.zst')) await writeFile(join(folder, name), change(await readFile(join(folder, name))));
    };
    return { objects, tamper, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
  };

  test('a tree is built by one machine and had by all', async () => {
    await using there = await open();
    const [one, two] = [await machine(there.objects), await machine(there.objects)];
    const first = await one.obtain();
    const second = await two.obtain();
    expect([one.built, two.built]).toEqual([['pkg:npm/a'], []]);
    expect(await files(second.tree)).toEqual(await files(first.tree));
    expect(second).toMatchObject({ bytes: first.bytes, reused: false });
    expect(told).toEqual([]);
    // Nothing of what was on its way is left.
    expect((await readdir(two.stage)).sort()).toEqual(['npm']);
  });

  test.each([
    ['tampered with', (bytes: Buffer) => bytes.with(bytes.length >> 1, bytes[bytes.length >> 1]! ^ 1)],
    ['cut off', (bytes: Buffer) => bytes.subarray(0, 20)],
    ['longer than it was', (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(10)])],
  ] as const)('what was %s is not taken, but built anew and put in its place', async (_, change) => {
    await using there = await open();
    const [one, two, three] = [
      await machine(there.objects),
      await machine(there.objects),
      await machine(there.objects),
    ];
    const first = await one.obtain();
    await there.tamper((bytes) => Buffer.from(change(bytes)));
    expect(await files((await two.obtain()).tree)).toEqual(await files(first.tree));
    expect(two.built).toHaveLength(1);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/could not be fetched and is installed here: .*(hash differs|more than)/);
    await three.obtain();
    expect(three.built).toHaveLength(0);
  });
});

test('a store that is down, full or refuses costs a visit nothing, and is left alone for a while', async () => {
  await using server = await s3Server();
  const one = await machine(bucket(server));
  server.status = 503;
  for (const at of [1, 2, 3, 4, 5]) await one.obtain({ ...artefact, purl: `pkg:npm/a${at}` });
  expect(one.built).toHaveLength(5);
  // Nothing is known, so nothing is asked for: each of three tries to store, then none.
  expect(server.seen.length).toBe(3);
  expect(told[0]).toMatch(/a tree could not be stored: the store answered 503 SlowDown/);

  const closed = await machine(
    s3Objects({ address: 's3://b', endpoint: 'http://127.0.0.1:1', region: 'x', ...S3_KEYS }),
  );
  await closed.obtain();
  expect(closed.built).toHaveLength(1);
  await using strict = await s3Server();
  const wrong = await machine(bucket(strict, { ...S3_KEYS, secretAccessKey: 'hunter2hunter2' }));
  await wrong.obtain();
  expect(told.at(-1)).toMatch(/403 SignatureDoesNotMatch/);
  expect(told.join()).not.toMatch(/hunter2|wJalr/);
});

test('what another kind of machine installed, or one without a sandbox, is not taken', () => {
  const keys = [
    sharedKey('npm', artefact, true),
    sharedKey('npm', artefact, false),
    sharedKey('pypi-3.11', artefact, true),
  ];
  expect(new Set([...keys, sharedKey('npm', { ...artefact, integrity: 'sha512-b' }, true)]).size).toBe(4);
});

test('an archive that leads out of its folder writes nothing there', async () => {
  const folder = await mkdtemp(join(root, 'hostile-'));
  const into = join(folder, 'into');
  await mkdir(into);
  const tar = gunzipSync(
    tarball([
      { path: '../outside', content: 'x' },
      { path: '/tmp/plimsoll-absolute-outside', content: 'x' },
      { path: 'way', link: '..' },
      { path: 'way/through', content: 'x' },
    ]),
  );
  await writeFile(join(folder, 'object'), zstdCompressSync(tar));
  await unpack(join(folder, 'object'), into, 1e6, stop).catch(() => {});
  expect((await readdir(folder)).sort()).toEqual(['into', 'object']);
  await expect(readFile('/tmp/plimsoll-absolute-outside')).rejects.toThrow(/ENOENT/);
  // Nor does one fill the disk.
  await writeFile(
    join(folder, 'object'),
    zstdCompressSync(gunzipSync(tarball([{ path: 'big', content: Buffer.alloc(5e6) }]))),
  );
  await expect(unpack(join(folder, 'object'), into, 1e6, stop)).rejects.toThrow(/more than 1000000 bytes/);
});

test('a tree packs to the hash of what is written', async () => {
  const folder = await mkdtemp(join(root, 'pack-'));
  await mkdir(join(folder, 'tree'));
  await writeFile(join(folder, 'tree/a'), 'a');
  const packed = await pack(join(folder, 'tree'), join(folder, 'object'), stop);
  const bytes = await readFile(join(folder, 'object'));
  expect(packed).toEqual({ sha256: sha256(bytes), bytes: bytes.length });
});

test.skipIf(!postgresAnswers)('a package is fetched and installed once for two homes with one catalogue', async () => {
  await using server = await s3Server();
  await using registry = await npmRegistry();
  await using store = await freshPostgres();
  registry.publish({ name: 'dep', files: { 'index.js': '1' } });
  registry.publish({
    name: 'a',
    manifest: { dependencies: { dep: '1.0.0' }, bin: 'cli.js' },
    files: { 'cli.js': '1' },
  });
  const lines: string[] = [];
  const log = { warn: (_: object, line: string) => lines.push(line) } as never;
  const install = async () => {
    const home = await mkdtemp(join(root, 'home-'));
    await mkdir(join(home, 'shared/999999999-left'), { recursive: true });
    const settings = readSettings({
      PLIMSOLL_HOME: home,
      PLIMSOLL_ARTEFACTS: 's3://trees',
      AWS_ENDPOINT_URL_S3: server.url,
      AWS_ACCESS_KEY_ID: S3_KEYS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: S3_KEYS.secretAccessKey,
    });
    const shared = await sharing({ settings, db: store.db, log, stop, now: () => new Date() });
    const options = { home, stage: join(home, 'stage'), registry: registry.url, shared };
    const current = await npm.current({ purl: 'pkg:npm/a' }, options);
    if (isUnavailable(current)) throw new Error(current.detail);
    const before = registry.seen.length;
    const done = await npm.install(current, options);
    if (isUnavailable(done)) throw new Error(done.detail);
    // Nor what another process left that was killed.
    expect(await readdir(join(home, 'shared'))).toEqual([]);
    return { asked: registry.seen.length - before, modules: (await readdir(join(done.tree, 'node_modules'))).sort() };
  };
  const first = await install();
  expect(first.asked).toBeGreaterThan(1);
  expect(first.modules).toEqual(expect.arrayContaining(['a', 'dep']));
  expect(await install()).toEqual({ ...first, asked: 0 });
  expect(lines).toEqual([]);
});
