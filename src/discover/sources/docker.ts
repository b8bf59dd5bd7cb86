import { parse } from 'yaml';
import { z } from 'zod';
import { SourceUnreachable } from '#core/errors.ts';
import type { PackageRef, Sighting } from '#domain/server.ts';
import { dropped, give, repositoryAt, sightingOf } from '../found.ts';
import { inputNamed } from '../inputs.ts';
import { type DiscoverOptions, type Dropped, homeOf, type Source } from '../source.ts';
import { literalWords, packageOfImage } from '../start.ts';
import { List, Text, Web } from '../texts.ts';

const politeness = { concurrency: 1, interval: 0 };

const Name = z.string().regex(/^[\w.@-]{1,200}$/);
const Remote = z.object({ url: Web, transport_type: Text }).optional().catch(undefined);
const Variable = z
  .object({ name: Text, env: Text, value: Text })
  .catch({ name: undefined, env: undefined, value: undefined });
const Variables = List.transform((list) => list.map((one) => Variable.parse(one)));

/** An entry of the built catalogue. */
const Entry = z.object({
  name: Name,
  type: z.string(),
  title: Text,
  description: Text,
  image: Text,
  source: Web,
  upstream: Web,
  remote: Remote,
  command: List,
  secrets: Variables,
  env: Variables,
});
type Entry = z.output<typeof Entry>;

/** A `server.yaml`, from which the catalogue is built. */
const Manifest = z.object({
  name: Name,
  type: z.string(),
  image: Text,
  about: z.object({ title: Text, description: Text }).catch({ title: undefined, description: undefined }),
  source: z.object({ project: Web, directory: Text }).catch({ project: undefined, directory: undefined }),
  remote: Remote,
  run: z.object({ command: List }).catch({ command: [] }),
  config: z.object({ secrets: Variables, env: Variables }).catch({ secrets: [], env: [] }),
});

/** One entry of the catalogue, with its key as `name`. Undefined for mere containers (`poci`), which are no servers. */
export function mapDockerEntry(record: unknown): Sighting | Dropped | undefined {
  const { data } = Entry.safeParse(record);
  if (!data) return dropped(record, 'name', 'not an entry of the catalogue: name or type is missing');
  // `source` names the commit's tree and the folder; `upstream` only the repository.
  return listed(data, repositoryAt(data.source ?? data.upstream));
}

/** One `server.yaml` of Docker's repository of servers, likewise. */
export function mapDockerManifest(record: unknown): Sighting | Dropped | undefined {
  const { data } = Manifest.safeParse(record);
  if (!data) return dropped(record, 'name', 'not a server.yaml: name or type is missing');
  const { about, source, run, config } = data;
  return listed({ ...data, ...about, ...run, ...config }, repositoryAt(source.project, source.directory));
}

function listed(entry: Omit<Entry, 'source' | 'upstream'>, repository: Sighting['repository']): Sighting | undefined {
  if (entry.type === 'poci') return undefined;
  const { url, transport_type } = entry.remote ?? {};
  const type = transport_type === 'sse' ? ('sse' as const) : ('streamable-http' as const);
  return sightingOf({
    source: 'docker',
    listing: entry.name,
    name: entry.name,
    title: entry.title,
    description: entry.description,
    repository,
    packages: imageOf(entry),
    remotes: url === undefined ? [] : [{ type, url }],
  });
}

function imageOf({ image, command, secrets, env }: Pick<Entry, 'image' | 'command' | 'secrets' | 'env'>): PackageRef[] {
  const found = packageOfImage(image ?? '');
  if (!found) return [];
  const inputs = [
    ...secrets.flatMap((one) => inputNamed(one.env, { secret: true })),
    ...env.flatMap((one) => inputNamed(one.name, { value: one.value })),
  ];
  const args = literalWords(command.filter((word) => typeof word === 'string'));
  return [{ ...found, ...(inputs.length > 0 && { env: inputs }), ...(args.length > 0 && { args }) }];
}

async function* discover(options: DiscoverOptions): AsyncGenerator<Sighting | Dropped> {
  const { http, settings, stop } = options;
  const url = new URL('mcp/catalog/v3/catalog.yaml', homeOf(settings, 'docker', 'https://desktop.docker.com'));
  const text = await http.text(url, { politeness, stop });
  yield* give(entries(url, text), mapDockerEntry, options);
}

function entries(url: URL, text: string): unknown[] {
  let catalogue: unknown;
  try {
    // A catalogue needs no aliases; without them a small file cannot become a large value.
    catalogue = parse(text, { maxAliasCount: 0, logLevel: 'silent' });
  } catch (error) {
    throw new SourceUnreachable(`${url.host} sent YAML that breaks off or is malformed`, { cause: error });
  }
  const { data } = z.object({ registry: z.record(z.string(), z.unknown()) }).safeParse(catalogue);
  if (!data) throw new SourceUnreachable(`${url.host} answered without a catalogue at ${url.pathname}`);
  return Object.entries(data.registry).map(([name, entry]) =>
    entry !== null && typeof entry === 'object' ? { ...entry, name } : { name },
  );
}

export default {
  id: 'docker',
  title: 'Docker MCP Catalog',
  terms: "Data from Docker's MCP catalogue (github.com/docker/mcp-registry), MIT licence.",
  can: { sweep: true, recent: false },
  politeness,
  discover,
} satisfies Source;
