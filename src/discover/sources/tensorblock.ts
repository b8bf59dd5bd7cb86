import { z } from 'zod';
import { SourceUnreachable } from '#core/errors.ts';
import type { PackageRef, Sighting } from '#domain/server.ts';
import { dropped, give, repositoryAt, sightingOf } from '../found.ts';
import { inputNamed } from '../inputs.ts';
import { type DiscoverOptions, type Dropped, homeOf, type Source } from '../source.ts';
import { packageStarted } from '../start.ts';
import { List, Text, textOf, Web } from '../texts.ts';

const politeness = { concurrency: 1, interval: 0 };

const Profile = z.object({
  id: z.string().regex(/^[\w.-]{1,200}$/),
  name: Text,
  description: Text,
  links: z
    .object({ repo: Web, homepage: Web, endpoint: Web })
    .catch({ repo: undefined, homepage: undefined, endpoint: undefined }),
  install: z.object({ commands: List, env: List }).catch({ commands: [], env: [] }),
  transport: List,
});
type Profile = z.output<typeof Profile>;

/** One profile of TensorBlock's index as a sighting. */
export function mapTensorblockProfile(record: unknown): Sighting | Dropped {
  const { data } = Profile.safeParse(record);
  if (!data) return dropped(record, 'id', 'not a profile: its id is missing');
  const { id, links, transport } = data;
  const type = transport.includes('sse') && !transport.includes('streamable-http') ? 'sse' : 'streamable-http';
  return sightingOf({
    source: 'tensorblock',
    listing: id,
    name: data.name ?? id,
    title: data.name,
    description: data.description,
    homepage: links.homepage,
    repository: repositoryAt(links.repo),
    packages: packagesOf(data),
    remotes: links.endpoint === undefined ? [] : [{ type, url: links.endpoint }],
  });
}

/** Commands were picked out of prose: which package they start is believed, the words after it are not. */
function packagesOf({ install }: Profile): PackageRef[] {
  const env = install.env.flatMap((name) => inputNamed(name));
  const packages = new Map<string, PackageRef>();
  for (const command of install.commands) {
    const found = packageStarted((textOf(command, 2_000) ?? '').split(/\s+/));
    if (!found || packages.has(found.purl)) continue;
    const { purl, version } = found;
    packages.set(purl, { purl, ...(version !== undefined && { version }), ...(env.length > 0 && { env }) });
  }
  return [...packages.values()];
}

async function* discover(options: DiscoverOptions): AsyncGenerator<Sighting | Dropped> {
  const { http, settings, stop } = options;
  const home = homeOf(settings, 'tensorblock', 'https://raw.githubusercontent.com');
  const url = new URL('TensorBlock/awesome-mcp-servers/HEAD/data/catalog.json', home);
  const catalogue = await http.json(url, { politeness, stop });
  if (!Array.isArray(catalogue))
    throw new SourceUnreachable(`${url.host} answered without a list of profiles at ${url.pathname}`);
  yield* give(catalogue, mapTensorblockProfile, options);
}

export default {
  id: 'tensorblock',
  title: 'TensorBlock MCP Index',
  terms: 'Data from TensorBlock/awesome-mcp-servers (github.com/TensorBlock/awesome-mcp-servers), MIT licence.',
  can: { sweep: true, recent: false },
  politeness,
  discover,
} satisfies Source;
