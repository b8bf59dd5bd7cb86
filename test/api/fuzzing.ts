import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { createApp } from '#api/app.ts';
import { segment } from '#publish/addresses/address.ts';
import { HOSTILE_NAMES } from '../recommend/sample.ts';
import { HOSTILE_SLUGS } from './sample.ts';

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly $ref?: string;
}
interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Stands wherever a client may put a secret of its own; no answer may hold it. */
const PLANTED = 'sk-PLANTED0123456789abcdef';
/** What an answer never holds: where we are, what we run on, how we failed. */
const LEAKS =
  /node_modules|\/work\/|\bat .{1,80}\.ts:\d|postgres:\/\/|PostgresError|DrizzleQueryError|select ["(]|insert into/i;

export const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('%', '2', 'F', '/', '.', '~', '-', '\\', '?', '#', '<', "'", '"', '\0', ';', '&', '|'),
  }),
  fc.constantFrom(...HOSTILE_NAMES, ...HOSTILE_SLUGS),
  fc.constantFrom(
    "'; drop table server; --",
    "1' or '1'='1",
    '$(touch /tmp/plimsoll-fuzzed)',
    '{{7*7}}',
    '../../../../etc/passwd',
    '%00',
    '\u202e\u{e0041}',
    '<script>alert(1)</script>',
    '__proto__',
    'constructor',
    'x'.repeat(3_000),
    '-1',
    '1e309',
    'NaN',
    '9007199254740993',
    "a & b | !c <-> ':*",
    'MTph',
  ),
);
const known = fc.constantFrom(
  'srv_main',
  'srv_bare',
  'npm:a',
  'example/files',
  'read_file',
  'read',
  'get',
  'pkg:npm/%40example/files',
);

/** Requests as the document describes them, and nearly so: right values, hostile ones, and such as nobody described. */
function requestsOf(document: Document, tokens: readonly string[]): fc.Arbitrary<Asked> {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  return fc.constantFrom(...operations).chain(({ path, method, operation }) => {
    const parameters = operation.parameters ?? [];
    const inPath = parameters.filter((one) => one.in === 'path');
    const inQuery = parameters.filter((one) => one.in === 'query');
    const wanted = operation.requestBody?.content['application/json']?.schema;
    return fc.record({
      path: fc.constant(path),
      method: fc.oneof(
        { weight: 12, arbitrary: fc.constant(method) },
        { weight: 1, arbitrary: fc.constantFrom('HEAD', 'PUT', 'DELETE', 'OPTIONS', 'POST') },
      ),
      operation: fc.constant(operation),
      segments: fc.tuple(
        ...inPath.map(() =>
          fc.oneof(
            known.map(segment),
            known.map(segment),
            hostile.map(segment),
            fc.constantFrom('%', '%ff', '1', 'latest'),
          ),
        ),
      ),
      names: fc.constant(inPath.map(({ name }) => name)),
      query: fc.oneof(
        { weight: 1, arbitrary: fc.constant([]) },
        {
          weight: 3,
          arbitrary: fc.array(
            fc.oneof(
              ...inQuery.map(({ name, schema }) => fc.tuple(fc.constant(name), valueFor(schema, document).map(String))),
              fc.tuple(fc.oneof(hostile, fc.constantFrom(...inQuery.map(({ name }) => name), 'x')), hostile),
            ),
            { maxLength: 3 },
          ),
        },
      ),
      headers: fc.record(
        {
          'Accept-Encoding': fc.constantFrom('br', 'gzip', 'br, gzip;q=0.5', '*;q=0', ';;,'),
          'If-None-Match': fc.constantFrom('*', '"x"', 'W/"x", "y', '"'.repeat(100)),
          Authorization: fc.constantFrom(
            ...tokens.map((token) => `Bearer ${token}`),
            `Bearer ${PLANTED}`,
            'Basic eA==',
            'Bearer',
          ),
          'X-Forwarded-For': fc.constantFrom('127.0.0.1', 'x, y', PLANTED),
          Range: fc.constant('bytes=0-1'),
          Accept: fc.constantFrom('text/html', 'application/xml;q=0'),
          Cookie: fc.constant(`session=${PLANTED}`),
        },
        { requiredKeys: [] },
      ),
      type: fc.constantFrom(
        'application/json',
        'application/json',
        'application/json; charset=utf-8',
        'text/plain',
        'multipart/form-data; boundary=x',
        '',
      ),
      body: wanted
        ? fc.oneof(
            valueFor(wanted, document).map((value) => JSON.stringify(value)),
            setups.map((value) => JSON.stringify(value)),
            fc.json({ maxDepth: 5 }),
            hostile,
            fc.constantFrom('', '{', '[]', 'null', '['.repeat(60_000), JSON.stringify({ a: 'x'.repeat(300_000) })),
          )
        : fc.constant(undefined),
    });
  });
}

interface Asked {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
  readonly segments: readonly string[];
  readonly names: readonly string[];
  readonly query: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly type: string;
  readonly body: string | undefined;
}

/** Configurations of clients with secrets where people have them. */
const setups = fc
  .dictionary(
    fc.oneof(hostile, fc.constantFrom('a', 'b')),
    fc.record(
      {
        command: fc.oneof(fc.constantFrom('npx', 'uvx', 'docker', 'node'), hostile),
        args: fc.array(
          fc.oneof(hostile, fc.constantFrom('-y', '@example/files@1.0.0', `--api-key=${PLANTED}`, `--token`, PLANTED)),
        ),
        env: fc.constant({ API_KEY: PLANTED }),
        headers: fc.constant({ Authorization: PLANTED }),
        url: fc.constantFrom(
          `https://mcp.acme.com/mcp?key=${PLANTED}`,
          `https://user:${PLANTED}@mcp.acme.com/`,
          'https://127.0.0.1/',
        ),
      },
      { requiredKeys: ['env'] },
    ),
  )
  .chain((servers) =>
    fc.constantFrom({ mcpServers: servers }, { servers }, { mcp: { servers } }, Object.values(servers)),
  );

function valueFor(given: Schema, document: Document): fc.Arbitrary<unknown> {
  const schema = given.$ref ? document.components.schemas[given.$ref.split('/').at(-1)!]! : given;
  const { type, enum: words, properties, items } = schema;
  if (words) return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...words) }, hostile);
  if (properties)
    return fc.record(
      Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, valueFor(one, document)])),
      { requiredKeys: [] },
    );
  if (items) return fc.array(valueFor(items, document), { maxLength: 4 });
  if (type === 'integer' || type === 'number') return fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer(), hostile);
  return fc.oneof(
    known,
    hostile,
    fc.constantFrom(
      'create issue',
      '2026-11-01T00:00:00Z',
      'a'.repeat(64),
      'https://mcp.acme.com/mcp',
      'npm:@x/y',
      'Reads, and nothing but reads it.',
    ),
  );
}

/**
 * Asks an app for `runs` things that its own document gives rise to, and such as it does not. Every answer must be one
 * that the document names for that address, in the shape that it gives, and hold nothing of ours or of other people's.
 */
export async function fuzz(
  app: ReturnType<typeof createApp>,
  {
    runs,
    tokens = [],
    failures,
  }: { readonly runs: number; readonly tokens?: readonly string[]; readonly failures: readonly string[] },
): Promise<ReadonlyMap<number, number>> {
  const document = (await (await app.request('/openapi.json')).json()) as Document;
  const ajv = new Ajv2020({ strict: false, allowUnionTypes: true, validateFormats: false });
  ajv.addSchema({ $id: 'doc', ...document });
  const validators = new Map<object, ValidateFunction>();
  const validatorFor = (schema: object) => {
    const rebased = () => JSON.parse(JSON.stringify(schema).replaceAll('#/components', 'doc#/components')) as object;
    const validate = validators.get(schema) ?? ajv.compile(rebased());
    validators.set(schema, validate);
    return validate;
  };
  const counts = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(requestsOf(document, tokens), async (asked) => {
      const { method, operation, headers, type } = asked;
      const path = asked.names.reduce(
        (text, name, at) => text.replace(`{${name}}`, () => asked.segments[at]!),
        asked.path,
      );
      const query = asked.query.map(
        ([key, value]) => `${encodeURIComponent(key.toWellFormed())}=${encodeURIComponent(value.toWellFormed())}`,
      );
      const url = `http://localhost${path}${query.length > 0 ? `?${query.join('&')}` : ''}`;
      const body = ['GET', 'HEAD', 'OPTIONS'].includes(method) ? undefined : asked.body;
      const response = await app.request(url, {
        method,
        headers: { ...headers, ...(type && body !== undefined && { 'Content-Type': type }) },
        ...(body !== undefined && { body }),
      });
      counts.set(response.status, (counts.get(response.status) ?? 0) + 1);
      const plain = !response.headers.get('content-encoding');
      const text = await response.text();
      expect(failures).toEqual([]);
      expect(response.status, `${method} ${url}`).toBeLessThan(500);
      if (response.status !== 304) expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(text).not.toContain(PLANTED);
      expect(text).not.toMatch(LEAKS);
      for (const [name, value] of response.headers) expect(`${name}: ${value}`).not.toContain(PLANTED);
      if ([204, 304, 405].includes(response.status) || method === 'HEAD' || !plain) return;
      if (!isOf(document, asked)) return;
      const media = response.headers.get('content-type')!.split(';')[0]!;
      const described = operation.responses[response.status]?.content?.[media];
      expect(described, `${method} ${asked.path} ${response.status} ${media}`).toBeDefined();
      if (!/[/+]json$/.test(media)) return;
      const validate = validatorFor(described!.schema);
      expect(validate(JSON.parse(text)), `${method} ${url}: ${ajv.errorsText(validate.errors)}`).toBe(true);
    }),
    { numRuns: runs },
  );
  return counts;
}

function isOf({ paths }: Document, { path, method }: Asked): boolean {
  return Object.hasOwn(paths[path]!, method.toLowerCase());
}
