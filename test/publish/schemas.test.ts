import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadExporters } from '#publish/exporter.ts';
import { policies } from './policies.ts';

const folder = join(import.meta.dirname, '../../../shared/schemas');
const exporters = await loadExporters();
const RUNS = 50;

interface Schema {
  [key: string]: unknown;
  properties?: Record<string, Schema>;
  additionalProperties?: unknown;
  required?: string[];
}

function json(file: string): Schema {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as Schema;
}

/** The schema of one version in a CRD, Helm's lines left out, so closed that no misspelt key passes. */
function crd(file: string, version: string): Schema {
  const text = readFileSync(join(folder, file), 'utf8').replace(/^.*\{\{.*$/gm, '');
  const { spec } = parse(text) as { spec: { versions: { name: string; schema: { openAPIV3Schema: Schema } }[] } };
  const schema = spec.versions.find(({ name }) => name === version)!.schema.openAPIV3Schema;
  shut(schema);
  schema.properties!.metadata = { type: 'object', properties: { name: { type: 'string', maxLength: 63 } } };
  return schema;
}

function shut(schema: Schema): void {
  if (schema.properties) {
    schema.additionalProperties ??= false;
    for (const one of Object.values(schema.properties)) shut(one);
  }
  for (const key of ['items', 'additionalProperties'] as const)
    if (typeof schema[key] === 'object') shut(schema[key] as Schema);
}

/** The published schema of a format, and what of a written file it is about. */
const PUBLISHED: Readonly<Record<string, () => readonly [Schema, (text: string) => unknown]>> = {
  'claude-code': () => [json('claude-code-settings.json'), JSON.parse],
  gemini: () => [json('gemini.settings.json'), JSON.parse],
  agentgateway: () => {
    const config = json('agentgateway.config.json');
    // The file is a part of the configuration, not the whole.
    const part = { $defs: config.$defs, $ref: '#/$defs/McpAuthorization' };
    return [part, (text) => (parse(text) as { mcpAuthorization: unknown }).mcpAuthorization];
  },
  'envoy-ai-gateway': () => [crd('envoy.mcproutes.yaml', 'v1beta1'), parse],
  'toolhive-crd': () => {
    const schema = crd('toolhive.mcpservers.yaml', 'v1beta1');
    // A patch leaves out what the server itself says.
    delete schema.properties!.spec!.required;
    return [schema, parse];
  },
};

describe.skipIf(!existsSync(folder))(
  `published schemas${existsSync(folder) ? '' : ' (skipped: no shared data)'}`,
  () => {
    test.each(Object.keys(PUBLISHED))('%s keeps it', (id) => {
      const [schema, part] = PUBLISHED[id]!();
      const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false });
      const { $schema: _, ...rest } = schema;
      const valid = ajv.compile(rest);
      fc.assert(
        fc.property(policies, (all) => {
          for (const { text } of exporters.get(id)!.write(all).files)
            expect(valid(part(text)), `${ajv.errorsText(valid.errors)}\n${text}`).toBe(true);
        }),
        { numRuns: RUNS },
      );
    });

    test('a file of another format is refused by all', () => {
      for (const read of Object.values(PUBLISHED)) {
        const { $schema: _, ...schema } = read()[0];
        const valid = new Ajv2020({ strict: false, validateFormats: false, logger: false }).compile(schema);
        expect(valid({ permissions: { allow: ['nothing'] }, rules: 1, spec: 1, mcpServers: 1 })).toBe(false);
      }
    });
  },
);
