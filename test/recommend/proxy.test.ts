import { mkdtempSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadClassifier } from '#classify/assess.ts';
import { readSettings } from '#config.ts';
import { definitionFingerprint } from '#core/definition.ts';
import type { CatalogueTool } from '#domain/catalogue.ts';
import type { Launch } from '#domain/launch.ts';
import type { Policy } from '#domain/policy.ts';
import { chooseSandbox } from '#enumerate/choose.ts';
import { enumerate } from '#enumerate/enumerate.ts';
import { LIMITS } from '#enumerate/limits.ts';
import type { Sandbox } from '#enumerate/sandbox.ts';
import { stdioTransport } from '#enumerate/transport.ts';
import { isUnavailable } from '#launch/resolver.ts';
import npm from '#launch/resolvers/npm.ts';
import { policyText, readPolicy } from '#publish/formats/policy-text.ts';
import { recommend } from '#recommend/recommend.ts';
import { proxy } from '../support/proxy.ts';
import { catalogueServer } from './sample.ts';

const PACKAGE = 'pkg:npm/%40modelcontextprotocol/server-memory';
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-proxy-'));
const stage = join(folder, 'stage');
const stop = new AbortController().signal;

/** A real server from npm, installed and ready to start in a sandbox; why not, where the registry does not answer. */
async function installed(): Promise<{ launch: Launch; sandbox: Sandbox } | string> {
  await chmod(folder, 0o755);
  const { sandbox } = await chooseSandbox('auto', { stage, settings: readSettings({}) });
  // Deno's scratch folder has another name at each start, and this server wants one to write to.
  if (!sandbox || sandbox.id === 'deno') return 'no sandbox with a /tmp of its own';
  const options = { home: join(folder, 'home'), stage, signal: stop };
  const artefact = await npm.current({ purl: PACKAGE }, options);
  if (isUnavailable(artefact)) return artefact.detail;
  const got = await npm.install(artefact, options);
  if (isUnavailable(got)) return got.detail;
  const [launch] = await npm.launches(artefact, got.tree, { purl: PACKAGE });
  return { launch: launch!, sandbox };
}
const ready = await installed();
const missing = typeof ready === 'string' ? ` (skipped: ${ready})` : '';

describe.skipIf(typeof ready === 'string')(`a policy in front of a real server${missing}`, () => {
  const { launch, sandbox } = ready as Exclude<typeof ready, string>;
  let policy: Policy;
  let client: Client;
  let now = 0;
  const approvals: string[] = [];
  let answer: 'accept' | 'decline' = 'accept';

  beforeAll(async () => {
    const { tools } = await enumerate(launch, sandbox, { stage, stop });
    const classifier = await loadClassifier();
    const names = tools.map(({ name }) => name);
    const judged = tools.map((definition): CatalogueTool => {
      const fingerprint = definitionFingerprint(definition);
      const verdict = classifier.assess(definition, names);
      const at = new Date(0);
      const key = { fingerprint, siblings: '', rules: '', prompt: '', model: '' };
      const assessment = { ...key, verdict, assessedAt: at };
      return { definition, fingerprint, provenance: 'listed', firstSeen: at, lastSeen: at, assessment };
    });
    // As a gateway gets it: from the exported text, with a cap and a hidden tool of the operator's.
    const wishes = { limits: { create_entities: { max: 2, window: 'minute' } }, deny: ['open_nodes'] } as const;
    const made = recommend(catalogueServer([], { tools: judged }), 'recommended', {
      limits: { ...wishes.limits },
      deny: [...wishes.deny],
    });
    policy = readPolicy(policyText({ ...made, hide: ['delete_observations'] }));

    const started = await sandbox.start({ ...launch, env: { MEMORY_FILE_PATH: '/tmp/memory.json' } }, LIMITS, stage);
    client = new Client({ name: 'agent', version: '0' }, { capabilities: { elicitation: {} } });
    client.setRequestHandler(ElicitRequestSchema, ({ params: { message } }) => {
      approvals.push(message);
      return { action: answer, ...(answer === 'accept' && { content: {} }) };
    });
    await client.connect(await proxy(policy, stdioTransport(started, LIMITS), () => now));
  });
  afterAll(async () => {
    await client?.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  });

  const entity = (name: string) => ({ entities: [{ name, entityType: 'thing', observations: ['seen'] }] });
  const call = async (name: string, args: object) => {
    const result = await client.callTool({ name, arguments: args as Record<string, unknown> });
    if (result.isError) throw new Error(`the server itself: ${JSON.stringify(result.content)}`);
    return result;
  };
  const names = async () => {
    const { content } = await call('read_graph', {});
    const graph = JSON.parse((content as { text: string }[])[0]!.text) as { entities: { name: string }[] };
    return graph.entities.map((one) => one.name);
  };

  test('what is allowed happens, and a cap stops what is above it until its window has passed', async () => {
    expect(await names()).toEqual([]);
    await call('create_entities', entity('a'));
    await call('create_entities', entity('b'));
    await expect(call('create_entities', entity('c'))).rejects.toThrow(/limited by tools.create_entities.limits/);
    expect(await names()).toEqual(['a', 'b']);
    now += 61_000;
    await call('create_entities', entity('c'));
    expect(await names()).toEqual(['a', 'b', 'c']);
  });

  test('what needs a person happens only with a yes', async () => {
    expect(policy.tools.delete_entities).toHaveProperty('approve');
    answer = 'decline';
    await expect(call('delete_entities', { entityNames: ['a'] })).rejects.toThrow(/not approved/);
    expect(await names()).toEqual(['a', 'b', 'c']);
    answer = 'accept';
    await call('delete_entities', { entityNames: ['a'] });
    expect(await names()).toEqual(['b', 'c']);
    expect(approvals).toEqual(Array(2).fill('delete_entities {"entityNames":["a"]}'));
  });

  test('what is denied, hidden or not named does not happen', async () => {
    await expect(call('open_nodes', { names: ['b'] })).rejects.toThrow(/denied by tools.open_nodes.deny/);
    const listed = (await client.listTools()).tools.map(({ name }) => name);
    expect(listed).toContain('open_nodes');
    expect(listed).not.toContain('delete_observations');
    await expect(call('delete_observations', { deletions: [] })).rejects.toThrow(/denied by hide/);
    await expect(call('no_such_tool', {})).rejects.toThrow(/denied by default/);
  });
});
