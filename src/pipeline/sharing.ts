import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '#config.ts';
import { isAlive } from '#core/alive.ts';
import { WrongUse } from '#core/errors.ts';
import { visibleLine } from '#core/visible.ts';
import { folderObjects } from '#launch/shared/folder.ts';
import type { Objects } from '#launch/shared/objects.ts';
import { s3Objects } from '#launch/shared/s3.ts';
import { type SharedTrees, sharedTrees } from '#launch/shared/shared.ts';
import { findStoredTree, saveStoredTree } from '#store/visit/stored-trees.ts';
import type { World } from '#world.ts';

type Where = Pick<Settings, 'artefacts' | 's3Endpoint' | 's3Region' | 's3KeyId' | 's3Secret' | 's3Session'>;

/** The store that the settings name; undefined for none. Throws `WrongUse` for one without its keys. */
export function objectsOf(settings: Where): Objects | undefined {
  const { artefacts: address, s3KeyId, s3Secret } = settings;
  if (address === undefined) return undefined;
  if (!address.startsWith('s3:')) return folderObjects(address);
  if (!s3KeyId || !s3Secret)
    throw new WrongUse('PLIMSOLL_ARTEFACTS names a bucket: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY as well.');
  return s3Objects({
    address,
    endpoint: settings.s3Endpoint,
    region: settings.s3Region,
    accessKeyId: s3KeyId,
    secretAccessKey: s3Secret,
    sessionToken: settings.s3Session,
  });
}

/** Installed packages that workers on other machines share with this one; undefined where the settings name no store. */
export async function sharing({
  settings,
  db,
  log,
  stop,
  now,
}: Pick<World, 'settings' | 'db' | 'log' | 'stop' | 'now'>): Promise<SharedTrees | undefined> {
  const objects = objectsOf(settings);
  if (!objects) return undefined;
  const scratch = join(settings.home, 'shared');
  await mkdir(scratch, { recursive: true });
  // What processes that are gone had on its way.
  for (const name of await readdir(scratch))
    if (!isAlive(Number.parseInt(name, 10))) await rm(join(scratch, name), { recursive: true, force: true });
  return sharedTrees(
    objects,
    { find: (key) => findStoredTree(db, key), save: (key, stored) => saveStoredTree(db, key, stored, now()) },
    { scratch, stop, report: (why) => log.warn({ store: objects.place }, visibleLine(why)) },
  );
}
