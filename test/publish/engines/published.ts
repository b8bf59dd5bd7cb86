import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';

/** Where the published schemas lie, if they do. */
export const folder = join(import.meta.dirname, '../../../../shared/schemas');

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

/** Formats whose published schema lies in the folder. */
export const PUBLISHED_IDS = Object.keys(PUBLISHED);

/** Whether a value keeps a format's published schema, and why a written file does not; undefined where it does. */
export function published(id: string): {
  readonly valid: (value: unknown) => boolean;
  readonly wrong: (text: string) => string | undefined;
} {
  const [{ $schema: _, ...schema }, part] = PUBLISHED[id]!();
  const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false });
  const valid = ajv.compile(schema);
  return {
    valid: (value) => valid(value) as boolean,
    wrong: (text) => (valid(part(text)) ? undefined : ajv.errorsText(valid.errors)),
  };
}
