import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Artefact } from '#domain/launch.ts';
import { readHints } from '#launch/hints.ts';
import { programs } from '#launch/npm/programs.ts';
import npm from '#launch/resolvers/npm.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'launch-hints-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function folder(files: { readonly [path: string]: string }): Promise<string> {
  const path = await mkdtemp(join(root, 'package-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(path, name, '..'), { recursive: true });
    await writeFile(join(path, name), text);
  }
  return path;
}

const readme = (...blocks: string[]) => ({
  'README.md': blocks.map((block) => `Text\n\`\`\`json\n${block}\n\`\`\`\n`).join('\n'),
});

describe('arguments', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'npx with a version',
      `{"mcpServers":{"x":{"command":"npx","args":["-y","@a/srv@latest","server","start"]}}}`,
      ['server', 'start'],
    ],
    ['the program itself', `{"servers":{"x":{"type":"stdio","command":"srv","args":["--stdio"]}}}`, ['--stdio']],
    [
      'comments, a trailing comma, no braces',
      `"mcpServers": { /* here */ "x": { "command": "npx", "args": ["@a/srv", "--stdio",], }, } // end`,
      ['--stdio'],
    ],
    [
      'placeholders go, with the option before them',
      `{"command":"npx","args":["@a/srv","--key","<YOUR_KEY>","--stdio","--url=https://your-host","/path/to/dir"]}`,
      ['--stdio'],
    ],
    [
      'VS Code inputs go',
      `{"servers":{"x":{"command":"npx","args":["@a/srv","--token","\${input:token}","--read"]}}}`,
      ['--read'],
    ],
  ])('%s', async (_, block, args) => {
    expect((await readHints(await folder(readme(block)), '@a/srv', ['srv'])).args).toEqual([args]);
  });

  test.each([
    ['another package', `{"command":"npx","args":["@a/other","--stdio"]}`],
    ['a package whose name only begins like it', `{"command":"npx","args":["@a/srv-extra","--stdio"]}`],
    ['docker', `{"command":"docker","args":["run","-i","a/srv"]}`],
    ['no JSON', `"command": [[[[`],
    ['too deep', `${'{"a":'.repeat(2_000)}{"command":"srv","args":["x"]}`],
    ['wrong types', `{"command":{"a":1},"args":{"b":2},"env":[1]}`],
  ])('none from %s', async (_, block) => {
    expect(await readHints(await folder(readme(block)), '@a/srv', ['srv'])).toEqual({ inputs: [], args: [] });
  });
});

describe('other files of a package', () => {
  const hints = async (files: Record<string, string>) =>
    readHints(await folder(files), '@a/srv', ['srv'], [], ['dist/index.js']);

  test('smithery.yaml is read, and its code is not run', async () => {
    const yaml = `startCommand:
  type: stdio
  configSchema:
    required: [key]
    properties:
      key: { description: The key }
  commandFunction: |-
    (config) => ({ command: 'npx', args: ['-y', '@a/srv', "--stdio"], env: { SRV_KEY: config.key, OTHER: config.other } })
`;
    expect(await hints({ 'smithery.yaml': yaml })).toEqual({
      inputs: [{ name: 'SRV_KEY', description: 'The key', required: true, secret: true }, { name: 'OTHER' }],
      args: [['--stdio']],
    });
    for (const code of ["args: ['@a/srv', config.mode]", "args: ['@a/srv', ...more]", 'args: make()'])
      expect((await hints({ 'smithery.yaml': yaml.replace(/args: \[[^\]]*\]/, code) })).args, code).toEqual([]);
    expect(await hints({ 'smithery.yaml': 'a: &a [*a, *a]\nstartCommand: 7' })).toEqual({ inputs: [], args: [] });
  });

  test.each([
    ['node of its file', 'FROM x\nCMD ["node", "/app/dist/index.js", "--port", "8080"]', ['--port', '8080']],
    ['an entry point with a command', 'ENTRYPOINT ["node", "dist/index.js"]\nCMD ["serve"]', ['serve']],
    ['words over two lines', 'CMD node dist/index.js \\\n  --stdio', ['--stdio']],
    ['the last one', 'CMD ["srv", "first"]\nCMD ["srv", "second"]', ['second']],
  ])('a Dockerfile that starts %s', async (_, text, args) => {
    expect((await hints({ Dockerfile: text })).args).toEqual([args]);
  });

  test.each([
    'CMD ["npm", "start"]',
    'CMD node dist/index.js --a | tee log',
    'ENTRYPOINT ["/entry.sh", "x"]',
    'FROM node',
  ])('a Dockerfile that starts something else: %s', async (text) => {
    expect((await hints({ Dockerfile: text })).args).toEqual([]);
  });

  test('typed arguments of server.json: fixed, by default, filled in, chosen', async () => {
    const packageArguments = [
      { type: 'positional', value: 'run' },
      { type: 'named', name: '--level', default: 'info' },
      { type: 'named', name: '--at', value: '{host}:1', variables: { host: { default: 'here' } } },
      { type: 'named', name: '--token', isRequired: true, isSecret: true, choices: ['x'] },
      { type: 'named', name: '--mode', isRequired: true, choices: ['stdio', 'http'] },
      { type: 'named', name: '--quiet', isRequired: true, format: 'boolean' },
      { type: 'named', name: '--may', choices: ['a'] },
      { type: 'positional', valueHint: 'dir', isRequired: true },
      { type: 'positional', value: 'after' },
    ];
    const text = JSON.stringify({ packages: [{ identifier: '@a/srv', packageArguments }] });
    expect((await hints({ 'server.json': text })).args).toEqual([
      ['run', '--level', 'info', '--at', 'here:1', '--mode', 'stdio', '--quiet'],
    ]);
  });

  test('the YAML that Continue takes', async () => {
    const block =
      'mcpServers:\n  - name: x\n    command: npx\n    args:\n      - "-y"\n      - "@a/srv"\n      - --stdio\n    env:\n      SRV_REGION: eu\n';
    expect(await hints({ 'README.md': `\`\`\`yaml\n${block}\`\`\`\n` })).toEqual({
      inputs: [{ name: 'SRV_REGION', default: 'eu' }],
      args: [['--stdio']],
    });
  });
});

describe('variables', () => {
  test('from listing, server.json, README and source, the first that says a thing holds', async () => {
    const path = await folder({
      ...readme(`{"command":"srv","env":{"API_KEY":"sk-123","REGION":"eu","HOST":"https://your-host","bad name":"x"}}`),
      'server.json': JSON.stringify({
        packages: [
          {
            identifier: '@a/srv',
            packageArguments: [
              { type: 'positional', value: 'serve' },
              { type: 'named', name: '--dir', value: '{dir}' },
            ],
            environmentVariables: [{ name: 'API_KEY', description: 'The key', isRequired: true, isSecret: true }, 7],
          },
          { identifier: '@a/other', environmentVariables: [{ name: 'OTHER' }] },
        ],
      }),
      'dist/index.js': `const { FROM_PARTS, ALSO: renamed } = process.env; process.env.NODE_ENV; process.env.HOME; process.env['QUOTED_NAME'];
        process.env.LAST; env.THROUGH_HELPER; read('MY_ACCESS_TOKEN')`,
      'dist/index.test.js': 'process.env.ONLY_TESTED',
      'node_modules/dep/index.js': 'process.env.OF_DEPENDENCY',
    });
    const listed = [
      { name: 'LISTED', required: true },
      { name: 'API_KEY', description: 'As listed' },
    ];
    const { inputs, args } = await readHints(path, '@a/srv', ['srv'], listed);
    expect(args).toEqual([['serve']]);
    expect(inputs.slice(0, 4)).toEqual([
      { name: 'LISTED', required: true },
      { name: 'API_KEY', description: 'As listed', required: true, secret: true },
      { name: 'REGION', default: 'eu' },
      { name: 'HOST' },
    ]);
    expect(
      inputs
        .slice(4)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['ALSO', 'FROM_PARTS', 'LAST', 'MY_ACCESS_TOKEN', 'QUOTED_NAME', 'THROUGH_HELPER']);
    expect(inputs.find(({ name }) => name === 'MY_ACCESS_TOKEN')?.secret).toBe(true);
  });

  test('text without end is cut, not hung over', async () => {
    const path = await folder({
      'README.md': `${'```json\n{"command":'.repeat(50_000)}`,
      'index.js': `${'{a,'.repeat(500_000)}} = process.env`,
    });
    const began = Date.now();
    expect((await readHints(path, 'srv', [])).args).toEqual([]);
    expect(Date.now() - began).toBeLessThan(5_000);
  });
});

describe('programs', () => {
  test.each<[string, unknown, readonly string[]]>([
    ['bin as text', { name: '@a/srv', bin: './dist/cli.js' }, ['dist/cli.js']],
    [
      'the one named as the package first',
      { name: '@a/srv', bin: { tool: 'a.js', 'x-mcp': 'b.js', srv: 'c.js' } },
      ['c.js', 'b.js', 'a.js'],
    ],
    [
      'none that sets up or removes',
      { name: 'srv', bin: { 'srv-setup': 'a.js', uninstall: 'b.js', srv: 'c.js' } },
      ['c.js'],
    ],
    ['the main file without bin', { name: 'srv', main: 'lib/main' }, ['lib/main']],
    ['index.js without anything', { name: 'srv' }, ['index.js']],
    [
      'nothing that leads out',
      { name: 'srv', bin: { a: '../x.js', b: '/etc/x.js', c: 'C:\\x.js', d: 'ok/../../x.js' } },
      [],
    ],
    ['nothing of a manifest that is none', 'text', []],
    ['nothing of wrong types', { name: 7, bin: { a: 7, b: {} } }, []],
  ])('%s', (_, manifest, files) => {
    expect(programs(manifest).map((program) => program.file)).toEqual(files);
  });
});

test('launches: bare first, then as documented, then the other programs, each once', async () => {
  const tree = await folder({
    'node_modules/srv/package.json': JSON.stringify({
      name: 'srv',
      bin: { srv: 'cli', other: 'other.js', gone: 'gone.js' },
    }),
    'node_modules/srv/cli.js': 'process.env.SRV_TOKEN',
    'node_modules/srv/other.js': '',
    'node_modules/srv/README.md': readme(
      `{"command":"npx","args":["srv","--stdio"]}`,
      `{"command":"srv","args":["--stdio"]}`,
    )['README.md'],
  });
  const artefact: Artefact = { purl: 'pkg:npm/srv', name: 'srv', version: '1.0.0', integrity: 'sha512-x' };
  const inputs = [{ name: 'SRV_TOKEN', secret: true }];
  const common = { resolver: 'npm', artefact, runtime: 'node' as const, tree, inputs };
  expect(await npm.launches(artefact, tree, { purl: artefact.purl })).toEqual([
    { ...common, entry: 'node_modules/srv/cli.js', args: [] },
    { ...common, entry: 'node_modules/srv/cli.js', args: ['--stdio'] },
    { ...common, entry: 'node_modules/srv/other.js', args: [] },
  ]);
  const [listed] = await npm.launches(artefact, tree, { purl: artefact.purl, args: ['--listed'] });
  expect(listed?.args).toEqual(['--listed']);
});
