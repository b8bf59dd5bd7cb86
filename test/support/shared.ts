import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { parseSpec } from '#core/purl.ts';
import { mapRegistryEntry } from '#discover/registry-list.ts';
import { isDropped } from '#discover/source.ts';
import type { PackageRef, Sighting } from '#domain/server.ts';

const folder = join(import.meta.dirname, '../../../shared/registries');
/** Whether the real listings lie beside the project. */
export const hasListings = existsSync(join(folder, 'official-seed-2025-05.json'));

interface Given {
  readonly source: string;
  readonly listing: string;
  readonly name: string;
  readonly repository?: string | undefined;
  readonly subfolder?: string | undefined;
  readonly specs?: readonly string[];
}

/** A listing of another kind than the sources read so far, as those sources will map it. */
function sightingOf({ source, listing, name, repository, subfolder, specs = [] }: Given): Sighting {
  const packages: PackageRef[] = specs.flatMap((spec) => parseSpec(spec) ?? []);
  return {
    source,
    listing,
    name,
    ...(repository && { repository: { url: repository, ...(subfolder && { subfolder }) } }),
    packages,
    remotes: [],
    status: 'active',
  };
}

function lines<T>(file: string): T[] {
  const text = gunzipSync(readFileSync(join(folder, file))).toString();
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

interface Installation {
  readonly command?: string;
  readonly args?: readonly unknown[];
}

/** What an `npx`, `uvx` or `docker run` line starts. */
function specOf({ command, args = [] }: Installation): string[] {
  const words = args.filter((word): word is string => typeof word === 'string' && !word.startsWith('-'));
  if (command === 'npx' && words[0]) return [`npm:${words[0]}`];
  if (command === 'uvx' && words[0]) return [`pypi:${words[0].replace(/[=<>[].*/, '')}`];
  return [];
}

/** Every real listing there is, about 14,000, as sightings of their sources. */
export function realSightings(): Sighting[] {
  const seed = JSON.parse(readFileSync(join(folder, 'official-seed-2025-05.json'), 'utf8')) as unknown[];
  const official = seed
    .map((one) => mapRegistryEntry(one))
    .filter((one) => one !== undefined && !isDropped(one)) as Sighting[];
  const docker = lines<{ path: string; text: string }>('docker-servers.jsonl.gz')
    .filter(({ path }) => path.endsWith('server.yaml'))
    .map(
      ({ text }) => parse(text) as { name: string; image?: string; source?: { project?: string; directory?: string } },
    )
    .map(({ name, image, source }) =>
      sightingOf({
        source: 'docker',
        listing: name,
        name,
        repository: source?.project,
        subfolder: source?.directory,
        specs: image ? [`oci:${image}`] : [],
      }),
    );
  const mcpm = lines<{ text: string }>('mcpm-servers.jsonl.gz')
    .map(
      ({ text }) =>
        JSON.parse(text) as {
          name: string;
          repository?: { url?: string };
          installations?: Record<string, Installation>;
        },
    )
    .map(({ name, repository, installations }) =>
      sightingOf({
        source: 'mcpm',
        listing: name,
        name,
        repository: repository?.url,
        specs: Object.values(installations ?? {}).flatMap(specOf),
      }),
    );
  const toolsdk = lines<{ packageName: string; url?: string; runtime?: string }>('toolsdk-packages.jsonl.gz').map(
    ({ packageName, url, runtime }) =>
      sightingOf({
        source: 'toolsdk',
        listing: `${runtime}:${packageName}`,
        name: packageName,
        repository: url,
        specs: runtime === 'node' ? [`npm:${packageName}`] : runtime === 'python' ? [`pypi:${packageName}`] : [],
      }),
  );
  const tensorblock = lines<{ id: string; name: string; links: { repo: string | null } }>(
    'tensorblock-profiles.jsonl.gz',
  ).map(({ id, name, links }) =>
    sightingOf({ source: 'tensorblock', listing: id, name, repository: links.repo ?? undefined }),
  );
  const all = [...official, ...docker, ...mcpm, ...toolsdk, ...tensorblock];
  // Some of these files name a listing twice; sources keep the first.
  return [...new Map(all.toReversed().map((one) => [`${one.source} ${one.listing}`, one])).values()].toReversed();
}
