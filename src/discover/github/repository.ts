import { z } from 'zod';
import type { ForgeFacts, Sighting } from '#domain/server.ts';
import { dropped, sightingOf } from '../found.ts';
import { placeKey, placeOf } from '../place.ts';
import type { Dropped } from '../source.ts';
import { Text, Web } from '../texts.ts';

const Flag = z.boolean().optional().catch(undefined);
const Count = z.number().int().nonnegative().optional().catch(undefined);
const Name = z.string().regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/);
const Id = z.string().regex(/^[\w=+/-]{1,100}$/);

/** A repository as REST lists it, and as REST tells a single one, which names what it is a fork of. */
const Listed = z.object({
  node_id: Id,
  id: z.number().int().positive(),
  full_name: Name,
  description: Text,
  homepage: Web,
  archived: Flag,
  disabled: Flag,
  mirror_url: Web,
  stargazers_count: Count,
  license: z
    .object({ spdx_id: z.string() })
    .nullish()
    .transform((one) => one?.spdx_id)
    .catch(undefined),
  topics: z.array(z.string()).catch([]),
  parent: z
    .object({ full_name: Name })
    .nullish()
    .transform((one) => one?.full_name)
    .catch(undefined),
});
const READ: ReadonlySet<string> = new Set([...Object.keys(Listed.shape), 'fork']);

/** A repository of REST without what nobody reads of it, which is nine tenths. */
export function essenceOf(record: unknown): unknown {
  if (record === null || typeof record !== 'object') return record;
  const read = Object.entries(record).filter(([key]) => READ.has(key));
  return Object.fromEntries(read.map(([key, value]) => [key, key === 'parent' ? essenceOf(value) : value]));
}

const Named = z
  .object({ nameWithOwner: Name })
  .nullish()
  .transform((one) => one?.nameWithOwner)
  .catch(undefined);

/** The fields of a repository that a query of GraphQL asks for. */
export const FIELDS = `id databaseId nameWithOwner description homepageUrl isArchived isDisabled isFork mirrorUrl
  stargazerCount parent { nameWithOwner } licenseInfo { spdxId }
  repositoryTopics(first: 20) { nodes { topic { name } } }`;

/** A repository as GraphQL tells it. */
const Node = z.object({
  id: Id,
  databaseId: z.number().int().positive(),
  nameWithOwner: Name,
  description: Text,
  homepageUrl: Web,
  isArchived: Flag,
  isDisabled: Flag,
  mirrorUrl: Web,
  stargazerCount: Count,
  parent: Named,
  licenseInfo: z
    .object({ spdxId: z.string() })
    .nullish()
    .transform((one) => one?.spdxId)
    .catch(undefined),
  repositoryTopics: z
    .object({ nodes: z.array(z.object({ topic: z.object({ name: z.string() }) })) })
    .transform(({ nodes }) => nodes.map(({ topic }) => topic.name))
    .catch([]),
});

/** A repository of REST, searched for or asked for, as a sighting. */
export function mapListedRepository(record: unknown): Sighting | Dropped {
  const { data } = Listed.safeParse(record);
  if (!data) return dropped(record, 'full_name', 'not a repository: node_id, id or full_name is missing');
  return repository({
    node: data.node_id,
    forgeId: data.id,
    name: data.full_name,
    description: data.description,
    homepage: data.homepage,
    facts: {
      ...factsOf(data.archived, data.disabled, data.stargazers_count, data.license, data.topics, data.mirror_url),
      ...forkOf(data.parent),
    },
  });
}

/** A repository that GraphQL was asked for, likewise. */
export function mapRepositoryNode(record: unknown): Sighting | Dropped {
  const { data } = Node.safeParse(record);
  if (!data) return dropped(record, 'nameWithOwner', 'not a repository: id, databaseId or nameWithOwner is missing');
  const { isArchived, isDisabled, stargazerCount, licenseInfo, repositoryTopics, mirrorUrl, parent } = data;
  const facts = factsOf(isArchived, isDisabled, stargazerCount, licenseInfo, repositoryTopics, mirrorUrl);
  return repository({
    node: data.id,
    forgeId: data.databaseId,
    name: data.nameWithOwner,
    description: data.description,
    homepage: data.homepageUrl,
    facts: { ...facts, ...forkOf(parent) },
  });
}

function forkOf(parent: string | undefined): Pick<ForgeFacts, 'forkOf'> {
  return parent === undefined ? {} : { forkOf: `https://github.com/${parent}` };
}

interface Told {
  readonly node: string;
  readonly forgeId: number;
  readonly name: string;
  readonly description: string | undefined;
  readonly homepage: string | undefined;
  readonly facts: ForgeFacts;
}

/** Listed under the id that GitHub gives it, which stays when it is renamed or moved. */
function repository({ node, forgeId, name, description, homepage, facts }: Told): Sighting {
  return sightingOf({
    source: 'github',
    listing: node,
    name,
    description,
    homepage,
    repository: { url: `https://github.com/${name}`, forgeId: String(forgeId) },
    forge: facts,
  });
}

function factsOf(
  archived: boolean | undefined,
  disabled: boolean | undefined,
  stars: number | undefined,
  license: string | undefined,
  topics: readonly string[],
  mirrorOf: string | undefined,
): ForgeFacts {
  return {
    ...(archived === true && { archived }),
    ...(disabled === true && { disabled }),
    ...(stars !== undefined && { stars: rounded(stars) }),
    ...(license !== undefined && /^[\w.+-]{1,80}$/.test(license) && license !== 'NOASSERTION' && { license }),
    ...(topics.length > 0 && {
      topics: [...new Set(topics)]
        .slice(0, 20)
        .map((one) => one.slice(0, 60))
        .sort(),
    }),
    ...(mirrorOf !== undefined && { mirrorOf }),
  };
}

/** 1,234 becomes 1,000: what changes by the hour must not make every sighting a new one. */
function rounded(stars: number): number {
  const unit = 10 ** Math.max(0, String(stars).length - 1);
  return Math.floor(stars / unit) * unit;
}

/** The same sighting with the addresses that led to it before, the newest first; none that another has by now. */
export function withFormer(
  found: Sighting,
  former: readonly string[],
  isTaken: (address: string) => boolean,
): Sighting {
  const { repository } = found;
  if (!repository) return found;
  const own = addressOf(repository.url);
  const formerly = [...new Set(former)].filter((url) => addressOf(url) !== own && !isTaken(url)).slice(0, 10);
  return formerly.length === 0 ? found : { ...found, repository: { ...repository, formerly } };
}

/** An address in the spelling in which two that lead to the same place are equal. */
export function addressOf(url: string): string {
  const place = placeOf({ url });
  return place ? placeKey({ repository: place.repository }) : url;
}
