import { z } from 'zod';
import { SourceUnreachable } from '#core/errors.ts';
import type { Input, PackageRef, Sighting } from '#domain/server.ts';
import { dropped, give, repositoryAt, sightingOf } from '../found.ts';
import { inputNamed } from '../inputs.ts';
import { type DiscoverOptions, type Dropped, homeOf, type Source } from '../source.ts';
import { startOf } from '../start.ts';
import { Fields, Text, Web } from '../texts.ts';

const politeness = { concurrency: 1, interval: 0 };

const Entry = z.object({
  name: z.string().regex(/^[^\p{Cc}]{1,200}$/u),
  display_name: Text,
  description: Text,
  homepage: Web,
  repository: z.object({ url: Web }).catch({ url: undefined }),
  installations: Fields,
  arguments: Fields,
  is_archived: z.unknown().optional(),
});
type Entry = z.output<typeof Entry>;

/** One server of mcpm's registry as a sighting. Installations from a checkout name no package and are passed over. */
export function mapMcpmEntry(record: unknown): Sighting | Dropped {
  const { data } = Entry.safeParse(record);
  if (!data) return dropped(record, 'name', 'not an entry of the registry: its name is missing');
  const starts = Object.values(data.installations).map((one) => startOf(one));
  const packages = new Map<string, PackageRef>();
  for (const found of starts.flatMap((start) => start.packages))
    if (!packages.has(found.purl)) packages.set(found.purl, explained(found, data));
  return sightingOf({
    source: 'mcpm',
    listing: data.name,
    name: data.name,
    title: data.display_name,
    description: data.description,
    homepage: data.homepage,
    repository: repositoryAt(data.repository.url),
    packages: [...packages.values()],
    remotes: starts.flatMap((start) => start.remotes),
    status: data.is_archived === true ? 'deprecated' : 'active',
  });
}

/** The package with what the registry says of its variables; they stand there under their own names. */
function explained(found: PackageRef, { arguments: known }: Entry): PackageRef {
  const env = found.env?.flatMap((input): readonly Input[] => {
    const said = known[input.name];
    if (said === null || typeof said !== 'object') return [input];
    const { description, required } = said as Record<string, unknown>;
    return inputNamed(input.name, { description, required, value: input.default });
  });
  return { ...found, ...(env && { env }) };
}

async function* discover(options: DiscoverOptions): AsyncGenerator<Sighting | Dropped> {
  const { http, settings, stop } = options;
  const url = new URL('api/servers.json', homeOf(settings, 'mcpm', 'https://mcpm.sh'));
  const { data } = Listing.safeParse(await http.json(url, { politeness, stop }));
  if (!data) throw new SourceUnreachable(`${url.host} answered without a list of servers at ${url.pathname}`);
  yield* give(Object.values(data), mapMcpmEntry, options);
}

/** Servers by name. */
const Listing = z.record(z.string(), z.looseObject({ name: z.unknown() }));

export default {
  id: 'mcpm',
  title: 'MCPM registry',
  terms: 'Data from the MCPM registry (github.com/pathintegral-institute/mcpm.sh), MIT licence.',
  can: { sweep: true, recent: false },
  politeness,
  discover,
} satisfies Source;
