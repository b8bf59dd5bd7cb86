import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Policy } from '#domain/policy.ts';
import { loadExporters } from '#publish/formats/exporter.ts';
import { fingerprintOf } from './policies.ts';

const exporters = await loadExporters();
const folder = join(import.meta.dirname, 'golden');
const why = ['Because its name says so. (name: “it”)'];
const limit = { counter: 'c', window: 'hour', max: 5, scope: 'grant' } as const;
const approve = { by: 'user', timeout: 'PT5M', show: ['tool', 'arguments'] } as const;
const deny = { reason: 'No.' };

const RULES = {
  list_issues: {},
  update_issue: { limits: [limit] },
  delete_issue: { limits: [limit, { ...limit, counter: 'd', window: 'day', max: 20 }], approve },
  move_files: {
    deny_if: [{ conditions: [{ path: 'args.paths', of: 'some', op: 'regex', value: '^/etc/' }], on_deny: 'No.' }],
  },
  run_query: { deny },
  secret: { deny },
} as const;
const HOSTILE = ['a"]\npermit', '"', 'a\u202eb', '文件_读取', '__proto__', '# a', '`a`', '{{a}}', 'lone\ud800'];

function policyOf(server: string, rules: Readonly<Record<string, object>>, hide: readonly string[] = []): Policy {
  const tools = Object.fromEntries(
    Object.entries(rules).map(([name, rule]) => [name, { ...rule, why, definition: fingerprintOf(name) }]),
  );
  return { version: '1', default: 'deny', profile: 'recommended', server, hide, tools };
}

// There is no compiler of Rego to ask: what a person read and found right is kept, and every change of it is seen.
test.each([
  ['tracker', policyOf('tracker', RULES, ['secret'])],
  ['hostile', policyOf('hostile', Object.fromEntries(HOSTILE.map((name, at) => [name, at % 2 ? { deny } : {}])))],
  ['empty', policyOf('empty', {})],
])('Rego of the server %s is what was read', (name, policy) => {
  const [file] = exporters.get('rego')!.write([policy]).files;
  const kept = join(folder, `${name}.rego`);
  if (!existsSync(kept) && process.env.GOLDEN === 'write') writeFileSync(kept, file!.text);
  expect(file!.text).toBe(readFileSync(kept, 'utf8'));
});
