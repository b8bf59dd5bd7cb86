import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { classify, exportPolicy, type ListedTool, recommend } from '../src/index.ts';

const root = join(import.meta.dirname, '..');
const home = mkdtempSync(join(tmpdir(), 'plimsoll-package-'));
const installed = join(home, 'node_modules/plimsoll');
afterAll(() => rmSync(home, { recursive: true, force: true }));

const LISTED: readonly ListedTool[] = [
  { name: 'list_repos', description: 'Lists repositories.', inputSchema: { type: 'object' } },
  { name: 'delete_repo', description: 'Deletes a repository for good.', inputSchema: { type: 'object' } },
];

/**
 * The tarball in an empty folder, as `npm install` leaves it but for its dependencies, which are linked from here: the
 * soak has npm fetch them.
 */
beforeAll(() => {
  const npm = join(root, 'node_modules/npm/bin/npm-cli.js');
  const env = { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}` };
  const out = execFileSync(process.execPath, [npm, 'pack', '--json', '--pack-destination', home], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  const [{ filename }] = JSON.parse(out) as [{ filename: string }];
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(home, filename), '-C', installed, '--strip-components=1']);
  symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'));
}, 180_000);

function run(program: string, ...args: readonly string[]) {
  return spawnSync(process.execPath, [program, ...args], {
    cwd: home,
    encoding: 'utf8',
    input: `${JSON.stringify({ server: 'forge', tools: LISTED })}\n`,
    env: { PATH: process.env.PATH, HOME: home, PLIMSOLL_HOME: join(home, 'kept') },
  });
}

test('the package holds what is built, and nothing for its makers alone', () => {
  const files = execFileSync('find', ['-P', '.', '-type', 'f'], { cwd: installed, encoding: 'utf8' }).split('\n');
  expect(files).toContain('./dist/drizzle/meta/_journal.json');
  expect(files).toContain('./dist/src/publish/assets/style.css');
  expect(files.filter((file) => /\.test\.|\/test\/|\/bench\/|data\/gold/.test(file))).toEqual([]);
  expect(files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))).toEqual([]);
});

test('the command of the package judges as the sources do, under the same rules', async () => {
  const bin = join(installed, 'dist/bin.cjs');
  const { stdout, stderr, status } = run(bin, 'classify', '-');
  expect([status, stderr]).toEqual([0, expect.not.stringContaining('bug')]);
  const said = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { category: string; risk: string });
  const verdicts = await classify(LISTED);
  expect(said.map(({ category, risk }) => [category, risk])).toEqual(
    verdicts.map(({ category, risk }) => [category, risk]),
  );
  expect(verdicts.map(({ category }) => category)).toEqual(['Read', 'Destructive']);
});

test('the command of the package names itself in what it advises, not the scripts of the project', () => {
  const { stdout, status } = run(join(installed, 'dist/bin.cjs'), 'scan', '--help');
  expect(status).toBe(0);
  expect(stdout).toContain('\n  plimsoll scan');
  expect(stdout).not.toContain('npm run');
});

test('an older Node is told so, with the code for what is missing', () => {
  const bin = readFileSync(join(installed, 'dist/bin.cjs'), 'utf8');
  const old = join(home, 'old.cjs');
  writeFileSync(
    old,
    `Object.defineProperty(process, 'versions', { value: { node: '20.19.0' } });\n${bin.replace(/^#!.*/, '')}`,
  );
  const { status, stderr } = run(old);
  expect([status, stderr]).toEqual([
    3,
    expect.stringMatching(/^plimsoll needs Node 24 or newer; this is v[\d.]+\.\n$/),
  ]);
});

test('the package is a library with types: judge, recommend, write', () => {
  const program = join(home, 'use.mts');
  writeFileSync(
    program,
    `import { classify, exportPolicy, type Policy, recommend, type Verdict } from 'plimsoll';
const tools = ${JSON.stringify(LISTED)};
const verdicts: readonly Verdict[] = await classify(tools);
const policy: Policy = await recommend({ name: 'forge', tools }, 'strict');
const { files, losses } = await exportPolicy(policy, 'claude-code');
console.log(JSON.stringify([verdicts.map(({ category }) => category), files[0]?.text, losses.length]));
// @ts-expect-error: a name is no number
export const wrong = () => classify([{ name: 1 }]);
`,
  );
  const { stdout, stderr } = run(program);
  expect(stderr).toBe('');
  const [categories, text, losses] = JSON.parse(stdout) as [string[], string, number];
  expect(categories).toEqual(['Read', 'Destructive']);
  expect(JSON.parse(text)).toMatchObject({ permissions: { allow: ['mcp__forge__list_repos'] } });
  expect(losses).toBeGreaterThan(0);
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const flags = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--module', 'nodenext', '--target', 'es2024'];
  const checked = run(tsc, ...flags, '--types', '', program);
  expect(checked.stdout).toBe('');
});

test('what is no tool, profile or format is refused by name', async () => {
  await expect(classify([{ name: 'a' }, { name: 'a' }])).rejects.toThrow(
    'tools[1] is no tool definition: another tool',
  );
  await expect(classify([{ name: '' }])).rejects.toThrow(TypeError);
  await expect(recommend({ name: 'forge', tools: [] }, 'lax' as 'strict')).rejects.toThrow(/^There is no such profile/);
  const policy = await recommend({ name: 'forge', tools: LISTED });
  expect(policy.tools.delete_repo).toMatchObject({ definition: expect.stringMatching(/^[0-9a-f]{64}$/) });
  await expect(exportPolicy(policy, 'yaml')).rejects.toThrow(/Formats are agentcore, /);
});
