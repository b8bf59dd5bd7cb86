import { chmod, lstat, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { npmVariables } from '#core/npm-network.ts';
import type { Artefact } from '#domain/launch.ts';
import { trimCache } from '#launch/npm/cache.ts';
import { runNpm } from '#launch/npm/run.ts';
import { type Installed, isUnavailable } from '#launch/resolver.ts';
import npm from '#launch/resolvers/npm.ts';
import { type NpmRegistry, npmRegistry } from '../support/npm-registry.ts';
import { tarball } from '../support/tar.ts';

let root: string;
let registry: NpmRegistry;
let options: { home: string; stage: string; registry: string };
const umask = process.umask();

/** A credential of the operator's that must not leave this machine. */
const TOKEN = 'operators-token';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'launch-npm-'));
});
beforeEach(async () => {
  registry = await npmRegistry();
  const folder = await mkdtemp(join(root, 'run-'));
  options = { home: join(folder, 'home'), stage: join(folder, 'stage'), registry: registry.url };
  const rc = join(folder, 'npmrc');
  await writeFile(rc, `//${new URL(registry.url).host}/:_authToken=${TOKEN}\n`);
  process.env.npm_config_userconfig = rc;
});
afterEach(async () => {
  delete process.env.npm_config_userconfig;
  process.umask(umask);
  await registry.close();
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function current(name: string, version?: string): Promise<Artefact> {
  const answer = await npm.current({ purl: `pkg:npm/${name}`, ...(version && { version }) }, options);
  if (isUnavailable(answer)) throw new Error(`unavailable: ${answer.reason}: ${answer.detail}`);
  return answer;
}

async function installed(name: string): Promise<Installed> {
  const answer = await npm.install(await current(name), options);
  if (isUnavailable(answer)) throw new Error(`unavailable: ${answer.reason}: ${answer.detail}`);
  return answer;
}

const refusal = async (name: string) => npm.install(await current(name), options);

describe('current', () => {
  test('says exact version, hash, licence, date, commit and registry name', async () => {
    registry.publish({
      name: 'a',
      version: '1.2.3',
      manifest: { license: 'MIT', mcpName: 'io.github.acme/A', gitHead: 'a'.repeat(40) },
      time: '2026-02-03T04:05:06.000Z',
    });
    expect(await current('a')).toEqual({
      purl: 'pkg:npm/a',
      name: 'a',
      version: '1.2.3',
      integrity: expect.stringMatching(/^sha512-/),
      license: 'MIT',
      publishedAt: '2026-02-03T04:05:06.000Z',
      commit: 'a'.repeat(40),
      bears: ['io.github.acme/a'],
    });
  });

  test('a second look costs one conditional request', async () => {
    registry.publish({ name: 'a' });
    await current('a');
    await current('a');
    expect(registry.seen.map(({ path, status }) => [path, status])).toEqual([
      ['/a', 200],
      ['/a', 304],
    ]);
  });

  test('takes the version that is asked for, and without one passes over a deprecated one as npm does', async () => {
    registry.publish({ name: 'a', version: '1.0.0' });
    registry.publish({ name: 'a', version: '2.0.0', manifest: { deprecated: 'moved' } });
    expect((await current('a')).version).toBe('1.0.0');
    expect((await current('a', '2.0.0')).version).toBe('2.0.0');
    expect((await current('a', 'latest')).version).toBe('2.0.0');
  });

  test.each([
    ['nothing', undefined, 'not-found', false],
    ['a', '9.9.9', 'no-version', false],
    ['a', 'git+https://127.0.0.1/x.git', 'no-version', false],
    ['a', 'file:../../etc', 'no-version', false],
    ['a', 'npm:b@1', 'no-version', false],
    ['ill', undefined, 'network', true],
    ['forbidden', undefined, 'forbidden', false],
    ['unhashed', undefined, 'integrity', false],
    ['other', undefined, 'bad-manifest', false],
  ])('%s@%s is unavailable: %s', async (name, version, reason, temporary) => {
    registry.publish({ name: 'a' });
    registry.publish({ name: 'unhashed', dist: { integrity: undefined, shasum: undefined } });
    registry.publish({ name: 'other', manifest: { name: 'a' } });
    registry.fault({ path: '/ill', status: 503 });
    registry.fault({ path: '/forbidden', status: 403 });
    const answer = await npm.current({ purl: `pkg:npm/${name}`, ...(version && { version }) }, options);
    expect(answer).toMatchObject({ phase: 'resolve', reason, temporary });
    expect(JSON.stringify(answer)).not.toContain('127.0.0.1:');
  });
});

describe('install', () => {
  test('brings the package with its dependencies, once, and never sends a credential', async () => {
    registry.publish({ name: 'dep', files: { 'index.js': 'module.exports = 1' } });
    registry.publish({
      name: '@scope/server',
      manifest: { bin: 'cli.js', dependencies: { dep: '^1.0.0' }, devDependencies: { absent: '1.0.0' } },
      files: { 'cli.js': '#!/usr/bin/env node\nrequire("dep")' },
    });
    const first = await installed('%40scope/server');
    expect(first.reused).toBe(false);
    expect(await readdir(join(first.tree, 'node_modules'))).toEqual(expect.arrayContaining(['@scope', 'dep']));
    expect(first.bytes).toBeGreaterThan(100);
    const before = registry.seen.length;
    expect(await installed('%40scope/server')).toEqual({ ...first, reused: true });
    expect(registry.seen.length).toBe(before + 1);
    expect(registry.seen.filter(({ headers }) => headers.authorization)).toEqual([]);
  });

  test('everyone can read the tree, whatever the umask', async () => {
    process.umask(0o077);
    registry.publish({ name: 'a', manifest: { bin: 'cli.js' }, files: { 'cli.js': '#!/usr/bin/env node\n' } });
    const { tree } = await installed('a');
    for (const path of ['', 'node_modules', 'node_modules/a', '..'])
      expect((await lstat(join(tree, path))).mode & 0o777, path).toBe(0o755);
    expect((await lstat(join(tree, 'node_modules/a/package.json'))).mode & 0o777).toBe(0o644);
  });

  test("runs none of the package's scripts", async () => {
    const mark = join(root, 'script-ran');
    const scripts = { preinstall: `touch ${mark}`, install: `touch ${mark}`, postinstall: `touch ${mark}` };
    registry.publish({ name: 'dep', manifest: { scripts } });
    registry.publish({ name: 'a', manifest: { scripts, dependencies: { dep: '1.0.0' } } });
    await installed('a');
    await expect(lstat(mark)).rejects.toThrow('ENOENT');
  });

  test('refuses a git dependency, and no git is run', async () => {
    const bin = await mkdtemp(join(root, 'bin-'));
    const mark = join(bin, 'git-ran');
    await writeFile(join(bin, 'git'), `#!/bin/sh\n: > ${mark}\nexit 1\n`);
    await chmod(join(bin, 'git'), 0o755);
    registry.publish({ name: 'a', manifest: { dependencies: { dep: 'git+ssh://git@127.0.0.1/owner/dep.git' } } });

    // The trap works: without our flags npm runs the git that it finds.
    const folder = await mkdtemp(join(root, 'control-'));
    const env = {
      ...npmVariables({ registry: registry.url }),
      HOME: folder,
      PATH: `${bin}:${dirname(process.execPath)}`,
    };
    const isTooLarge = async () => false;
    await runNpm(['install', 'a', '--fetch-retries=0'], { folder, env, deadline: 30_000, isTooLarge });
    await lstat(mark);
    await rm(mark);

    const path = process.env.PATH;
    process.env.PATH = `${bin}:${path}`;
    try {
      expect(await refusal('a')).toMatchObject({ phase: 'install', reason: 'git-dependency', temporary: false });
    } finally {
      process.env.PATH = path;
    }
    await expect(lstat(mark)).rejects.toThrow('ENOENT');
    expect(await readdir(join(options.stage, 'npm'))).toEqual([]);
  });

  test.each([
    ['git-dependency', 'github:owner/dep'],
    ['remote-dependency', 'REGISTRY/dep/-/dep-1.0.0.tgz'],
    ['local-dependency', 'file:../../../../etc'],
    ['local-dependency', 'file:/tmp/x.tgz'],
    ['not-found', '1.0.0', 'absent'],
    ['no-version', '7.0.0'],
  ])('refuses a dependency as %s: %s', async (reason, spec, name = 'dep') => {
    registry.publish({ name: 'dep' });
    const dependencies = { [name]: spec.replace('REGISTRY/', registry.url) };
    registry.publish({ name: 'a', manifest: { dependencies } });
    expect(await refusal('a')).toMatchObject({ phase: 'install', reason, temporary: false });
    expect(registry.seen.filter(({ path }) => path === '/dep/-/dep-1.0.0.tgz')).toEqual([]);
  });

  test('refuses bytes that do not have the stated hash, of the package or of a dependency', async () => {
    const integrity = `sha512-${Buffer.alloc(64).toString('base64')}`;
    registry.publish({ name: 'liar', dist: { integrity } });
    registry.publish({ name: 'a', manifest: { dependencies: { liar: '1.0.0' } } });
    expect(await refusal('liar')).toMatchObject({ phase: 'install', reason: 'integrity' });
    expect(await refusal('a')).toMatchObject({ phase: 'install', reason: 'integrity' });
    expect(await npm.fetchPackage(await current('liar'), options)).toMatchObject({ reason: 'integrity' });
  });

  test('refuses a version that was replaced after it was looked up', async () => {
    registry.publish({ name: 'a' });
    const artefact = await current('a');
    registry.publish({ name: 'a', files: { 'evil.js': '' } });
    await current('a');
    expect(await npm.install(artefact, options)).toMatchObject({ phase: 'install', reason: 'integrity' });
  });

  test('refuses what is too large before it fetches it', async () => {
    registry.publish({ name: 'a', dist: { unpackedSize: 400e6 } });
    expect(await refusal('a')).toMatchObject({ reason: 'too-large' });
    expect(registry.seen.filter(({ path }) => path.endsWith('.tgz'))).toEqual([]);
  });

  test('a failing registry is temporary, stopping is at once', async () => {
    registry.publish({ name: 'ill' });
    registry.publish({ name: 'slow' });
    registry.fault({ path: /ill.*tgz$/, status: 500 });
    registry.fault({ path: /slow.*tgz$/, hang: true });
    expect(await refusal('ill')).toMatchObject({ phase: 'install', reason: 'network', temporary: true });
    const artefact = await current('slow');
    const began = Date.now();
    const signal = AbortSignal.timeout(1_500);
    await expect(npm.install(artefact, { ...options, signal })).rejects.toThrow(/abort|timeout/i);
    expect(Date.now() - began).toBeLessThan(5_000);
    expect(await readdir(join(options.stage, 'npm'))).toEqual([]);
  });

  test('links and paths in an archive lead nowhere', async () => {
    const entries = [
      { path: 'package/link', link: '/etc/passwd' },
      { path: '../../escaped', content: 'x' },
      { path: 'package/../../../escaped', content: 'x' },
    ];
    registry.publish({ name: 'a', entries });
    const { tree } = await installed('a');
    expect(await readdir(join(tree, 'node_modules/a'))).not.toContain('link');
    const all = await readdir(options.stage, { recursive: true });
    expect(all.filter((path) => path.includes('escaped') && !path.includes('node_modules/a/'))).toEqual([]);
  });

  test('an archive that is small but unpacks to more than the limit is not unpacked', async () => {
    const zeros = gzipSync(Buffer.alloc(16 << 20), { level: 9 });
    const head = tarball([{ path: 'package/package.json', content: '{"name":"bomb","version":"1.0.0"}' }]);
    registry.publish({ name: 'bomb', archive: Buffer.concat([head, ...Array.from({ length: 20 }, () => zeros)]) });
    expect(await npm.fetchPackage(await current('bomb'), options)).toMatchObject({ reason: 'too-large' });
  });

  test('the package to read comes with those of its makers only', async () => {
    registry.publish({ name: 'dep' });
    registry.publish({ name: 'a-tools', manifest: { dependencies: { dep: '1.0.0', 'a-core': '*' } } });
    registry.publish({ name: 'a-core' });
    const dependencies = {
      dep: '1.0.0',
      'a-tools': '^1.0.0',
      'a-gone': '1.0.0',
      'a-git': 'git+ssh://git@127.0.0.1/a.git',
    };
    registry.publish({ name: 'a', manifest: { dependencies }, files: { 'index.js': '1' } });
    const answer = await npm.fetchPackage(await current('a'), options);
    if (isUnavailable(answer)) throw new Error(answer.detail);
    expect((await readdir(join(answer.tree, 'node_modules'))).sort()).toEqual(['a', 'a-core', 'a-tools']);
    expect(await readFile(join(answer.tree, 'node_modules/a/index.js'), 'utf8')).toBe('1');
  });

  test('what was trimmed from the cache is fetched again', async () => {
    registry.publish({ name: 'dep' });
    registry.publish({ name: 'a', manifest: { dependencies: { dep: '1.0.0' } } });
    const { tree } = await installed('a');
    await rm(tree, { recursive: true });
    const tarballs = () => registry.seen.filter(({ path }) => path.endsWith('.tgz')).length;
    await installed('a').then((again) => rm(again.tree, { recursive: true }));
    expect(tarballs()).toBe(2);
    await trimCache(options.home, 0);
    expect(await readdir(join(await installed('a').then((again) => again.tree), 'node_modules'))).toContain('dep');
    expect(tarballs()).toBe(4);
  });

  test('an old version goes once it is out of use and a new one is there', async () => {
    registry.publish({ name: 'a', version: '1.0.0' });
    const old = await installed('a');
    registry.publish({ name: 'a', version: '1.0.1' });
    await installed('a');
    expect(await readdir(join(options.stage, 'npm'))).toHaveLength(2);
    await utimes(join(old.tree, '.plimsoll.json'), new Date(0), new Date(0));
    registry.publish({ name: 'a', version: '1.0.2' });
    await installed('a');
    await expect(lstat(old.tree)).rejects.toThrow('ENOENT');
  });
});
