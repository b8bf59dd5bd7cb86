import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Artefact } from '#domain/launch.ts';
import { enumerate } from '#enumerate/enumerate.ts';
import { openConfinement } from '#enumerate/errand/confine.ts';
import bubblewrap from '#enumerate/sandboxes/bubblewrap.ts';
import { pipCommand, uvCommand } from '#launch/pypi/install.ts';
import { consoleScripts, readDistribution } from '#launch/pypi/programs.ts';
import { systemPython } from '#launch/pypi/python.ts';
import { choose, type IndexFile } from '#launch/pypi/wheels.ts';
import { type InstallOptions, isUnavailable } from '#launch/resolver.ts';
import pypi from '#launch/resolvers/pypi.ts';
import { mcpWheel, type PythonIndex, pythonIndex, wheel } from '../support/python-index.ts';
import { tarball } from '../support/tar.ts';

const root = await mkdtemp(join(tmpdir(), 'launch-pypi-'));
await chmod(root, 0o755);
const stage = join(root, 'stage');
await mkdir(stage);
const confine = await openConfinement(stage);
const python = await systemPython();
const missing = !confine ? 'bubblewrap cannot be used here' : !python?.pip ? 'there is no pip' : undefined;
if (missing !== undefined) console.info(`skipped: installing Python packages: ${missing}`);

let index: PythonIndex;
let options: InstallOptions;
beforeEach(async () => {
  index = await pythonIndex();
  options = { home: root, stage, pythonIndex: index.url, confine };
});
afterEach(() => index[Symbol.asyncDispose]());
afterAll(() => rm(root, { recursive: true, force: true }));

const ref = (name: string, version?: string) => ({ purl: `pkg:pypi/${name}`, ...(version && { version }) });
async function current(name: string, version?: string): Promise<Artefact> {
  const answer = await pypi.current(ref(name, version), options);
  if (isUnavailable(answer)) throw new Error(`unavailable: ${answer.reason}: ${answer.detail}`);
  return answer;
}
const installing = async (name: string) => pypi.install(await current(name), options);
async function installed(name: string) {
  const answer = await installing(name);
  if (isUnavailable(answer)) throw new Error(`unavailable: ${answer.reason}: ${answer.detail}`);
  return answer;
}

describe('current', () => {
  test.each(['json', 'html'] as const)('says version and hash, as the index lists them in %s', async (form) => {
    await using index = await pythonIndex(form);
    index.wheel({ name: 'My_Server', version: '1.9.0' });
    index.wheel({ name: 'My_Server', version: '1.10.0' });
    index.wheel({ name: 'My_Server', version: '2.0.0rc1' });
    const answer = await pypi.current(ref('my-server'), { ...options, pythonIndex: index.url });
    expect(answer).toEqual({
      purl: 'pkg:pypi/my-server',
      name: 'my-server',
      version: '1.10.0',
      integrity: expect.stringMatching(/^sha256-[\w+/]{43}=$/),
      ...(form === 'json' && { publishedAt: '2026-02-03T04:05:06Z' }),
    });
    const old = await pypi.current(ref('my-server', '1.9.0'), { ...options, pythonIndex: index.url });
    expect(old).toMatchObject({ version: '1.9.0' });
  });

  test.each([
    ['absent', undefined, 'not-found', false],
    ['a', '9.9', 'no-version', false],
    ['a', 'https://elsewhere.invalid/a.whl', 'no-version', false],
    ['source-only', undefined, 'no-wheel', false],
    ['foreign', undefined, 'platform', false],
    ['future', undefined, 'platform', false],
    ['unhashed', undefined, 'integrity', false],
    ['yanked', undefined, 'no-version', false],
    ['no-list', undefined, 'bad-manifest', false],
    ['ill', undefined, 'network', true],
  ])('%s %s is unavailable: %s', async (name, version, reason, temporary) => {
    index.wheel({ name: 'a' });
    index.publish('source-only', 'source-only-1.0.0.tar.gz', Buffer.from(''));
    index.publish('foreign', 'foreign-1.0.0-cp311-cp311-win_amd64.whl', Buffer.from(''));
    index.publish('future', 'future-1.0.0-py3-none-any.whl', Buffer.from(''), { python: '>=4' });
    index.publish('unhashed', 'unhashed-1.0.0-py3-none-any.whl', Buffer.from(''), { sha256: undefined });
    index.publish('yanked', 'yanked-1.0.0-py3-none-any.whl', Buffer.from(''), { yanked: true });
    index.host.held.set('/simple/no-list/', '{"files":7}');
    index.host.fault({ status: 503 }, { path: '/simple/ill/' });
    const answer = await pypi.current(ref(name, version), options);
    expect(answer).toMatchObject({ phase: 'resolve', reason, temporary });
  });

  test('an index that is down is a passing failure', async () => {
    const down = { ...options, pythonIndex: 'http://127.0.0.1:9/simple/' };
    expect(await pypi.current(ref('a'), down)).toMatchObject({ reason: 'network', temporary: true });
  });
});

test('the wheel whose tag comes first is chosen, of the newest version that has one', () => {
  const file = (filename: string, more: Partial<IndexFile> = {}): IndexFile => ({
    filename,
    url: '',
    yanked: false,
    ...more,
  });
  const tags = ['cp311-cp311-manylinux_2_17_x86_64', 'cp311-abi3-manylinux_2_17_x86_64', 'py3-none-any'];
  const files = [
    file('a_b-1.0-py3-none-any.whl'),
    file('a_b-1.0-1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl'),
    file('A.b-1.0-cp312-cp312-manylinux_2_17_x86_64.whl'),
    file('a_b-1.1.tar.gz'),
    file('other-9.0-py3-none-any.whl'),
    file('a_b-2.0-py3-none-any.whl', { requiresPython: '<3.9' }),
    file('a_b-3.0.dev1-py3-none-any.whl'),
  ];
  const on = { version: '3.11.2', tags };
  expect(choose(files, 'a-b', undefined, on, false)).toMatchObject({ version: '1.0', file: files[1] });
  expect(choose(files, 'a-b', undefined, on, true)).toMatchObject({ version: '1.1', kind: 'sdist' });
  expect(choose(files, 'a-b', '3.0.dev1', on, false)).toMatchObject({ file: files[6] });
  expect(choose(files, 'a-b', '1.1', on, false)).toEqual({ why: 'no-wheel' });
  expect(choose(files, 'a-b', '2.0', on, false)).toEqual({ why: 'platform' });
});

test('command lines of pip and uv: wheels only unless told otherwise, nothing of the operator, one index', () => {
  const wish = {
    name: 'a',
    version: '1.0',
    sha256: 'ab',
    index: new URL('https://index.invalid/simple/'),
    builds: false,
    certificates: true,
  };
  expect(pipCommand(wish).join(' ')).toBe(
    'python3 -I -m pip install --isolated --no-input --disable-pip-version-check --target /srv/tree/site --report /srv/tree/report.json --no-cache-dir --no-compile --no-warn-script-location --progress-bar off --retries 2 --timeout 30 --only-binary :all: --index-url https://index.invalid/simple/ --cert /srv/ca.pem a==1.0',
  );
  expect(uvCommand(wish).join(' ')).toBe(
    '/opt/uv pip install --no-config --no-cache --no-progress --link-mode copy --python /usr/bin/python3 --no-python-downloads --target /srv/tree/site --only-binary :all: --default-index https://index.invalid/simple/ --requirement /srv/requirements.txt',
  );
  const plain = { ...wish, builds: true, certificates: false, index: new URL('http://127.0.0.1:8/simple/') };
  expect(pipCommand(plain).join(' ')).toMatch(/--prefer-binary .* --trusted-host 127\.0\.0\.1:8 a==1\.0$/);
  expect(uvCommand(plain).join(' ')).toMatch(/site --default-index .* --allow-insecure-host 127\.0\.0\.1:8 --req/);
});

test('console scripts are read, and nothing that could be code', () => {
  const text =
    '[gui_scripts]\nw = a:w\n[console_scripts]\na-b = a.b:main\nc=a:B.run [extra]\nbad = os;x:main\nx = a:b()\n[other]\ny = a:b';
  expect(consoleScripts(text)).toEqual([
    { name: 'a-b', module: 'a.b', object: 'main' },
    { name: 'c', module: 'a', object: 'B.run' },
  ]);
});

test.each([
  ['License-Expression: MIT OR Apache-2.0\nLicense: other', 'MIT OR Apache-2.0'],
  ['License: BSD-3-Clause', 'BSD-3-Clause'],
  ['License: UNKNOWN\nClassifier: License :: OSI Approved :: MIT License', 'MIT License'],
  [`License: ${'Permission is hereby granted, '.repeat(9)}`, undefined],
  ['Summary: License-Expression: no', undefined],
])('the licence that %j tells is %j', async (headers, license) => {
  const site = await mkdtemp(join(tmpdir(), 'plimsoll-dist-'));
  try {
    await mkdir(join(site, 'a-1.dist-info'));
    await writeFile(join(site, 'a-1.dist-info', 'METADATA'), `Name: a\n${headers}\n\nLicense: of the text`);
    expect((await readDistribution(site, 'a'))?.license).toBe(license);
  } finally {
    await rm(site, { recursive: true });
  }
});

test('the package to read is unpacked without pip', async () => {
  index.wheel(mcpWheel('to-read', [{ name: 'find' }], { readme: '<!-- mcp-name: io.github.acme/to-read -->' }));
  const artefact = await current('to-read');
  const answer = await pypi.fetchPackage(artefact, { ...options, confine: undefined });
  if (isUnavailable(answer)) throw new Error(answer.detail);
  expect((await readdir(join(answer.tree, 'site'))).sort()).toEqual(['to_read', 'to_read-1.0.0.dist-info']);
  expect(await pypi.tells(artefact, answer.tree)).toMatchObject({ bears: ['io.github.acme/to-read'] });
});

test('without a sandbox nothing is installed', async () => {
  index.wheel({ name: 'a' });
  const answer = await pypi.install(await current('a'), { ...options, confine: undefined });
  expect(answer).toMatchObject({ phase: 'install', reason: python?.pip ? 'no-sandbox' : 'no-python' });
});

describe.skipIf(missing !== undefined)('install', () => {
  const tools = [{ name: 'find', description: 'Finds.' }, { name: 'delete_all' }];

  test('a server of ours is installed by pip through the proxy, and lists its tools in the sandbox', async () => {
    index.wheel({ name: 'its-dep', files: { 'its_dep.py': 'GREETING = "hello"' } });
    const made = mcpWheel('our-server', tools, {
      requires: ['its-dep>=1'],
      readme:
        '# Ours\n```json\n{"mcpServers":{"x":{"command":"uvx","args":["our-server","--quiet"],"env":{"OUR_KEY":"<key>"}}}}\n```\n',
    });
    const server = `import its_dep\nimport os\nassert its_dep.GREETING == "hello"\nREGION = os.environ.get("OUR_REGION", "eu")\n`;
    const files = { ...made.files, 'our_server/server.py': server + made.files!['our_server/server.py']! };
    index.wheel({ ...made, files });
    const artefact = await current('our-server');
    const got = await installed('our-server');
    expect(got).toMatchObject({ reused: false, confined: true });
    expect((await readdir(got.tree)).sort()).toEqual(['.plimsoll.json', 'run', 'site']);
    const launches = await pypi.launches(artefact, got.tree, ref('our-server'));
    expect(launches.map(({ runtime, entry, args }) => ({ runtime, entry, args }))).toEqual([
      { runtime: 'python', entry: 'run/our-server.py', args: [] },
      { runtime: 'python', entry: 'run/our-server.py', args: ['--quiet'] },
    ]);
    expect(launches[0]!.inputs).toEqual([{ name: 'OUR_KEY', secret: true }, { name: 'OUR_REGION' }]);
    const found = await enumerate(launches[0]!, bubblewrap, { stage, stop: new AbortController().signal });
    expect(found, JSON.stringify(found.attempts)).toMatchObject({ outcome: 'listed' });
    expect(found.tools.map(({ name }) => name)).toEqual(['find', 'delete_all']);
    expect((await readdir(join(got.tree, 'site/our_server'))).sort()).toEqual(['__init__.py', 'server.py']);
    expect(await pypi.install(artefact, options)).toMatchObject({ tree: got.tree, reused: true });
  });

  test('a server that names no script but can be run as a whole starts too', async () => {
    const { files } = mcpWheel('whole', tools);
    const main = 'from whole.server import main\nmain()\n';
    index.wheel({ name: 'whole', files: { ...files, 'whole/__main__.py': main } });
    const { tree } = await installed('whole');
    const [launch] = await pypi.launches(await current('whole'), tree, ref('whole'));
    const found = await enumerate(launch!, bubblewrap, { stage, stop: new AbortController().signal });
    expect(found.tools.map(({ name }) => name)).toEqual(['find', 'delete_all']);
  });

  test('what names no program is installed, and has no way to start', async () => {
    index.wheel({ name: 'library', files: { 'library/__init__.py': '' } });
    index.wheel({ name: 'only-setup', scripts: ['only-setup = a:b', 'x-config = a:b'] });
    const { tree } = await installed('library');
    expect(await pypi.launches(await current('library'), tree, ref('library'))).toEqual([]);
    expect(await readdir(join(tree, 'run'))).toEqual([]);
    const other = await installed('only-setup');
    expect(await pypi.launches(await current('only-setup'), other.tree, ref('only-setup'))).toEqual([]);
  });

  test.each([
    ['a hash that the file does not have', 'liar', 'integrity', false],
    ['a dependency that is not there', 'lonely', 'no-wheel', false],
    ['a dependency that comes as source only', 'on-source', 'no-wheel', false],
    ['a dependency at an address', 'on-address', 'remote-dependency', false],
    ['a dependency in git', 'on-git', 'remote-dependency', false],
    ['a file that is gone', 'gone', 'pip-failed', false],
    ['no archive', 'broken', 'bad-archive', false],
  ])('refuses %s', async (_, name, reason, temporary) => {
    await using elsewhere = await pythonIndex();
    elsewhere.wheel({ name: 'dep' });
    index.publish('liar', 'liar-1.0.0-py3-none-any.whl', wheel({ name: 'liar' }), { sha256: 'ab'.repeat(32) });
    index.wheel({ name: 'lonely', requires: ['nowhere==1'] });
    index.wheel({ name: 'on-source', requires: ['sourced'] });
    index.publish('sourced', 'sourced-1.0.0.tar.gz', tarball([{ path: 'sourced-1.0.0/setup.py', content: 'x' }]));
    const far = elsewhere.host.url;
    index.wheel({ name: 'on-address', requires: [`dep @ ${far}/files/dep-1.0.0-py3-none-any.whl`] });
    index.wheel({ name: 'on-git', requires: [`dep @ git+${far}/dep.git`] });
    index.wheel({ name: 'gone' });
    index.host.held.delete('/files/gone-1.0.0-py3-none-any.whl');
    index.publish('broken', 'broken-1.0.0-py3-none-any.whl', Buffer.from('not a zip'));
    const answer = await installing(name);
    expect(answer, JSON.stringify(answer)).toMatchObject({ phase: 'install', reason, temporary });
    expect(elsewhere.host.asked).toEqual([]);
    expect((await readdir(stage, { recursive: true })).filter((path) => path.includes('building-'))).toEqual([]);
  });

  test('an index that fails while installing is a passing failure', async () => {
    index.wheel({ name: 'ill' });
    index.host.fault({ status: 503 }, { path: '/files/ill-1.0.0-py3-none-any.whl' });
    expect(await installing('ill')).toMatchObject({ reason: 'network', temporary: true });
  });

  test('a version that was replaced after it was looked up is refused', async () => {
    index.wheel({ name: 'swapped' });
    const artefact = await current('swapped');
    index.wheel({ name: 'swapped', readme: 'other' });
    expect(await pypi.install(artefact, options)).toMatchObject({ phase: 'install', reason: 'integrity' });
  });

  test('source is built only where that is allowed, and only inside: its code sees neither home nor network', async () => {
    // A build backend of its own: code of the package that runs while it is installed.
    const backend = `
import os, socket, zipfile
def tries(call):
    try:
        call()
        return "done"
    except OSError as error:
        return error.__class__.__name__
def build_wheel(folder, config_settings=None, metadata_directory=None):
    said = [tries(lambda: open(${JSON.stringify(import.meta.filename)})), tries(lambda: os.listdir("/root")),
            tries(lambda: open("/srv/outside", "w")), str("PLIMSOLL_TEST_CANARY" in os.environ),
            tries(lambda: socket.create_connection(("127.0.0.1", ${new URL(index.url).port}), 2))]
    name = "built-1.0.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as made:
        info = "built-1.0.0.dist-info/"
        made.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: built\\nVersion: 1.0.0\\nSummary: " + " ".join(said) + "\\n\\n")
        made.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        made.writestr(info + "RECORD", "")
    return name
`;
    const project = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n';
    const source = [
      { path: 'built-1.0.0/pyproject.toml', content: project },
      { path: 'built-1.0.0/backend.py', content: backend },
      { path: 'built-1.0.0/PKG-INFO', content: 'Metadata-Version: 2.1\nName: built\nVersion: 1.0.0\n' },
    ];
    index.publish('built', 'built-1.0.0.tar.gz', tarball(source));
    expect(await pypi.current(ref('built'), options)).toMatchObject({ reason: 'no-wheel' });
    const allowed = { ...options, builds: true };
    const artefact = await pypi.current(ref('built'), allowed);
    if (isUnavailable(artefact)) throw new Error(artefact.detail);
    process.env.PLIMSOLL_TEST_CANARY = 'canary';
    const got = await pypi.install(artefact, allowed);
    delete process.env.PLIMSOLL_TEST_CANARY;
    if (isUnavailable(got)) throw new Error(got.detail);
    const metadata = await readFile(join(got.tree, 'site/built-1.0.0.dist-info/METADATA'), 'utf8');
    expect(metadata).toMatch(
      /Summary: FileNotFoundError (FileNotFound|Permission)Error OSError False ConnectionRefusedError/,
    );
  });
});
