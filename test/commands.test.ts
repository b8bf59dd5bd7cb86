import { execFile } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '#api/app.ts';
import { serveUntil } from '#api/serving.ts';
import { catalogueOf } from '#pipeline/catalogue.ts';
import { openStore, type Store } from '#store/engine/open.ts';
import * as tables from '#store/tables/servers.ts';
import { recordVisit } from '#store/visit/enumerations.ts';
import { freshPostgres, postgresAnswers } from './support/stores.ts';

const root = join(import.meta.dirname, '..');
const run = promisify(execFile);

/** Commands that cannot run here, and why not or where they do. Each must stand in some document. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'npm ci && npm run crawl': 'starts real servers: test/launch/starter.test.ts and CI do',
  'npm ci && npm test': 'is what runs this',
  '0 2 * * *  cd /opt/plimsoll && npm run --silent crawl -- --limit 0 --json >> /var/log/plimsoll.jsonl':
    'for cron; jobs with --json run in test/cli.test.ts',
  'npm run plimsoll -- scan .mcp.json --fail-on high': 'starts servers: test/job/scan.test.ts',
  'npm run plimsoll -- scan .mcp.json --lock': 'starts servers: test/job/scan.test.ts',
  'npm run plimsoll -- scan .mcp.json --frozen': 'starts servers: test/job/scan.test.ts',
  'npm run plimsoll -- scan .mcp.json --write': 'starts servers: test/job/scan.test.ts',
  'npm run plimsoll -- classify --llm batch': 'asks a language model: test/pipeline/judge.test.ts',
  'npm run plimsoll -- classify --batch-in answers.jsonl':
    'takes what a language model said: test/pipeline/judge.test.ts',
  'npm run plimsoll -- evaluate': 'takes long: test/pipeline/evaluate.test.ts',
  'npm run plimsoll -- db copy --from embedded --to DATABASE_URL':
    'wants a database of each kind: test/store/keeping.test.ts',
  // docs/operating.md: what installs, stays or needs a machine of its own.
  'npm ci': 'CI begins with it',
  'export DATABASE_URL=postgres://plimsoll@127.0.0.1:5432/plimsoll': 'every test on PostgreSQL has its own',
  'npm run plimsoll -- doctor': 'asks all sources: test/cli.test.ts, test/secrets.test.ts',
  'npm run serve &': 'stays: test/cli.test.ts',
  'npm run plimsoll -- work --until-idle': 'launches servers: test/pipeline/work.test.ts',
  'npm run plimsoll -- dead list': 'says nothing where there is none: test/queue/queue.test.ts',
  'useradd --system --home-dir /var/lib/plimsoll --shell /usr/sbin/nologin plimsoll': 'changes the machine',
  'install -D --mode 0600 deploy/systemd/plimsoll.env /etc/plimsoll/plimsoll.env':
    'changes the machine; the files: test/deploy/deploy.test.ts',
  'cp deploy/systemd/plimsoll-*.service deploy/systemd/plimsoll-*.timer /etc/systemd/system/':
    'changes the machine; the files: test/deploy/deploy.test.ts',
  'systemctl daemon-reload': 'wants systemd; the units: test/deploy/deploy.test.ts',
  'systemctl enable --now plimsoll-serve plimsoll-work': 'wants systemd; the units: test/deploy/deploy.test.ts',
  'systemctl restart plimsoll-serve plimsoll-work': 'wants systemd; the units: test/deploy/deploy.test.ts',
  'journalctl --unit plimsoll-work --follow': 'wants systemd',
  'echo "POSTGRES_PASSWORD=$(openssl rand -hex 24)" > .env':
    'is for compose: test/image/compose.soak.ts types all commands of that chapter',
  'docker compose up --detach': 'wants an engine: test/image/compose.soak.ts',
  'docker compose --profile crawl up --detach --scale worker=2 worker': 'the same',
  'docker compose run --rm nightly nightly --limit 20 --spread': 'the same',
  'docker compose logs --follow worker': 'the same',
  'docker compose exec -T serve node dist/bin.cjs doctor': 'the same',
  'docker compose exec -T serve node dist/bin.cjs db backup /data/plimsoll.backup': 'the same',
  'docker compose exec -T serve cat /data/plimsoll.backup > plimsoll.backup': 'the same',
  'docker compose --profile crawl down --volumes': 'the same',
  'docker compose run --rm -T --volume "$PWD/plimsoll.backup:/plimsoll.backup:ro" serve db restore /plimsoll.backup --to DATABASE_URL':
    'the same',
  'docker compose build': 'the same',
  'docker build --tag registry.example.com/plimsoll .': 'wants an engine: test/image/image.soak.ts builds it',
  'kubectl create namespace plimsoll': 'wants a cluster; the manifests: test/deploy/deploy.test.ts',
  'kubectl --namespace plimsoll create secret generic plimsoll --from-literal DATABASE_URL=postgres://…': 'the same',
  'kubectl apply --filename deploy/kubernetes/plimsoll.yaml': 'the same',
  'kubectl --namespace plimsoll scale deployment work --replicas 8': 'the same',
  'kubectl --namespace plimsoll exec deployment/work -- node dist/bin.cjs doctor': 'the same',
};

const COMMAND =
  /^(?:npm|npx|curl|echo|docker|kubectl|systemctl|journalctl|useradd|install|cp|plimsoll|node|cd|export|git|[A-Z_]+=\S+ |[\d*/,-]+(?: [\d*/,-]+){4} )/;
/** Fenced blocks in the language of shells, or in none that is said. */
const SHELL = new Set(['', 'sh', 'bash', 'shell', 'console']);

/** Every command that a document tells to type, without the remark behind it. What a command printed is none. */
function commandsOf(document: string): readonly string[] {
  const text = readFileSync(join(root, document), 'utf8');
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].flatMap(([, language, block]) => {
    if (!SHELL.has(language!)) return [];
    const lines = block!.replaceAll('\\\n', ' ').split('\n').filter(Boolean);
    return COMMAND.test(lines[0]!) ? lines.map((line) => line.replace(/\s+# .*$/, '').trim()) : [];
  });
}

const documents = globSync(['*.md', 'docs/**/*.md'], { cwd: root });
const all = documents.flatMap(commandsOf);
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-commands-'));
const home = join(folder, 'home');
const stop = new AbortController();
let postgres: Awaited<ReturnType<typeof freshPostgres>> | undefined;
const env: Record<string, string> = {};
let served: Store | undefined;
let done: Promise<void> | undefined;

beforeAll(async () => {
  // PostgreSQL where there is one: making an embedded database takes several seconds.
  postgres = postgresAnswers ? await freshPostgres() : undefined;
  const store = postgres ?? (await openStore({ home }));
  await fill(store);
  if (!postgres) await store[Symbol.asyncDispose]();
  const programs = join(folder, 'programs');
  mkdirSync(programs);
  const cli = `exec ${JSON.stringify(process.execPath)} ${JSON.stringify(join(root, 'src/cli.ts'))} "$@"\n`;
  const runs =
    '[ "$1" = run ] && shift\n[ "$1" = --silent ] && shift\n[ "$1" = plimsoll ] && [ "$2" = -- ] || exit 9\nshift 2\n';
  const takes = '[ "$1" = -y ] && shift\n[ "$1" = plimsoll ] || exit 9\nshift\n';
  for (const [name, before] of Object.entries({ npm: runs, npx: takes, plimsoll: '' }))
    writeFileSync(join(programs, name), `#!/bin/bash\n${before}${cli}`, { mode: 0o755 });
  const files = { command: 'npx', args: ['-y', '@modelcontextprotocol/server-filesystem', '/tmp'] };
  writeFileSync(join(folder, '.mcp.json'), JSON.stringify({ mcpServers: { files } }));
  Object.assign(env, {
    PATH: `${programs}:${process.env.PATH}`,
    HOME: folder,
    PLIMSOLL_HOME: home,
    ...(postgres && { DATABASE_URL: postgres.url }),
  });
});
afterAll(async () => {
  stop.abort();
  await done;
  await served?.[Symbol.asyncDispose]();
  await postgres?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** The server that documents speak of, as a crawl leaves it. */
async function fill({ db }: Store): Promise<void> {
  const at = new Date('2026-11-21T00:00:00Z');
  const id = 'npm:@modelcontextprotocol/server-filesystem';
  const name = '@modelcontextprotocol/server-filesystem';
  const purl = 'pkg:npm/%40modelcontextprotocol/server-filesystem';
  const dates = { firstSeen: at, lastSeen: at, enumerateDue: at };
  await db.insert(tables.server).values({ id, slug: name.slice(1), name, packages: [{ purl }], remotes: [], ...dates });
  const context = { args: [], envNames: [], sandbox: 'bubblewrap', profile: 'p' };
  const tools = ['read_file', 'write_file'].map((tool) => ({
    name: tool,
    description: `${tool === 'read_file' ? 'Reads' : 'Writes'} a file.`,
    inputSchema: { type: 'object', properties: { path: { type: 'string' } } },
  }));
  const attempts = [{ rung: 'S0' as const, context, outcome: 'listed' as const, toolCount: tools.length, ms: 1 }];
  await recordVisit(db, {
    serverId: id,
    at,
    sandbox: 'bubblewrap',
    artefact: { purl: `${purl}@1.0.0`, name, version: '1.0.0', integrity: 'sha512-AAAA' },
    enumeration: { outcome: 'listed', wants: [], tools, rejections: [], attempts, context, ms: 1 },
    staticTools: [],
    due: at,
  });
}

test('documents tell commands, and those that cannot run here are really told', () => {
  expect(all.length).toBeGreaterThan(10);
  for (const command of Object.keys(ELSEWHERE)) expect(all).toContain(command);
});

const here = [...new Set(all)].filter((command) => !Object.hasOwn(ELSEWHERE, command));
const asks = here.filter((command) => command.startsWith('curl '));

test.each(here.filter((command) => !asks.includes(command)))('%s', async (command) => {
  // In the order in which they are told: one reads what the one before wrote.
  const { stdout } = await run('bash', ['-c', `set -eo pipefail\n${command}`], { cwd: folder, env });
  const [, file] = />\s*(\S+)$/.exec(command) ?? [];
  const said = file === undefined ? stdout : readFileSync(join(folder, file), 'utf8');
  expect(said.length).toBeGreaterThan(15);
});

test.each(asks)('%s', async (command) => {
  if (!done) {
    served = postgres ?? (await openStore({ home }));
    const { promise, resolve } = Promise.withResolvers<AddressInfo>();
    const app = createApp(catalogueOf(served.db));
    done = serveUntil(app, { host: '127.0.0.1', port: 0, grace: 100, stop: stop.signal, onListening: resolve });
    const { port } = await promise;
    if (postgres) served = undefined;
    env.PORT = String(port);
  }
  const there = command.replaceAll('localhost:4400', `127.0.0.1:${env.PORT}`);
  const { stdout } = await run('bash', ['-c', `${there} --silent --show-error --fail --noproxy '*'`], {
    cwd: folder,
    env,
  });
  const answer = JSON.stringify(JSON.parse(stdout));
  // A search may find nothing here.
  if (!command.includes('?')) expect(answer).toMatch(/server-filesystem|write_file/);
});
