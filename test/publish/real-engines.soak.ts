import { mkdtempSync } from 'node:fs';
import { chmod, copyFile, link, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { readSettings } from '#config.ts';
import type { Policy } from '#domain/policy.ts';
import { chooseSandbox } from '#enumerate/choose.ts';
import { LIMITS } from '#enumerate/limits.ts';
import { isUnavailable } from '#launch/resolver.ts';
import npm from '#launch/resolvers/npm.ts';
import { loadExporters } from '#publish/formats/exporter.ts';
import { labelsOf } from '#publish/formats/label.ts';
import { geminiServer } from '#publish/spelling/gemini.ts';
import { effectOf, ruleOf } from '#recommend/effect.ts';
import { policies, TRICKY_NAMES } from './policies.ts';

// Programs of hundreds of megabytes, fetched for this run only; each version is the one that the exporters were read by.
const GEMINI = 'pkg:npm/%40google/gemini-cli-core@0.61.0';
const CODEX = 'pkg:npm/%40openai/codex@0.169.0-linux-x64';
const CLAUDE = 'pkg:npm/%40anthropic-ai/claude-code-linux-x64@2.1.330';
/** Cases a format. */
const CASES = 10_000;
/** Configurations that a program reads, a process each, the cases shared among them. */
const BATCH = 40;

const exporters = await loadExporters();
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-engines-'));
await chmod(folder, 0o755);
const stage = join(folder, 'stage');
const options = { home: join(folder, 'home'), stage, signal: new AbortController().signal };
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));

/** Where a package lies once it is installed; why not, where the registry does not answer. */
async function installed(purl: string): Promise<{ at: string } | string> {
  const [name, version] = decodeURIComponent(purl.slice('pkg:npm/'.length)).split(/(?<=.)@/) as [string, string];
  const artefact = await npm.current({ purl: purl.slice(0, purl.lastIndexOf('@')), version }, options);
  if (isUnavailable(artefact)) return artefact.detail;
  const got = await npm.install(artefact, options);
  return isUnavailable(got) ? got.detail : { at: join(got.tree, 'node_modules', name) };
}

const gemini = await installed(GEMINI);
describe.skipIf(typeof gemini === 'string')(
  `Gemini CLI's own engine${typeof gemini === 'string' ? ` (skipped: ${gemini})` : ''}`,
  () => {
    test('allows nothing that the policy does not, and denies what it does not name', async () => {
      const from = (file: string) => import(join((gemini as { at: string }).at, 'dist/src', file));
      const { loadPoliciesFromToml } = await from('policy/toml-loader.js');
      const { PolicyEngine } = await from('policy/policy-engine.js');
      const { generateValidName } = await from('tools/mcp-tool.js');
      const file = join(folder, 'gemini');
      await mkdir(file);
      let decided = 0;
      // It tells of every decision, and of every name that it cuts.
      for (const told of ['debug', 'warn'] as const) vi.spyOn(console, told).mockImplementation(() => {});
      await fc.assert(
        fc.asyncProperty(policies, async (all) => {
          const labels = labelsOf(all);
          await writeFile(join(file, 'p.toml'), exporters.get('gemini-policy')!.write(all).files[0]!.text);
          const { rules, errors } = await loadPoliciesFromToml([file], () => 2);
          expect(errors.filter(({ severity }: { severity?: string }) => severity !== 'warning')).toEqual([]);
          const engine = new PolicyEngine({ rules });
          for (const policy of all) {
            const server = geminiServer(labels.get(policy)!);
            const known = new Set(Object.keys(policy.tools).map((tool) => generateValidName(`${server}_${tool}`)));
            for (const tool of new Set([...Object.keys(policy.tools), ...TRICKY_NAMES])) {
              const name = generateValidName(`${server}_${tool}`);
              const { decision } = await engine.check({ name, args: {} }, server);
              decided++;
              const rule = ruleOf(policy, tool);
              // A new tool whose name becomes that of another is taken for it.
              if (!rule && known.has(name)) continue;
              const free = rule && effectOf(policy, tool) === 'allowed';
              const asks = rule && !['denied', 'hidden'].includes(effectOf(policy, tool));
              expect([...(free ? ['allow'] : []), ...(asks ? ['ask_user'] : []), 'deny'], tool).toContain(decision);
            }
          }
        }),
        { numRuns: CASES },
      );
      expect(decided).toBeGreaterThan(10 * CASES);
    });
  },
);

interface Ran {
  readonly code: number;
  readonly out: string;
}

/** What a program says of each of some configurations, all in one sandbox; its own settings lie in `place` of its home. */
async function asked(
  program: string,
  args: readonly string[],
  place: string,
  texts: readonly string[],
): Promise<readonly Ran[]> {
  const { sandbox } = await chooseSandbox('bubblewrap', { stage, settings: readSettings({}) });
  const tree = mkdtempSync(join(folder, 'tree-'));
  await chmod(tree, 0o755);
  await link(program, join(tree, 'program')).catch(() => copyFile(program, join(tree, 'program')));
  await chmod(join(tree, 'program'), 0o755);
  await writeFile(join(tree, 'cases.json'), JSON.stringify({ args, place, texts }));
  await writeFile(join(tree, 'driver.mjs'), DRIVER);
  const env = { HOME: '/home/u', CODEX_HOME: '/home/u/.codex', PATH: '/usr/bin:/bin' };
  const running = await sandbox!.start(
    { runtime: 'node', tree, entry: 'driver.mjs', args: [], env },
    { ...LIMITS, memory: LIMITS.memory * 4, pids: 512 },
    stage,
  );
  const [out, err] = await Promise.all([text(running.stdout), text(running.stderr)]);
  await running.ended;
  expect(err).toBe('');
  return JSON.parse(out);
}

const DRIVER = `
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
const here = import.meta.dirname;
const { args, place, texts } = JSON.parse(readFileSync(join(here, 'cases.json'), 'utf8'));
const file = join(process.env.HOME, place);
mkdirSync(dirname(file), { recursive: true });
console.log(JSON.stringify(texts.map((text) => {
  writeFileSync(file, text);
  const { status, stdout, stderr } = spawnSync(join(here, 'program'), args, { encoding: 'utf8', timeout: 60_000 });
  return { code: status, out: stdout + stderr };
})));
`;

/** Policies of many servers, each with a name of its own: all cases in a few files. */
const samples = Array.from({ length: BATCH }, () => {
  const known = new Set<string>();
  return fc
    .sample(policies, CASES / BATCH)
    .flat()
    .map((policy): Policy => {
      const server = known.has(policy.server) ? `${policy.server} ${known.size}` : policy.server;
      known.add(server);
      return { ...policy, server };
    });
});
const sandboxed = (await chooseSandbox('bubblewrap', { stage, settings: readSettings({}) })).sandbox !== undefined;

const codex = sandboxed ? await installed(CODEX) : 'no bubblewrap';
describe.skipIf(typeof codex === 'string')(`Codex${typeof codex === 'string' ? ` (skipped: ${codex})` : ''}`, () => {
  test('reads every configuration, and refuses a mode that it does not know', async () => {
    const program = join((codex as { at: string }).at, 'vendor/x86_64-unknown-linux-musl/bin/codex');
    // What the user's own table says: how the server is started.
    const started = (text: string) => text.replace(/^(\[mcp_servers\.[^.\]]+\])$/gm, '$1\ncommand = "true"');
    const texts = samples.map((all) => started(exporters.get('codex')!.write(all).files[0]!.text));
    const wrong = texts.find((text) => text.includes('"prompt"'))!.replace('"prompt"', '"promt"');
    const ran = await asked(program, ['mcp', 'list', '--json'], '.codex/config.toml', [...texts, wrong]);
    expect(ran.at(-1)).toMatchObject({ code: 1, out: expect.stringContaining('unknown variant') });
    for (const [at, { code, out }] of ran.slice(0, -1).entries()) {
      expect(code, `${out}\n${texts[at]}`).toBe(0);
      const names = (JSON.parse(out) as { name: string }[]).map(({ name }) => name);
      expect(names.toSorted()).toEqual([...labelsOf(samples[at]!).values()].toSorted());
    }
  });
});

const claude = sandboxed ? await installed(CLAUDE) : 'no bubblewrap';
describe.skipIf(typeof claude === 'string')(
  `Claude Code${typeof claude === 'string' ? ` (skipped: ${claude})` : ''}`,
  () => {
    test('finds nothing wrong with any settings, and says so of a rule that it would skip', async () => {
      const program = join((claude as { at: string }).at, 'claude');
      const texts = samples.map((all) => exporters.get('claude-code')!.write(all).files[0]!.text);
      const wrong = '{"permissions":{"deny":["mcp__main__b(x)"]}}';
      const ran = await asked(program, ['doctor'], '.claude/settings.json', [...texts, wrong]);
      expect(ran.at(-1)!.out).toContain('Invalid settings');
      for (const [at, { code, out }] of ran.slice(0, -1).entries()) {
        expect(code).toBe(0);
        expect(out).toContain('Claude Code doctor');
        expect(out, texts[at]).not.toContain('Invalid settings');
      }
    });
  },
);
