import { chmod, lstat, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Confine, Errand } from '#core/errand.ts';
import type { Artefact } from '#domain/launch.ts';
import { openConfinement } from '#enumerate/errand/confine.ts';
import { isUnavailable } from '#launch/resolver.ts';
import npm from '#launch/resolvers/npm.ts';
import { type NpmRegistry, npmRegistry } from '../support/npm-registry.ts';

let registry: NpmRegistry;
let errands: Errand[];
let options: Parameters<typeof npm.install>[1];

const root = await mkdtemp(join(tmpdir(), 'launch-confined-'));
await chmod(root, 0o755);
const stage = join(root, 'stage');
await mkdir(stage);
const confine: Confine | undefined = await openConfinement(stage);
if (!confine) console.info('skipped: npm in a sandbox of its own: bubblewrap cannot be used here');

beforeAll(() => {
  process.env.PLIMSOLL_TEST_CANARY = 'canary';
});
beforeEach(async () => {
  registry = await npmRegistry();
  errands = [];
  options = {
    home: await mkdtemp(join(root, 'home-')),
    stage,
    registry: registry.url,
    confine: (errand) => {
      errands.push(errand);
      return confine!(errand);
    },
  };
});
afterEach(() => registry.close());
afterAll(async () => {
  delete process.env.PLIMSOLL_TEST_CANARY;
  await rm(root, { recursive: true, force: true });
});

async function current(name: string): Promise<Artefact> {
  const answer = await npm.current({ purl: `pkg:npm/${name}` }, options);
  if (isUnavailable(answer)) throw new Error(`unavailable: ${answer.reason}: ${answer.detail}`);
  return answer;
}

describe.skipIf(!confine)('npm in a sandbox of its own', () => {
  test('installs what the registry has, through our proxy, without a credential; the tree is ours afterwards', async () => {
    const rc = join(options.home, 'npmrc');
    await writeFile(rc, `//${new URL(registry.url).host}/:_authToken=operators-token\n`);
    process.env.npm_config_userconfig = rc;
    registry.publish({ name: 'dep', files: { 'index.js': 'module.exports = 1' } });
    registry.publish({
      name: '@scope/in',
      manifest: { bin: 'cli.js', dependencies: { dep: '1' } },
      files: { 'cli.js': '' },
    });
    const answer = await npm.install(await current('%40scope/in'), options);
    delete process.env.npm_config_userconfig;
    if (isUnavailable(answer)) throw new Error(answer.detail);
    expect(answer).toMatchObject({ reused: false, confined: true });
    expect(await readdir(join(answer.tree, 'node_modules'))).toEqual(expect.arrayContaining(['@scope', 'dep']));
    expect((await lstat(join(answer.tree, 'node_modules/dep/index.js'))).uid).toBe(process.getuid!());
    expect(registry.seen.filter(({ headers }) => headers.authorization)).toEqual([]);
    expect(errands).toHaveLength(1);
    expect(JSON.stringify(errands)).not.toMatch(/operators-token|canary/);
    expect(errands[0]!.reach.hosts).toEqual([new URL(registry.url).host]);
    // The tree alone and a cache of its own may be written.
    expect(Object.keys(errands[0]!.writes)).toEqual(['/srv/tree', '/srv/cache']);
  });

  test('runs no script, and refuses what comes from elsewhere, as outside', async () => {
    const elsewhere = await npmRegistry();
    try {
      elsewhere.publish({ name: 'dep' });
      const scripts = { install: 'touch /srv/tree/script-ran', preinstall: 'touch /srv/tree/script-ran' };
      registry.publish({ name: 'scripted', manifest: { scripts } });
      const installed = await npm.install(await current('scripted'), options);
      if (isUnavailable(installed)) throw new Error(installed.detail);
      expect(await readdir(installed.tree)).not.toContain('script-ran');
      const specs = {
        git: ['git-dependency', 'git+ssh://git@127.0.0.1/owner/dep.git'],
        remote: ['remote-dependency', `${elsewhere.url}dep/-/dep-1.0.0.tgz`],
        local: ['local-dependency', 'file:/etc'],
        absent: ['not-found', '1.0.0'],
      };
      for (const [name, [reason, spec = '']] of Object.entries(specs)) {
        registry.publish({ name, manifest: { dependencies: { [`${name}-dep`]: spec } } });
        expect(await npm.install(await current(name), options), name).toMatchObject({ phase: 'install', reason });
      }
      expect(elsewhere.seen).toEqual([]);
    } finally {
      await elsewhere.close();
    }
  });

  test('where the registry says that a file lies on another host, that host is not asked', async () => {
    const elsewhere = await npmRegistry();
    try {
      elsewhere.publish({ name: 'afar' });
      registry.publish({ name: 'afar', dist: { tarball: `${elsewhere.url}afar/-/afar-1.0.0.tgz` } });
      const answer = await npm.install(await current('afar'), options);
      expect(answer).toMatchObject({ phase: 'install', reason: 'remote-dependency' });
      expect(elsewhere.seen).toEqual([]);
    } finally {
      await elsewhere.close();
    }
  });

  test('other bytes than stated are refused, a failing registry is temporary, and nothing is left of either', async () => {
    registry.publish({ name: 'liar', dist: { integrity: `sha512-${Buffer.alloc(64).toString('base64')}` } });
    registry.publish({ name: 'ill' });
    registry.fault({ path: /ill.*tgz$/, status: 500 });
    expect(await npm.install(await current('liar'), options)).toMatchObject({ reason: 'integrity' });
    expect(await npm.install(await current('ill'), options)).toMatchObject({ reason: 'network', temporary: true });
    const left = (await readdir(join(stage, 'npm'))).filter((name) => name.startsWith('building-'));
    expect(left).toEqual([]);
  });

  test('stopping is at once', async () => {
    registry.publish({ name: 'slow' });
    registry.fault({ path: /slow.*tgz$/, hang: true });
    const artefact = await current('slow');
    const signal = AbortSignal.timeout(2_000);
    await expect(npm.install(artefact, { ...options, signal })).rejects.toThrow(/abort|timeout/i);
  });
});
