import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { purlOf } from '#core/purl.ts';
import type { PackageRef } from '#domain/server.ts';
import { enumerate } from '#enumerate/enumerate.ts';
import bubblewrap from '#enumerate/sandboxes/bubblewrap.ts';
import { bundleStart, readManifest } from '#launch/mcpb/manifest.ts';
import { type InstallOptions, isUnavailable } from '#launch/resolver.ts';
import mcpb from '#launch/resolvers/mcpb.ts';
import { type FileHost, fileHost } from '../support/file-host.ts';
import { mcpPackage } from '../support/mcp-package.ts';
import { mcpWheel } from '../support/python-index.ts';
import { type ZipEntry, zip } from '../support/zip.ts';

const root = await mkdtemp(join(tmpdir(), 'launch-mcpb-'));
await chmod(root, 0o755);
const refusal = await bubblewrap.refuses();
if (refusal !== undefined) console.info(`skipped: starting bundles: ${refusal}`);

let host: FileHost;
let options: InstallOptions;
beforeEach(async () => {
  host = await fileHost({});
  const stage = await mkdtemp(join(root, 'stage-'));
  await chmod(stage, 0o755);
  options = { home: root, stage, allowLoopback: true };
});
afterEach(() => host[Symbol.asyncDispose]());
afterAll(() => rm(root, { recursive: true, force: true }));

const manifest = (server: object, more: object = {}) =>
  JSON.stringify({ manifest_version: '0.3', name: 'ours', version: '1.2.0', license: 'MIT', server, ...more });

/** A bundle on the host, as a listing names it. */
function listed(entries: readonly ZipEntry[], more: Partial<PackageRef> = {}): PackageRef {
  const bytes = zip(entries);
  host.held.set('/ours.mcpb', bytes);
  return {
    purl: `pkg:generic/ours.mcpb?download_url=${encodeURIComponent(`${host.url}/ours.mcpb`)}`,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    ...more,
  };
}

async function installed(ref: PackageRef) {
  const artefact = await mcpb.current(ref, options);
  if (isUnavailable(artefact)) return { artefact, answer: artefact };
  return { artefact, answer: await mcpb.install(artefact, options) };
}

describe('current', () => {
  const purl = purlOf('mcpb', 'https://files.acme.com/dl/ours.mcpb')!;
  const sha256 = 'ab'.repeat(32);

  test('is what the listing says; nothing is asked', async () => {
    const answer = await mcpb.current({ purl, sha256, version: '1.2.0' }, { home: root });
    expect(answer).toEqual({ purl, name: 'ours', version: '1.2.0', integrity: expect.stringMatching(/^sha256-/) });
    expect(await mcpb.current({ purl, sha256 }, { home: root })).toMatchObject({ version: 'abababababab' });
  });

  test.each([
    ['no hash', purl, undefined, 'integrity'],
    ['a hash that is none', purl, 'abc', 'integrity'],
    ['loopback', 'pkg:generic/x?download_url=https%3A%2F%2F127.0.0.1%2Fx', sha256, 'off-limits'],
    ['metadata', 'pkg:generic/x?download_url=https%3A%2F%2F169.254.169.254%2Fx', sha256, 'off-limits'],
    ['no TLS', 'pkg:generic/x?download_url=http%3A%2F%2Ffiles.acme.com%2Fx', sha256, 'off-limits'],
    ['a file', 'pkg:generic/x?download_url=file%3A%2F%2F%2Fetc%2Fpasswd', sha256, 'off-limits'],
    ['no address', 'pkg:generic/x?download_url=x', sha256, 'off-limits'],
  ])('refuses %s', async (_, given, hash, reason) => {
    const ref = { purl: given, ...(hash !== undefined && { sha256: hash }) };
    expect(await mcpb.current(ref, { home: root })).toMatchObject({ phase: 'resolve', reason, temporary: false });
  });
});

describe('manifest', () => {
  const start = (server: object, more: object = {}) => bundleStart(readManifest(manifest(server, more))!);

  test('program, fixed arguments, and settings of the user as inputs', () => {
    const found = start(
      {
        type: 'node',
        entry_point: 'server/index.js',
        mcp_config: {
          command: 'node',
          args: [
            `\${__dirname}/server/index.js`,
            '--mode',
            'stdio',
            '--dir',
            `\${user_config.folder}`,
            `\${user_config.x}`,
          ],
          env: { API_KEY: `\${user_config.key}`, REGION: 'eu', HOME_DIR: `\${HOME}`, LIMIT: `\${user_config.limit}` },
          platform_overrides: { win32: { command: 'node.exe' }, linux: { env: { REGION: 'us' } } },
        },
      },
      {
        user_config: {
          key: {
            type: 'string',
            title: 'Key',
            description: 'Your key',
            required: true,
            sensitive: true,
            default: 'no',
          },
          limit: { type: 'number', title: 'Limit', default: 5 },
          folder: { type: 'directory' },
        },
      },
    );
    expect(found).toEqual({
      runtime: 'node',
      entry: 'server/index.js',
      args: ['--mode', 'stdio'],
      paths: [],
      inputs: [
        { name: 'API_KEY', description: 'Your key', required: true, secret: true },
        { name: 'REGION', default: 'us' },
        { name: 'HOME_DIR' },
        { name: 'LIMIT', description: 'Limit', default: '5', format: 'number' },
      ],
    });
  });

  test.each([
    [
      'binary',
      { type: 'binary', mcp_config: { command: `\${__dirname}/bin/srv`, args: ['serve'] } },
      'native',
      'bin/srv',
      ['serve'],
    ],
    ['binary without a command', { type: 'binary', entry_point: 'bin/srv' }, 'native', 'bin/srv', []],
    [
      'uv',
      { type: 'uv', entry_point: 'src/server.py', mcp_config: { command: 'uv', args: ['run', 'server'] } },
      'python',
      'src/server.py',
      [],
    ],
    [
      'python',
      {
        type: 'python',
        entry_point: 'x.py',
        mcp_config: { command: 'python3', args: [`\${__dirname}/main.py`, '-q'] },
      },
      'python',
      'main.py',
      ['-q'],
    ],
  ])('%s', (_, server, runtime, entry, args) => {
    expect(start(server)).toMatchObject({ runtime, entry, args });
  });

  test.each([
    ['leads out', { type: 'node', entry_point: '../../usr/bin/node' }],
    ['is absolute', { type: 'binary', entry_point: '/bin/sh' }],
    ['is nothing', { type: 'node' }],
  ])('a program that %s is none', (_, server) => {
    expect(start(server)).toBeUndefined();
  });

  test.each(['', '[]', '{"name":"x"}', manifest({ type: 'docker' }), `{"name":"x","version":"1","server":{"type":7}}`])(
    'no manifest: %s',
    (text) => {
      expect(readManifest(text)).toBeUndefined();
    },
  );
});

describe('install', () => {
  const script = mcpPackage('ours', [{ name: 'find' }]).files!['index.js']!;
  const node = manifest({ type: 'node', entry_point: 'index.mjs' });

  test.skipIf(refusal !== undefined)(
    'a bundle of each kind is unpacked and lists its tools in the sandbox',
    async () => {
      const module = mcpWheel('srv', [{ name: 'find' }]).files!['srv/server.py']!;
      const python = manifest({
        type: 'python',
        entry_point: 'main.py',
        mcp_config: { command: 'python', args: [`\${__dirname}/main.py`], env: { PYTHONPATH: `\${__dirname}/lib` } },
      });
      const kinds = {
        node: [
          { path: 'manifest.json', content: node },
          { path: 'index.mjs', content: script },
        ],
        python: [
          { path: 'manifest.json', content: python },
          { path: 'lib/ours_server.py', content: module },
          { path: 'main.py', content: 'from ours_server import main\nmain()\n' },
        ],
        native: [
          { path: 'manifest.json', content: manifest({ type: 'binary', entry_point: 'bin/srv' }) },
          { path: 'bin/srv', content: `#!/opt/node/bin/node --input-type=module\n`, mode: 0o100755 },
        ],
      };
      kinds.native[1]!.content = `#!/usr/bin/python3\n${module}\nmain()\n`;
      for (const [runtime, entries] of Object.entries(kinds)) {
        const ref = listed(entries);
        const { artefact, answer } = await installed(ref);
        if (isUnavailable(artefact) || isUnavailable(answer)) throw new Error(JSON.stringify(answer));
        const [launch] = await mcpb.launches(artefact, answer.tree, ref);
        expect(launch).toMatchObject({ runtime, args: [] });
        if (!(bubblewrap.runs as readonly string[]).includes(runtime)) continue;
        const found = await enumerate(launch!, bubblewrap, {
          stage: options.stage,
          stop: new AbortController().signal,
        });
        expect(
          found.tools.map(({ name }) => name),
          JSON.stringify(found.attempts),
        ).toEqual(['find']);
      }
    },
  );

  test.each<[string, readonly ZipEntry[], string]>([
    ['paths that lead out', [{ path: '../../escaped', content: 'x' }], 'bad-archive'],
    ['absolute paths', [{ path: '/tmp/escaped', content: 'x' }], 'bad-archive'],
    [
      'names that come twice',
      [
        { path: 'a', content: '1' },
        { path: 'a', content: '2' },
      ],
      'bad-archive',
    ],
    [
      'a file that is a folder as well',
      [
        { path: 'a', content: '1' },
        { path: 'a/b', content: '2' },
      ],
      'bad-archive',
    ],
    ['encryption', [{ path: 'a', content: '1', encrypted: true }], 'bad-archive'],
    ['a device', [{ path: 'a', content: '', mode: 0o020644 }], 'bad-archive'],
    ['more content than it claims', [{ path: 'a', content: 'x'.repeat(9_999), claims: 10 }], 'bad-archive'],
    ['a bomb', [{ path: 'a', content: 'x', claims: 400e6 }], 'too-large'],
    ['no manifest', [{ path: 'a', content: '1' }], 'bad-manifest'],
    ['a manifest that is none', [{ path: 'manifest.json', content: '{}' }], 'bad-manifest'],
  ])('refuses %s', async (_, entries, reason) => {
    const { answer } = await installed(listed(entries));
    expect(answer, JSON.stringify(answer)).toMatchObject({ phase: 'install', reason, temporary: false });
    expect((await readdir(root, { recursive: true })).filter((path) => path.includes('escaped'))).toEqual([]);
    expect(await readdir(join(options.stage, 'mcpb'))).toEqual([]);
  });

  test('links are left out', async () => {
    const link = { path: 'index.mjs', content: '/etc/passwd', mode: 0o120777 };
    const ref = listed([{ path: 'manifest.json', content: node }, link]);
    const { artefact, answer } = await installed(ref);
    if (isUnavailable(artefact) || isUnavailable(answer)) throw new Error(JSON.stringify(answer));
    expect(await readdir(join(answer.tree, 'bundle'))).toEqual(['manifest.json']);
    expect(await mcpb.launches(artefact, answer.tree, ref)).toEqual([]);
  });

  test('other bytes than the listing says, a host that fails, and one that sends elsewhere', async () => {
    const ref = listed([{ path: 'manifest.json', content: node }]);
    expect((await installed({ ...ref, sha256: 'ab'.repeat(32) })).answer).toMatchObject({ reason: 'integrity' });
    host.fault({ status: 503 }, { times: 1 });
    expect((await installed(ref)).answer).toMatchObject({ reason: 'network', temporary: true });
    host.held.delete('/ours.mcpb');
    expect((await installed(ref)).answer).toMatchObject({ reason: 'not-found', temporary: false });
    const away = await mcpb.install((await installed(ref)).artefact as never, { ...options, allowLoopback: false });
    expect(away).toMatchObject({ phase: 'install', reason: 'off-limits', temporary: false });
  });
});
