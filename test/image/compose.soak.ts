import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Composed, composed, noCompose } from '../support/compose.ts';
import { docker, noImage, removeImages, standIn } from '../support/images.ts';

const root = join(import.meta.dirname, '..', '..');
const NODE = 'plimsoll-test-compose-node';
const POSTGRES = 'plimsoll-test-compose-postgres';
const FIRST = 'plimsoll-test-compose:first';
const NEWER = 'plimsoll-test-compose:newer';
const PROJECT = 'plimsoll-test';
const REGISTRY = 'plimsoll-test-registry';
const why = noCompose || noImage;

/** The guide's commands for compose, by block, as they are written. */
const [BRING_UP, KEEP, UPGRADE] = [
  ...(/\n## Compose\n([\s\S]*?)\n## /.exec(readFileSync(join(root, 'docs/operating.md'), 'utf8'))?.[1] ?? '').matchAll(
    /^```\n([\s\S]*?)^```$/gm,
  ),
].map(([, block]) => block!.trim().split('\n')) as [string[], string[], string[]];

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

describe.skipIf(why !== '')(`the service that compose.yaml makes${why && ` (skipped: ${why})`}`, () => {
  let service: Composed;
  let at: string;
  const state = (id: string, field: string) => docker('inspect', '--format', `{{.State.${field}}}`, id).stdout.trim();
  const type = (command: string) => {
    const { status, said } = service.type(command);
    expect(status, `${command}\n${said.slice(-3000)}`).toBe(0);
    return said;
  };
  const logs = (id: string) => {
    const { stdout, stderr } = docker('logs', id);
    return stdout + stderr;
  };
  const ask = async (path: string) => (await fetch(`${at}${path}`)).json() as Promise<Record<string, unknown>>;
  const listed = async () =>
    (
      (await ask('/v1/servers?limit=100').catch(() => ({ servers: [] }))).servers as {
        id: string;
        outcome?: string;
        toolCount?: number;
      }[]
    )
      .filter(({ outcome }) => outcome === 'listed')
      .map(({ id }) => id)
      .sort();
  const healthy = () =>
    service.until(
      'serve is healthy',
      () => service.containers('serve').map((id) => state(id, 'Health.Status')),
      (all) => all.join() === 'healthy',
    );
  /** One value from the service's database. */
  const sql = (statement: string) =>
    type(
      `docker compose exec -T database psql --username plimsoll --tuples-only --no-align --command "${statement}"`,
    ).trim();
  const nightsEnded = () => Number(sql(`select count(*) from run where job = 'nightly' and finished_at is not null`));
  const SERVERS = ['everything', 'filesystem', 'memory'].map((name) => `npm:@modelcontextprotocol/server-${name}`);

  /** The registry that the service's nights ask: a container beside it, so that nothing is asked outside. */
  function registryUp(): void {
    const script = '/work/test/support/registry-alone.ts';
    const flags = ['--network', `${PROJECT}_outside`, '--network-alias', 'registry', '--volume', `${root}:/work:ro`];
    const { status, stderr } = docker(
      'run',
      '--detach',
      '--rm',
      '--init',
      '--name',
      REGISTRY,
      ...flags,
      NODE,
      'node',
      script,
      'registry',
      '4873',
    );
    expect(status, stderr).toBe(0);
  }
  const registryDown = () => docker('rm', '--force', REGISTRY);

  beforeAll(async () => {
    standIn('node', NODE);
    standIn('postgres', POSTGRES);
    service = composed(PROJECT);
    service.dispose();
    service = composed(PROJECT);
    const port = await freePort();
    at = `http://127.0.0.1:${port}`;
    type(BRING_UP[0]!);
    const nowhere = 'http://127.0.0.1:9';
    const sources = ['awesome', 'docker', 'github', 'github-registry', 'mcpm', 'pypi', 'tensorblock', 'toolsdk'];
    appendFileSync(
      join(service.folder, '.env'),
      [
        ...[`BASE=${NODE}`, `POSTGRES_IMAGE=${POSTGRES}`, `PLIMSOLL_IMAGE=${FIRST}`, `PORT=${port}`],
        ...['PLIMSOLL_NPM_REGISTRY_URL=http://registry:4873/', `PLIMSOLL_MCP_REGISTRY_URL=${nowhere}`],
        ...[
          `PLIMSOLL_SOURCE_URLS=${sources.map((one) => `${one}=${nowhere}`).join(' ')}`,
          'PLIMSOLL_REMOTES=leave',
          '',
        ],
      ].join('\n'),
    );
    type('docker compose build');
  }, 1_800_000);
  afterAll(() => {
    registryDown();
    service?.dispose();
    removeImages(FIRST, NEWER, NODE, POSTGRES);
  });

  test('comes up by the guide: healthy, as nobody, on a root that cannot be written, its database seen by nobody', async () => {
    const begun = performance.now();
    type(BRING_UP[1]!);
    await healthy();
    console.log(`healthy ${Math.round(performance.now() - begun)} ms after the command`);
    expect((await fetch(`${at}/healthz`)).status).toBe(200);
    const [serve] = service.containers('serve');
    const [database] = service.containers('database');
    expect(docker('exec', serve!, 'id', '-u').stdout.trim()).toBe('10001');
    expect(docker('exec', serve!, 'touch', '/app/x').stderr).toMatch(/Read-only/);
    expect(docker('exec', serve!, 'touch', '/data/x', '/tmp/x').status).toBe(0);
    expect(docker('port', database!).stdout).toBe('');
    const networks = docker(
      'inspect',
      '--format',
      '{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}',
      database!,
    ).stdout;
    expect(networks.trim()).toBe(`${PROJECT}_inside`);
  });

  test('two workers share a night, each with a sandbox, and the API tells what they found', async () => {
    registryUp();
    type(BRING_UP[2]!);
    const workers = service.containers('worker');
    expect(workers).toHaveLength(2);
    const begun = performance.now();
    expect(type(BRING_UP[3]!)).toMatch(/Night \d+ has begun/);
    await service.until('the night ends', nightsEnded, (count) => count === 1, 300);
    console.log(`the night took ${Math.round((performance.now() - begun) / 1000)} s`);
    expect(await listed()).toEqual(SERVERS);
    const { tools } = (await ask(`/v1/servers/${encodeURIComponent(SERVERS[1]!)}/tools`)) as {
      tools: { name: string; provenance: string }[];
    };
    expect(tools.map(({ name, provenance }) => [name, provenance])).toEqual([
      ['delete_thing', 'listed'],
      ['read_thing', 'listed'],
    ]);
    for (const id of workers) expect(logs(id)).not.toContain('No sandbox');
    expect(service.type(`timeout 10 ${BRING_UP[4]!}`).said).toMatch(/worker/);
    // No source but those within is reached, so something is amiss: that is what it says, and its sandbox holds.
    const doctor = service.type(BRING_UP[5]!);
    expect(doctor.said).toMatch(/ok\s+sandbox\s+deno is the strongest/);
    expect(doctor.said).toMatch(/ok\s+database\s+PostgreSQL at DATABASE_URL/);
  });

  test('the whole crawl in one container, for cron, launches only what changed', () => {
    const { servers } = JSON.parse(type('docker compose run --rm -T nightly nightly --limit 0 --json 2>/dev/null'));
    expect(servers.listed).toBe(0);
    expect(servers.unchanged).toBeGreaterThanOrEqual(3);
  });

  test('without the sandbox that was asked for nothing is launched', () => {
    const said = type('docker compose run --rm -T nightly nightly --limit 1 --sandbox bubblewrap');
    expect(said).toMatch(/No sandbox: nothing is launched/);
  });

  test('workers told to stop give back what they have; down and up keep all', async () => {
    const workers = service.containers('worker');
    type('docker compose stop worker');
    expect(workers.map((id) => state(id, 'ExitCode'))).toEqual(['0', '0']);
    registryDown();
    type('docker compose --profile crawl down');
    expect(service.containers('database')).toEqual([]);
    type(BRING_UP[1]!);
    await healthy();
    expect(await listed()).toEqual(SERVERS);
  });

  test('a backup is taken and restored by the guide', async () => {
    for (const command of KEEP.slice(0, 3)) type(command);
    expect(docker('volume', 'ls', '--quiet', '--filter', `name=${PROJECT}_`).stdout).toBe('');
    expect(readFileSync(join(service.folder, 'plimsoll.backup')).length).toBeGreaterThan(1000);
    for (const command of KEEP.slice(3)) type(command);
    await healthy();
    expect(await listed()).toEqual(SERVERS);
  });

  test('an upgrade takes the schema on under running workers, which end, and those of the new version go on', async () => {
    type(UPGRADE[2]!);
    const [old] = service.containers('worker');
    await service.until(
      'a worker stands',
      () => logs(old!),
      (said) => said.includes('sandbox') || said.includes('model'),
    );
    // A newer version: one step of the schema more, which is all that an older one sees of it.
    const journal = JSON.parse(readFileSync(join(root, 'drizzle/meta/_journal.json'), 'utf8'));
    journal.entries.push({
      idx: journal.entries.length,
      version: '7',
      when: Date.now(),
      tag: '9999_newer',
      breakpoints: true,
    });
    writeFileSync(join(service.folder, 'drizzle/meta/_journal.json'), JSON.stringify(journal));
    writeFileSync(join(service.folder, 'drizzle/9999_newer.sql'), 'create table newer (id integer);');
    const env = readFileSync(join(service.folder, '.env'), 'utf8');
    writeFileSync(join(service.folder, '.env'), env.replace(FIRST, NEWER));
    type(UPGRADE[0]!);
    type(UPGRADE[1]!);
    await healthy();
    expect(sql(`select to_regclass('newer')`)).toBe('newer');
    expect(await listed()).toEqual(SERVERS);
    await service.until(
      'the old worker ends',
      () => logs(old!),
      (said) => /newer Plimsoll/.test(said),
      60,
    );
    type(UPGRADE[2]!);
    const workers = service.containers('worker');
    expect(workers).toHaveLength(2);
    registryUp();
    const before = nightsEnded();
    type(BRING_UP[3]!);
    await service.until('a night of the new version ends', nightsEnded, (count) => count === before + 1, 300);
    for (const id of workers) expect(state(id, 'Running')).toBe('true');
  });
});
