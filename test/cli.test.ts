import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyQuote } from '#classify/quote.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import type { Evidence } from '#domain/verdict.ts';
import { cli, startCli } from './support/cli.ts';
import { mcpPackage } from './support/mcp-package.ts';
import { type NpmRegistry, npmRegistry } from './support/npm-registry.ts';

let registry: NpmRegistry;
let home: string;
let env: Record<string, string>;
beforeAll(async () => {
  registry = await npmRegistry();
  home = mkdtempSync(join(tmpdir(), 'plimsoll-cli-'));
  // Else a crawler that is root stages elsewhere, and would leave that behind.
  chmodSync(home, 0o755);
  env = {
    PLIMSOLL_HOME: home,
    PLIMSOLL_NPM_REGISTRY_URL: registry.url,
    PLIMSOLL_MCP_REGISTRY_URL: 'http://127.0.0.1:9',
  };
  registry.publish(
    mcpPackage('@fixture/mail', [
      { name: 'send_email', description: 'Send an e-mail to anybody.', annotations: { readOnlyHint: true } },
      { name: 'list_mails', description: 'List the mails of a folder.' },
      { name: 'Ünï/cøde näme', description: '<script>alert(1)</script> \u001b[31mred' },
    ]),
  );
});
afterAll(async () => {
  await registry.close();
  rmSync(home, { recursive: true, force: true });
});

describe('the command line', () => {
  test('helps, and knows wrong use from failure', async () => {
    const help = await cli(['--help'], env);
    expect(help.code).toBe(0);
    expect(help.out).toContain('nightly');
    expect(help.out).toContain('PLIMSOLL_HOME');
    const ofJob = await cli(['export', '--help'], env);
    expect(ofJob).toMatchObject({ code: 0 });
    // Of one job what it takes: the fifty settings would push that off the screen.
    expect(ofJob.out).toMatch(/--format[\s\S]*plimsoll --help lists them/);
    expect(ofJob.out).not.toContain('PLIMSOLL_HOME');
    const wrong: readonly (readonly [string[], RegExp])[] = [
      [['frobnicate'], /unknown command 'frobnicate'/],
      [['nightly', '--limit', 'many'], /--limit takes a whole number of 0 or more, not 'many'/],
      [['nightly', '--sandbox', 'paper'], /no sandbox 'paper'.*bubblewrap, deno and none/],
      [['discover', '--source', 'moon'], /no source 'moon'.*npm.*registry.*starter/],
      [['discover', '--accept', 'npm', '--limit', '3'], /--accept reads its source to the end/],
      [['discover', '--since', 'yesterday'], /--since takes a span/],
      [['export'], /missing required argument/],
      [['export', 'npm:nobody'], /knows no server 'npm:nobody'/],
      [['inspect', 'ftp:x'], /'ftp:x' is not a package/],
      [['classify', '/no/such/file'], /no file '\/no\/such\/file'/],
    ];
    for (const [args, said] of wrong) {
      const ran = await cli(args, env);
      expect(ran.code, `${args.join(' ')}: ${ran.err}`).toBe(2);
      expect(ran.err).toMatch(said);
      expect(ran.err).not.toMatch(/\n\s+at /);
    }
    const port = await cli(['doctor'], { ...env, PLIMSOLL_PORT: 'x' });
    expect(port).toMatchObject({ code: 2 });
    expect(port.err).toContain('PLIMSOLL_PORT');
    const database = await cli(['classify'], { ...env, DATABASE_URL: 'postgres://u:hush@127.0.0.1:9/x' });
    expect(database.code).toBe(3);
    expect(database.err).toContain('127.0.0.1:9');
    expect(database.err).not.toContain('hush');
  });

  test('classifies JSON Lines, reports bad lines by number and goes on', async () => {
    const file = join(home, 'servers.jsonl');
    const good = {
      server: 's',
      tools: [{ name: 'delete_user', description: 'Deletes a user for good.', inputSchema: null }],
    };
    writeFileSync(
      file,
      `${JSON.stringify(good)}\n{"server":\n{"server":"t","tools":[{"name":3}]}\n\n${JSON.stringify({ server: 'u', tools: [{ name: 'list_users' }] })}\n`,
    );
    const ran = await cli(['classify', file, '--no-llm'], env);
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/servers\.jsonl:2: not JSON/);
    expect(ran.err).toMatch(/servers\.jsonl:3: .*name/);
    const verdicts = ran.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(verdicts).toMatchObject([
      { server: 's', tool: 'delete_user', category: 'Destructive', access: 'write', risk: 'critical' },
      { server: 'u', tool: 'list_users', category: 'Read', access: 'read', risk: 'low' },
    ]);
  });

  test('inspects a package end to end, stores nothing, and quotes what it says', async () => {
    const ran = await cli(['inspect', 'npm:@fixture/mail@1.0.0', '--json'], env);
    expect(ran.code, ran.err).toBe(0);
    const seen = JSON.parse(ran.out);
    expect(seen).toMatchObject({
      server: 'npm:@fixture/mail',
      outcome: 'listed',
      launch: { artefact: { version: '1.0.0' } },
    });
    expect(seen.tools).toHaveLength(3);
    for (const tool of seen.tools as (ToolDefinition & { verdict: { evidence: Evidence[] } })[]) {
      expect(tool.verdict.evidence.length).toBeGreaterThan(0);
      for (const { quote } of tool.verdict.evidence) expect(verifyQuote(tool, quote)).toBe(true);
    }
    expect(seen.policy).toMatchObject({
      version: '1',
      default: 'deny',
      tools: { send_email: { why: expect.any(Array) } },
    });
    const text = await cli(['inspect', 'npm:@fixture/mail'], env);
    expect(text.out).toContain('send_email');
    expect(text.out).not.toContain('\u001b');
    const missing = await cli(['inspect', 'npm:@fixture/nothing', '--json'], env);
    expect(missing.code).toBe(1);
    expect(JSON.parse(missing.out)).toMatchObject({ outcome: 'failed', phase: 'resolve' });
  });

  test('crawls, exports and serves what it found, and notices a new version', async () => {
    const args = ['nightly', '--source', 'npm', '--json'];
    const first = await cli(args, env);
    expect(first.code, first.err).toBe(0);
    expect(JSON.parse(first.out)).toMatchObject({
      servers: { seen: 1, listed: 1, wantsCredentials: 0, failed: 0, unchanged: 0 },
      tools: { total: 3 },
      outcomes: [{ server: 'npm:@fixture/mail', outcome: 'listed', phase: null, reason: null }],
      sources: [{ source: 'npm', sightings: 1, error: null }],
    });
    const exported = await cli(['export', 'npm:@fixture/mail', '--tool', 'list_mails'], env);
    expect(JSON.parse(exported.out)).toMatchObject({ default: 'deny', tools: { list_mails: {} } });
    expect((await cli(['export', 'npm:@fixture/mail', '--format', 'papyrus'], env)).err).toMatch(
      /Formats are agentcore.*plimsoll/,
    );

    const out = join(home, 'policies');
    const codex = await cli(['export', 'npm:@fixture/mail', '--format', 'codex', '-o', out], env);
    expect([codex.code, codex.out], codex.err).toEqual([0, '']);
    expect(codex.err).toMatch(/Lost: .*pin became unchecked.*\nWhere: .*\nLoad: .*\nCheck: /s);
    expect(readFileSync(join(out, 'codex.config.toml'), 'utf8')).toContain('enabled_tools = [');
    expect(JSON.parse(readFileSync(join(out, 'codex.losses.json'), 'utf8'))).toContainEqual(
      expect.objectContaining({ tool: 'Ünï/cøde näme', lost: 'name', became: 'deny' }),
    );

    const server = startCli(['serve'], { ...env, PLIMSOLL_PORT: '0', PLIMSOLL_HOST: '127.0.0.1' });
    let said = '';
    const base = await new Promise<string>((resolve, reject) => {
      server.child.stderr!.on('data', (chunk) => {
        said += chunk;
        const [, url] = /(http:\S+)/.exec(said) ?? [];
        if (url) resolve(url);
      });
      server.child.once('exit', () => reject(new Error(said)));
    });
    const tool = await fetch(`${base}/v1/servers/npm%3A%40fixture%2Fmail/tools/${encodeURIComponent('Ünï/cøde näme')}`);
    expect(tool.status).toBe(200);
    const page = await fetch(`${base}/servers/%40fixture/mail/-/tools/send_email`);
    expect([page.status, (await page.text()).includes('send_email')]).toEqual([200, true]);
    // While it serves, the embedded database is its own.
    const second = await cli(['export', 'npm:@fixture/mail'], env);
    expect(second.code).toBe(3);
    expect(second.err).toContain(`in use by process ${server.child.pid}`);
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(143);

    registry.publish(
      mcpPackage('@fixture/mail', [{ name: 'send_email', description: 'Send an e-mail.' }], { version: '1.1.0' }),
    );
    expect(JSON.parse((await cli(args, env)).out)).toMatchObject({
      servers: { listed: 1, unchanged: 0 },
      tools: { total: 1 },
    });
    expect(JSON.parse((await cli(args, env)).out)).toMatchObject({ servers: { listed: 0, unchanged: 1 } });
  });

  test('stops on SIGINT, gives back what it had taken up, and goes on the next time', async () => {
    const own = { ...env, PLIMSOLL_HOME: join(home, 'stopped'), PLIMSOLL_CONCURRENCY: '1' };
    registry.publish(mcpPackage('@fixture/slow', [{ name: 'wait' }], { startMs: 3000 }));
    const run = startCli(['nightly', '--source', 'npm', '--json'], own);
    await new Promise<void>((resolve) => {
      run.child.stderr!.on('data', (chunk) => String(chunk).includes('enumerate') && setTimeout(resolve, 1500));
    });
    run.child.kill('SIGINT');
    const stopped = await run.ended;
    expect(stopped.code).toBe(130);
    expect(stopped.out).toBe('');
    const next = JSON.parse((await cli(['nightly', '--source', 'npm', '--json'], own)).out);
    expect(next.servers.listed + next.servers.unchanged).toBe(2);
  });

  test('without a sandbox it reads source, says so, and marks every tool', async () => {
    const own = { ...env, PLIMSOLL_HOME: join(home, 'static') };
    const ran = await cli(['nightly', '--source', 'npm', '--sandbox', 'none', '--json'], own);
    expect(ran.code, ran.err).toBe(0);
    expect(ran.err).toContain('marked static');
    const { tools, servers } = JSON.parse(ran.out);
    expect(servers.listed).toBe(0);
    expect(tools.static).toBe(tools.total);
    expect(tools.total).toBeGreaterThan(0);
  });

  test('doctor looks at everything and shows no secret', async () => {
    const ran = await cli(['doctor', '--json'], env);
    const { findings, sandboxes } = JSON.parse(ran.out);
    expect(findings.map((one: { what: string }) => one.what)).toEqual(
      expect.arrayContaining(['runtime', 'database', 'sandbox', 'source starter', 'DATABASE_URL']),
    );
    expect(sandboxes.map((one: { id: string }) => one.id)).toEqual(['container', 'bubblewrap', 'deno']);
    expect(ran.code).toBe(0);
    // What was found stands in one column, however long the name before it.
    const told = (await cli(['doctor'], env)).out.split('\n').filter((line) => /^(?:ok|warn|WRONG|FAIL) /.test(line));
    const columns = told.map((line) => /^\S+ +\S+(?: \S+)* {2,}(?=\S)|^.{6}\S{27} /.exec(line)?.[0].length);
    expect(new Set(columns).size, told.join('\n')).toBe(1);
  });
});
