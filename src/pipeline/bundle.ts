import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { WrongUse } from '#core/errors.ts';
import type { Policy, Profile } from '#domain/policy.ts';
import { type Exporter, loadExporters } from '#publish/formats/exporter.ts';
import { isReplaceable, type Manifest, writeBundle } from '#publish/templates/bundle.ts';
import { editionOf } from '#publish/templates/feed.ts';
import { keyFrom } from '#publish/templates/signing.ts';
import { recommend } from '#recommend/recommend.ts';
import { newestRevision, revised } from '#store/catalogue/revisions.ts';
import type { World } from '#world.ts';

/** An Ed25519 key from a PEM file. Throws `WrongUse`, never with anything of the key. */
export async function readKey(file: string): Promise<KeyObject> {
  try {
    return keyFrom(await readFile(file, 'utf8'));
  } catch (error) {
    throw new WrongUse(`${file} holds no Ed25519 key in PEM: ${(error as Error).message}`);
  }
}

/** Bundles the policies of all servers that have tools, as the catalogue is now. Throws `WrongUse` for an unknown format. */
export async function bundle(
  { db, blocked, stop }: Pick<World, 'db' | 'blocked' | 'stop'>,
  out: string,
  options: { readonly profile: Profile; readonly formats: readonly string[]; readonly keys: readonly KeyObject[] },
): Promise<Manifest> {
  const known = await loadExporters();
  const exporters = options.formats.map((format): Exporter => {
    const exporter = known.get(format);
    if (!exporter) throw new WrongUse(`There is no format '${format}'. Formats are ${[...known.keys()].join(', ')}.`);
    return exporter;
  });
  if (!(await isReplaceable(out)))
    throw new WrongUse(`${out} holds something else than a bundle; name another folder.`);
  const hidden = [...blocked.keys()];
  const until = await newestRevision(db);
  async function* policies(): AsyncGenerator<Policy> {
    for await (const one of revised(db, { after: 0, until }, hidden)) {
      stop.throwIfAborted();
      if ('server' in one && one.server.tools.length > 0) yield recommend(one.server, options.profile);
    }
  }
  const slugs: string[] = [];
  for await (const { server } of policies()) slugs.push(server);
  return writeBundle(slugs, policies, out, {
    edition: editionOf(hidden),
    revision: until,
    profile: options.profile,
    exporters,
    rego: known.get('rego')!,
    keys: options.keys,
  });
}
