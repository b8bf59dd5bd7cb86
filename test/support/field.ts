import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isNull } from 'drizzle-orm';
import { expect } from 'vitest';
import type { Db } from '#store/engine/open.ts';
import { run } from '#store/tables/runs.ts';
import { server } from '#store/tables/servers.ts';
import { assessment, presence } from '#store/tables/tools.ts';
import { enumeration } from '#store/tables/visits.ts';
import { type Ran, startCli } from './cli.ts';
import { mcpPackage } from './mcp-package.ts';
import { type NpmRegistry, npmRegistry } from './npm-registry.ts';

/** A small field of servers, and workers on it, each with a home of its own as on a machine of its own. */
export interface Field extends AsyncDisposable {
  readonly registry: NpmRegistry;
  readonly servers: number;
  /** Starts a job on machine number `machine`, whose `own` settings go before those of all. */
  start(machine: number, args: readonly string[], own?: Readonly<Record<string, string>>): ReturnType<typeof startCli>;
  /** Runs one to its end. */
  run(machine: number, args: readonly string[]): Promise<Ran>;
  /** Lines of a machine's log that hold a text. */
  logged(machine: number, text: string): number;
}

/** `servers` servers of two tools each, which start up in `startMs`. */
export async function field(
  servers: number,
  env: Readonly<Record<string, string>>,
  { startMs = 100 } = {},
): Promise<Field> {
  const registry = await npmRegistry();
  for (let i = 0; i < servers; i++)
    registry.publish(
      mcpPackage(
        `@fixture/server-${i}`,
        [
          { name: 'list_things', description: 'List things.' },
          { name: `delete_thing_${i}`, description: 'Delete a thing.' },
        ],
        { startMs },
      ),
    );
  const root = mkdtempSync(join(tmpdir(), 'plimsoll-field-'));
  // Else a worker that is root stages elsewhere, and would leave that behind.
  chmodSync(root, 0o755);
  const home = (machine: number) => join(root, String(machine));
  const start: Field['start'] = (machine, args, own) =>
    startCli(args, {
      PLIMSOLL_HOME: home(machine),
      PLIMSOLL_NPM_REGISTRY_URL: registry.url,
      PLIMSOLL_CONCURRENCY: '2',
      ...env,
      ...own,
    });
  return {
    registry,
    servers,
    start,
    run: (machine, args) => start(machine, args).ended,
    logged(machine, text) {
      const log = join(home(machine), 'plimsoll.log');
      return existsSync(log) ? readFileSync(log, 'utf8').split(text).length - 1 : 0;
    },
    async [Symbol.asyncDispose]() {
      await registry.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Every server of a field has exactly one current state, and no run is left open. `visits`: how often each was visited. */
export async function expectWhole(db: Db, { servers }: Pick<Field, 'servers'>, visits?: number): Promise<void> {
  const rows = await db.select().from(server).where(isNull(server.mergedInto));
  const ids = Array.from({ length: servers }, (_, i) => `npm:@fixture/server-${i}`).sort();
  expect(rows.map(({ id }) => id).sort()).toEqual(ids);
  expect(rows.filter(({ classifyDue }) => classifyDue !== null)).toEqual([]);
  const visited = (await db.select().from(enumeration)).map(({ serverId }) => serverId).sort();
  expect([...new Set(visited)]).toEqual(ids);
  if (visits !== undefined) expect(visited).toHaveLength(visits * servers);
  const present = await db.select().from(presence).where(isNull(presence.goneAt));
  expect(present).toHaveLength(2 * servers);
  expect(new Set(present.map(({ serverId, fingerprint }) => `${serverId} ${fingerprint}`)).size).toBe(2 * servers);
  expect(await db.select().from(assessment)).toHaveLength(2 * servers);
  expect(await db.select().from(run).where(isNull(run.finishedAt))).toEqual([]);
}
