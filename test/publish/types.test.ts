import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PROFILES } from '#domain/policy.ts';
import { CATEGORIES } from '#domain/verdict.ts';
import { loadExporters } from '#publish/formats/exporter.ts';
import { recommend } from '#recommend/recommend.ts';
import { catalogueServer } from '../recommend/sample.ts';

const root = join(import.meta.dirname, '../..');
const exporters = await loadExporters();
const servers = [
  catalogueServer(
    CATEGORIES.map((category) => ({ name: `do_${category}`, category })),
    { slug: 'tracker' },
  ),
  catalogueServer([{ name: 'unjudged' }], { slug: 'other' }),
];

/** What a format writes is this type of the service's own SDK; the key that the negative misspells is one of it. */
const TYPES = {
  openai: {
    imports: "import type { Tool } from 'openai/resources/responses/responses';",
    type: 'Tool.Mcp',
    key: 'require_approval',
  },
  'anthropic-toolset': {
    imports: "import type { BetaMCPToolset } from '@anthropic-ai/sdk/resources/beta/messages/messages';",
    type: 'BetaMCPToolset',
    key: 'default_config',
  },
  'anthropic-managed': {
    imports: "import type { BetaManagedAgentsMCPToolsetParams } from '@anthropic-ai/sdk/resources/beta/agents/agents';",
    type: 'BetaManagedAgentsMCPToolsetParams',
    key: 'permission_policy',
  },
};

test('what is written for the model APIs is of the types of their own SDKs, and a misspelt key is not', () => {
  // Inside node_modules, where the compiler finds the SDKs and nobody else looks.
  const folder = mkdtempSync(join(root, 'node_modules', '.types-'));
  try {
    const files = Object.entries(TYPES).map(([id, { imports, type, key }]) => {
      const lines = PROFILES.flatMap((profile) => {
        const { text } = exporters.get(id)!.write(servers.map((one) => recommend(one, profile))).files[0]!;
        const tools: unknown[] = JSON.parse(text).tools;
        expect(tools).not.toEqual([]);
        expect(text).toContain(`"${key}"`);
        return tools.map((one) => JSON.stringify(one));
      });
      const file = join(folder, `${id}.ts`);
      const wrong = lines.find((line) => line.includes(`"${key}"`))!.replace(`"${key}"`, `"${key}s"`);
      writeFileSync(
        file,
        `${imports}\n${lines.map((line) => `(${line}) satisfies ${type};`).join('\n')}\n// @ts-expect-error\n(${wrong}) satisfies ${type};\n`,
      );
      return file;
    });
    const flags = [
      '--ignoreConfig',
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--module',
      'nodenext',
      '--target',
      'es2024',
    ];
    const done = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...flags, ...files], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(done.stdout).toBe('');
    expect(done.status).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
