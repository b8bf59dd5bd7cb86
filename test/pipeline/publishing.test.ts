import { globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { definitionFingerprint } from '#core/definition.ts';
import { pressed } from '#pipeline/publishing/presses.ts';
import { openManifest } from '#publish/site/manifest.ts';
import { groupOf } from '#publish/site/server-pages.ts';
import { stamps } from '#store/catalogue/stamps.ts';
import type { Store } from '#store/engine/open.ts';
import { server } from '#store/tables/servers.ts';
import { definition, presence } from '#store/tables/tools.ts';
import { freshPostgres, postgresAnswers } from '../support/stores.ts';

const AT = new Date('2026-11-01T00:00:00Z');
const SERVERS = 60;

/** Servers with two tools each, as if they had been listed and not yet judged. */
async function fill({ db }: Store): Promise<void> {
  const bodies = ['get_it', 'put_it'].map((name) => ({ name, description: `What ${name} does.` }));
  const fingerprints = bodies.map((body) => definitionFingerprint(body));
  await db
    .insert(definition)
    .values(bodies.map((body, at) => ({ fingerprint: fingerprints[at]!, name: body.name, body, firstSeen: AT })));
  const ids = Array.from({ length: SERVERS }, (_, at) => `s${at}`);
  await db.insert(server).values(
    ids.map((id) => ({
      ...{ id, slug: `many/${id}`, name: id, packages: [], remotes: [] },
      ...{ firstSeen: AT, lastSeen: AT, enumerateDue: AT },
    })),
  );
  await db.insert(presence).values(
    ids.flatMap((serverId) =>
      fingerprints.map((fingerprint) => ({
        ...{ serverId, fingerprint, provenance: 'listed' as const, firstSeen: AT, lastSeen: AT },
        ...{ firstEnumeration: 1, lastEnumeration: 1 },
      })),
    ),
  );
}

async function press(store: Store, worth: number, stop = new AbortController().signal) {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-press-'));
  try {
    openManifest(folder);
    const tasks = (await stamps(store.db)).map((one) => ({ ...one, group: groupOf(one.slug) }));
    const groups: string[] = [];
    for await (const { id } of pressed(store, tasks, folder, {}, stop, worth)) groups.push(id);
    const files = globSync('servers/**', { cwd: folder }).filter((file) => statSync(join(folder, file)).isFile());
    return {
      groups: groups.sort(),
      files: files.sort().map((file) => [file, readFileSync(join(folder, file), 'utf8')]),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.skipIf(!postgresAnswers)(
  `a site written by threads${postgresAnswers ? '' : ' (skipped: no PostgreSQL)'}`,
  () => {
    test('is the same as one written in this one, every server once; and stops when it is told to', async () => {
      await using store = await freshPostgres();
      await fill(store);
      const [threads, here] = [await press(store, 1), await press(store, SERVERS + 1)];
      expect(threads.groups).toHaveLength(SERVERS);
      expect(threads).toEqual(here);
      await expect(press(store, 1, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    }, 120_000);
  },
);
