// biome-ignore-all lint/suspicious/noTemplateCurlyInString: actions and configurations write their variables so.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type NpmRegistry, npmRegistry } from '../support/npm-registry.ts';
import { type Person, person } from '../support/setup.ts';

const root = join(import.meta.dirname, '../..');
const SECRET = 'ghs_planted0123456789abcdefABCDEF012345';
let registry: NpmRegistry;
let me: Person;
beforeEach(async () => {
  registry = await npmRegistry();
  me = person();
});
afterEach(async () => {
  await registry.close();
  me[Symbol.dispose]();
});

/** Runs the script as GitHub would, in a workspace; nothing is started. */
async function act(inputs: Readonly<Record<string, string>>) {
  const { workspace } = me.around;
  const [summary, output] = [me.put('summary.md', ''), me.put('output.txt', '')];
  const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name}`, value]);
  const child = spawn(process.execPath, [join(root, 'action/run.ts')], {
    env: {
      ...{ PATH: process.env.PATH!, HOME: me.around.home, GITHUB_TOKEN: SECRET, ACTIONS_RUNTIME_TOKEN: SECRET },
      ...{ GITHUB_WORKSPACE: workspace, GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output },
      ...{
        RUNNER_TEMP: join(workspace, '..', 'temp'),
        PLIMSOLL_SANDBOX: 'none',
        PLIMSOLL_NPM_REGISTRY_URL: registry.url,
      },
      ...Object.fromEntries(given),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      log += chunk;
    });
  const [code] = await once(child, 'close');
  const outputs = Object.fromEntries(
    readFileSync(output, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split('=')),
  );
  return { code, log, summary: readFileSync(summary, 'utf8'), outputs };
}

test('sums up for a pull request, hands SARIF over, and points at the line', async () => {
  const description = '::error::evil\n::set-output name=x::y | <b>@everyone</b>';
  const source = `import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
const server = new McpServer({ name: 'x', version: '1.0.0' });
server.tool('run_shell', ${JSON.stringify(`Runs any shell command. ${description}`)}, {}, async () => ({ content: [] }));
`;
  registry.publish({ name: '@fixture/x', manifest: { type: 'module', bin: { x: 'i.js' } }, files: { 'i.js': source } });
  me.put('work/.mcp.json', {
    mcpServers: {
      '\n::warning::x': { command: 'npx', args: ['-y', '@fixture/x', `--token=\${GITHUB_TOKEN}`] },
      asks: { command: 'npx', args: ['-y', `@fixture/\${GITHUB_TOKEN}`] },
    },
  });
  const { code, log, summary, outputs } = await act({ PATH: '.', FAIL_ON: 'high' });
  expect(code, log).toBe(1);
  expect(summary).toMatch(/^# Plimsoll scan\n/);
  expect(summary).not.toMatch(/<b>|^::|[^;]@everyone/m);
  expect(Number(outputs.findings)).toBeGreaterThan(1);
  const sarif = JSON.parse(readFileSync(outputs.sarif!, 'utf8'));
  expect(sarif.version).toBe('2.1.0');
  const [, token] = /^::stop-commands::(\S+)$/m.exec(log) ?? [];
  const after = log.slice(log.indexOf(`::${token}::`));
  expect(after).toMatch(/^::error file=\.mcp\.json,line=3,title=Plimsoll%3A risk::.*run_shell/m);
  // Commands of a workflow begin a line; none of a stranger's does once commands are heeded again.
  expect(after).not.toMatch(/^::(?:set-output|warning)/m);
  for (const text of [log, summary, JSON.stringify(sarif), ...registry.seen.map(({ path }) => path)])
    expect(text).not.toContain(SECRET);
});

test('passes where nothing is found, and fails closed on inputs that are none', async () => {
  me.put('work/.mcp.json', { mcpServers: {} });
  expect(await act({ FAIL_ON: 'low' })).toMatchObject({ code: 0, outputs: { findings: '0' } });
  const wrong = await act({ FAIL_ON: 'hihg' });
  expect(wrong).toMatchObject({ code: 2, summary: expect.stringContaining('did not come to an end') });
  expect(await act({ FROZEN: 'yes' })).toMatchObject({ code: 1 });
});

test('the action hands every input to the script, and says what it has', () => {
  const action = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
  const scan = action.runs.steps.find(({ id }: { id?: string }) => id === 'scan');
  const script = readFileSync(join(root, 'action/run.ts'), 'utf8');
  for (const name of Object.keys(action.inputs).filter((one) => one !== 'upload')) {
    const variable = `INPUT_${name.toUpperCase().replaceAll('-', '_')}`;
    expect(scan.env[variable]).toBe(`\${{ inputs.${name} }}`);
    expect(script).toContain(`'${variable.slice(6)}'`);
  }
  // Nothing that others wrote stands in a script, where it would be run.
  for (const { run } of action.runs.steps) expect(run ?? '').not.toContain('${{');
  expect(existsSync(join(root, 'action/run.ts'))).toBe(true);
});
