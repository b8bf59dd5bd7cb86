import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { npmLibraryOptions, npmNetwork, npmVariables, pickNetwork } from '#core/npm-network.ts';
import { launchable, loadResolvers } from '#launch/launch.ts';

const config = {
  registry: 'http://127.0.0.1:9/',
  proxy: 'http://user:pass@127.0.0.1:8/',
  'https-proxy': null,
  noproxy: ['localhost', '.internal'],
  cafile: '/etc/ca.pem',
  '//127.0.0.1:9/:_authToken': 'secret',
  otp: '123456',
};

test("only what reaches the registry is taken from the operator's configuration", () => {
  const network = pickNetwork(JSON.stringify(config));
  expect(network).toEqual({
    registry: 'http://127.0.0.1:9/',
    proxy: 'http://user:pass@127.0.0.1:8/',
    noProxy: 'localhost,.internal',
    cafile: '/etc/ca.pem',
  });
  expect(JSON.stringify(npmVariables(network))).not.toMatch(/secret|123456/);
  expect(npmVariables(network)).toMatchObject({
    npm_config_proxy: config.proxy,
    npm_config_noproxy: 'localhost,.internal',
  });
});

test.each(['', 'null', '[]', '{"registry":7}', 'npm warn'])(
  'configuration that cannot be read counts as none: %s',
  (text) => {
    expect(pickNetwork(text)).toEqual({});
  },
);

test('certificates are handed to the libraries one by one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'launch-network-'));
  const cafile = join(folder, 'ca.pem');
  const certificate = (body: string) => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----`;
  await writeFile(cafile, `# first\n${certificate('AA')}\n# second\n${certificate('BB')}\n`);
  expect(npmLibraryOptions({ cafile })).toEqual({ ca: [certificate('AA'), certificate('BB')] });
  expect(npmLibraryOptions({ cafile: join(folder, 'absent') })).toEqual({});
  await rm(folder, { recursive: true });
});

test("a registry that is named overrides npm's", async () => {
  expect((await npmNetwork('http://127.0.0.1:7/')).registry).toBe('http://127.0.0.1:7/');
});

test('the first package that a resolver takes is chosen', async () => {
  const resolvers = await loadResolvers();
  const [gem, npm] = [{ purl: 'pkg:gem/x' }, { purl: 'pkg:npm/%40a/b' }];
  expect(launchable([gem, npm], resolvers)).toEqual([{ ref: npm, resolver: resolvers.find(({ id }) => id === 'npm') }]);
  expect(launchable([gem], resolvers)).toEqual([]);
});
