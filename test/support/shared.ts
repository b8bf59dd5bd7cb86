import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { mapRegistryEntry } from '#discover/registry-list.ts';
import { isDropped } from '#discover/source.ts';
import { mapAwesomeList } from '#discover/sources/awesome.ts';
import { mapDockerManifest } from '#discover/sources/docker.ts';
import { mapMcpmEntry } from '#discover/sources/mcpm.ts';
import { mapTensorblockProfile } from '#discover/sources/tensorblock.ts';
import { mapToolsdkPackage } from '#discover/sources/toolsdk.ts';
import type { Sighting } from '#domain/server.ts';

const folder = join(import.meta.dirname, '../../../shared/registries');
/** Whether the real listings lie beside the project. */
export const hasListings = existsSync(join(folder, 'official-seed-2025-05.json'));

function lines<T>(file: string): T[] {
  const text = gunzipSync(readFileSync(join(folder, file))).toString();
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

/** Every real listing there is, about 14,500, through the maps of their sources. */
export function realSightings(): Sighting[] {
  const seed = JSON.parse(readFileSync(join(folder, 'official-seed-2025-05.json'), 'utf8')) as unknown[];
  const files = (name: string) => lines<{ path: string; text: string }>(name);
  const manifests = files('docker-servers.jsonl.gz').filter(({ path }) => path.endsWith('server.yaml'));
  const list = (name: string) => mapAwesomeList(readFileSync(join(folder, `awesome-${name}.md`), 'utf8'), name);
  const all = [
    ...seed.map((one) => mapRegistryEntry(one)),
    ...manifests.map(({ text }) => mapDockerManifest(parse(text))),
    ...files('mcpm-servers.jsonl.gz').map(({ text }) => mapMcpmEntry(JSON.parse(text))),
    ...lines('toolsdk-packages.jsonl.gz').map(mapToolsdkPackage),
    ...lines('tensorblock-profiles.jsonl.gz').map(mapTensorblockProfile),
    ...list('appcypher'),
    ...list('wong2'),
  ].filter((one): one is Sighting => one !== undefined && !isDropped(one));
  // Some of these files name a listing twice; sources keep the first.
  return [...new Map(all.toReversed().map((one) => [`${one.source} ${one.listing}`, one])).values()].toReversed();
}
