import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createApp } from '#api/app.ts';
import type { Call, Job } from '#job/job.ts';
import { openMetrics } from '#observe/metrics.ts';
import { catalogueOf } from '#pipeline/catalogue.ts';
import { queueDepths } from '#queue/depths.ts';
import { openStore } from '#store/engine/open.ts';
import { sourceStates } from '#store/listing/sources.ts';
import { surroundings } from '#world.ts';
import discover from '../jobs/discover.ts';
import doctor from '../jobs/doctor.ts';
import exportJob from '../jobs/export.ts';
import inspect from '../jobs/inspect.ts';
import nightly from '../jobs/nightly.ts';
import scan from '../jobs/scan.ts';
import { serveLlm } from './support/llm.ts';
import { mcpPackage } from './support/mcp-package.ts';
import { mcpRegistry } from './support/mcp-registry.ts';
import { npmRegistry } from './support/npm-registry.ts';
import { PLANTED } from './support/planted.ts';
import { freshPostgres, postgresAnswers } from './support/stores.ts';

/**
 * Secrets of more than fifty kinds lie wherever a stranger or the operator may put one; a whole crawl goes by them, and
 * everything that it wrote is searched. What was written must also be there: a crawl that failed leaks nothing.
 */
const kinds = Object.entries(PLANTED);
const texts = kinds.map(([, { text }]) => text);
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-secrets-'));
const home = join(folder, 'home');
/** Everything that anybody can read afterwards, by where it was found. */
const written = new Map<string, string>();
const closing: AsyncDisposable[] = [];
let env: Record<string, string>;

/** Tools that bear the kinds in turns, each in another place of its definition. */
function leakyTools() {
  return Array.from({ length: Math.ceil(texts.length / 7) }, (_, nth) => {
    const [description, byDefault, described, choice, title, constant, key] = texts.slice(nth * 7, nth * 7 + 7);
    const properties = {
      to: { type: 'string', default: byDefault, description: `Like ${described}.` },
      of: { enum: ['a', choice] },
      ...(key !== undefined && { [key]: { type: 'string' } }),
    };
    return {
      name: `send_${nth}`,
      description: `Sends mail. Example: ${description}`,
      inputSchema: { type: 'object', properties, examples: [{ of: choice }] },
      outputSchema: { type: 'object', properties: { of: { const: constant ?? '' } } },
      annotations: { title: title ?? '', readOnlyHint: true },
    };
  });
}

/** Writes every secret on its standard error, and what it finds in its environment. */
const TELLS = `for (const text of ${JSON.stringify(texts)}) console.error('config: ' + text);
console.error(JSON.stringify(process.env));
`;

/** Runs a job as the command line does, in this process; what it says is kept. */
async function run(job: Job, options: Record<string, unknown> = {}, args: readonly string[] = []): Promise<number> {
  let said = '';
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  const call: Call = {
    ...surroundings(env, new AbortController().signal),
    args,
    command: [],
    options,
    json: options.json === true,
    out(text) {
      said += text;
    },
    say(text) {
      said += `${text}\n`;
    },
  };
  const code = (await job.run(call).finally(() => write.mockRestore())) ?? 0;
  written.set(`${job.id} ${args.join(' ')} ${JSON.stringify(options)}`, said);
  return code;
}

/** Every row of every table, as text. */
async function rows(): Promise<string> {
  const tables = `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
    where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`;
  const url = env.DATABASE_URL;
  const sql = url ? postgres(url, { max: 1 }) : undefined;
  const pglite = url ? undefined : await PGlite.create({ dataDir: join(home, 'database') });
  const all = async (query: string): Promise<readonly Record<string, unknown>[]> =>
    sql ? [...(await sql.unsafe(query))] : (await pglite!.query<Record<string, unknown>>(query)).rows;
  const found: string[] = [];
  for (const { name } of await all(tables))
    for (const { row } of await all(`select t::text as row from ${name} t`)) found.push(`${name} ${row}`);
  await sql?.end();
  await pglite?.close();
  return found.join('\n');
}

beforeAll(async () => {
  const [npm, official] = [await npmRegistry(), await mcpRegistry([])];
  const llm = await serveLlm({
    reply: () => ({ fault: { status: 401, body: JSON.stringify({ error: { message: texts.join(' ') } }) } }),
  });
  closing.push(npm, official, llm);
  const postgresStore = postgresAnswers ? await freshPostgres() : undefined;
  if (postgresStore) closing.push(postgresStore);
  for (const [at, [, { text }]] of kinds.entries()) vi.stubEnv(`PLANTED_${at}`, text.replaceAll('\n', ' '));
  vi.stubEnv('HOME', folder);
  const core = (kind: string) => PLANTED[kind]!.core;
  env = {
    PLIMSOLL_HOME: home,
    PLIMSOLL_CONTAINER_IMAGE: 'plimsoll-none-in-tests',
    PLIMSOLL_NPM_REGISTRY_URL: npm.url,
    PLIMSOLL_MCP_REGISTRY_URL: official.url,
    PLIMSOLL_LLM_KEY: core('in json'),
    PLIMSOLL_LLM_URL: llm.url,
    PLIMSOLL_GITHUB_TOKEN: PLANTED['github classic']!.text,
    PLIMSOLL_ALARM_URL: `http://127.0.0.1:9/${core('key header')}`,
    PLIMSOLL_LOG: 'trace',
    ...(postgresStore && {
      DATABASE_URL: postgresStore.url.replace('postgres@', `postgres:${core('database address')}@`),
    }),
  };
  const leaky = mcpPackage('@fixture/leaks', leakyTools(), {
    manifest: { description: `Mail. ${texts.slice(0, 20).join(' ')}`, homepage: PLANTED['token in an address']!.text },
  });
  const program = String(leaky.files!['index.js']);
  npm.publish({
    ...leaky,
    files: {
      'index.js': program.replace('await new', `${TELLS}await new`),
      'README.md': `# Leaks\n\n${texts.join('\n\n')}`,
    },
  });
  const dies = `${TELLS}throw new Error(${JSON.stringify(texts.join('\n'))});\n`;
  const manifest = { type: 'module', bin: { breaks: 'index.js' }, keywords: ['mcp-server'], description: 'Breaks.' };
  npm.publish({ name: '@fixture/breaks', manifest, files: { 'index.js': dies } });
  official.entries.push({
    server: {
      name: 'io.github.fixture/elsewhere',
      version: '1.0.0',
      description: texts.slice(20, 40).join(' '),
      remotes: [
        { type: 'streamable-http', url: `https://mcp.example.com/mcp?api${'_key='}${core('query string')}` },
        { type: 'streamable-http', url: `https://mcp.example.org/s/${core('github fine-grained')}/mcp` },
      ],
      packages: [
        {
          registryType: 'npm',
          identifier: '@fixture/leaks',
          version: '1.0.0',
          transport: { type: 'stdio' },
          environmentVariables: [{ name: 'MAIL_KEY', default: core('sendgrid'), description: texts.at(-1) }],
          packageArguments: [{ type: 'named', name: '--key', value: core('stripe live') }],
        },
      ],
    },
  });

  expect(await run(nightly, { source: 'npm', limit: 0, json: true }), [...written.values()].join('')).toBe(0);
  official.fault({ status: 500, times: 1, headers: { 'x-debug': texts[0]! }, body: texts.join('\n') });
  await run(discover, { source: 'registry', json: true });
  await run(discover, { source: 'registry', json: true });
  await run(doctor);
  await run(inspect, { json: true }, ['npm:@fixture/leaks']);
  const mcp = join(folder, 'mcp.json');
  const leaks = { command: 'npx', args: ['-y', '@fixture/leaks'], env: { MAIL: texts[0] } };
  writeFileSync(
    mcp,
    JSON.stringify({ mcpServers: { leaks, far: { url: `https://mcp.example.com/?key=${texts[1]}` } } }),
  );
  for (const how of [{ json: true, lock: true }, { sarif: true }, { markdown: true, frozen: true }])
    await run(scan, { ...how, profile: 'recommended', sandbox: 'none', lockFile: join(folder, 'plimsoll.lock') }, [
      mcp,
    ]);
  for (const format of ['plimsoll', 'claude-code', 'cedar', 'rego'])
    await run(exportJob, { format, profile: 'recommended', allow: [], deny: [] }, ['npm:@fixture/leaks']);

  written.set('plimsoll.lock', readFileSync(join(folder, 'plimsoll.lock'), 'utf8'));

  const store = await openStore({ url: env.DATABASE_URL, home });
  const app = createApp(catalogueOf(store.db));
  const paths = [
    '/v1/servers',
    '/v1/sources',
    '/v1/tools?q=send',
    '/v1/templates',
    '/status',
    '/v1/changes',
    '/v0.1/servers',
    '/llms.txt',
  ];
  for (const id of ['npm:@fixture/leaks', 'npm:@fixture/breaks'].map(encodeURIComponent))
    paths.push(`/v1/servers/${id}`, `/v1/servers/${id}/tools`, `/v1/servers/${id}/policy`);
  for (const { name } of leakyTools())
    paths.push(`/v1/servers/${encodeURIComponent('npm:@fixture/leaks')}/tools/${name}`);
  for (const path of paths) {
    const answer = await app.request(path);
    written.set(`GET ${path}`, `${answer.status} ${await answer.text()}`);
  }
  const depths = await queueDepths(store.db);
  const metrics = openMetrics(async () => ({ depths, stalled: [], sources: await sourceStates(store.db) }));
  written.set('metrics', await metrics.text());
  await store[Symbol.asyncDispose]();
  written.set('every table', await rows());
  for (const path of globSync('site/**/*.{html,md,json,txt,xml,atom,svg,ndjson}', { cwd: home }))
    written.set(path, readFileSync(join(home, path), 'utf8'));
  written.set('log', readFileSync(join(home, 'plimsoll.log'), 'utf8'));
}, 240_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  for (const one of closing.reverse()) await one[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

test('the crawl went by them, and what it wrote is there', () => {
  const tables = written.get('every table')!;
  expect(tables).toContain('send_7');
  expect(tables.match(/\[(?:token|secret|password|hex|private key)\]/g)!.length).toBeGreaterThan(kinds.length);
  expect(tables).toContain('io.github.fixture/elsewhere');
  expect(written.get('GET /v1/servers')).toMatch(/^200 .*fixture\/leaks/s);
  expect(
    [...written.keys()].filter((where) => where.startsWith('site/') && where.includes('send_')).length,
  ).toBeGreaterThan(leakyTools().length);
  expect(written.get('log')).toContain('"server":"npm:@fixture/leaks"');
  expect(kinds.length).toBeGreaterThanOrEqual(40);
  for (const [where, text] of written) if (where.startsWith('export')) expect(text, where).toContain('send_');
});

test.each(kinds)('%s is found nowhere', (_, { core }) => {
  const ends = core.length >= 24 ? [core.slice(0, 12), core.slice(-12)] : [core];
  const needles = [...ends, ...ends.map(encodeURIComponent)];
  const found = [...written].flatMap(([where, text]) =>
    needles.flatMap((needle) => {
      const at = text.indexOf(needle);
      return at < 0 ? [] : [`${where}: ${text.slice(Math.max(0, at - 80), at + 60)}`];
    }),
  );
  expect(found).toEqual([]);
});
