import { z } from 'zod';
import { purlOf } from '#core/purl.ts';
import type { Sighting } from '#domain/server.ts';
import { dropped, sightingOf } from '../found.ts';
import { placeOf } from '../place.ts';
import type { Dropped } from '../source.ts';
import { textOf, webAddress } from '../texts.ts';

/** The keywords under which authors publish servers. */
export const KEYWORDS = ['mcp-server', 'modelcontextprotocol', 'model-context-protocol', 'mcp'];

const Found = z.object({
  name: z.string(),
  version: z.string().max(256).optional().catch(undefined),
  description: z
    .unknown()
    .optional()
    .transform((value) => textOf(value)),
  links: z
    .object({ homepage: z.unknown().optional(), repository: z.unknown().optional() })
    .transform(({ homepage, repository }) => ({
      homepage: webAddress(homepage),
      repository: textOf(repository, 2_000),
    }))
    .optional()
    .catch(undefined),
});

/** One result of npm's search as a sighting. */
export function mapNpmPackage(result: unknown): Sighting | Dropped {
  const { data } = Found.safeParse(result);
  const purl = data && purlOf('npm', data.name);
  if (!purl) return dropped(result, 'name', 'not the name of a package');
  const { name, version, description, links } = data;
  return sightingOf({
    source: 'npm',
    listing: name,
    name,
    description,
    homepage: links?.homepage,
    repository: links?.repository === undefined ? undefined : { url: links.repository },
    packages: [{ purl, ...(version !== undefined && { version }) }],
  });
}

const Manifest = z.looseObject({
  keywords: z.array(z.unknown()).catch([]),
  mcpName: z.unknown().optional(),
  repository: z
    .union([z.string(), z.object({ url: z.string() }).transform(({ url }) => url)])
    .optional()
    .catch(undefined),
});

/** A package's newest manifest likewise; undefined for one that does not call itself a server. */
export function mapNpmManifest(record: unknown): Sighting | Dropped | undefined {
  const { data } = Manifest.safeParse(record);
  if (!data) return dropped(record, 'name', 'not a manifest');
  if (typeof data.mcpName !== 'string' && !data.keywords.some((one) => KEYWORDS.includes(String(one))))
    return undefined;
  // As the search spells it, so that both say the same of the same version.
  const place = data.repository === undefined ? undefined : placeOf({ url: data.repository });
  const repository = place && place.subfolder === undefined ? `https://${place.repository}` : data.repository;
  return mapNpmPackage({ ...data, links: { homepage: data.homepage, repository } });
}
