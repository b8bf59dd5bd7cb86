import { z } from 'zod';
import { SourceUnreachable } from '#core/errors.ts';
import type { GitHub } from './client.ts';
import { FIELDS } from './repository.ts';

/** As many as one query may name; it costs about one of 5,000 points an hour. */
const BATCH = 100;

/** What GitHub says of one repository that it was asked for. */
export type Answer<T> =
  | { readonly asked: T; readonly node: unknown }
  /** `isGone`: there is none; else it is there and not for us, which says nothing of it. */
  | { readonly asked: T; readonly isGone: boolean; readonly reason: string };

const Trouble = z.object({
  type: z.string().catch(''),
  message: z.string().catch('no reason given'),
  path: z.array(z.union([z.string(), z.number()])).catch([]),
});

/** Asks for repositories by the ids that stay when they are renamed. */
export async function* byId(github: GitHub, ids: readonly string[]): AsyncGenerator<Answer<string>> {
  const query = `query($ids: [ID!]!) { nodes(ids: $ids) { ... on Repository { ${FIELDS} } } }`;
  for (const batch of batches(ids)) {
    const { data, errors } = await github.graphql(query, { ids: batch });
    const { nodes } = z.object({ nodes: z.array(z.unknown()) }).safeParse(data).data ?? { nodes: undefined };
    if (nodes?.length !== batch.length) throw withoutAnswer(github, errors);
    yield* answers(batch, nodes, errors, (trouble) => trouble.path[0] === 'nodes' && Number(trouble.path[1]));
  }
}

/** Asks for repositories by `owner/name`, by the names that they had before as well. */
export async function* byName(github: GitHub, names: readonly string[]): AsyncGenerator<Answer<string>> {
  for (const batch of batches(names)) {
    const parts = batch.map((_, i) => `r${i}: repository(owner: $o${i}, name: $n${i}) { ...facts }`);
    const takes = batch.map((_, i) => `$o${i}: String!, $n${i}: String!`);
    const variables = Object.fromEntries(
      batch.flatMap((name, i) => {
        const [owner = '', repository = ''] = name.split('/');
        return [
          [`o${i}`, owner],
          [`n${i}`, repository],
        ];
      }),
    );
    const query = `query(${takes.join(', ')}) { ${parts.join(' ')} } fragment facts on Repository { ${FIELDS} }`;
    const { data, errors } = await github.graphql(query, variables);
    const found = z.record(z.string(), z.unknown()).safeParse(data).data;
    if (!found) throw withoutAnswer(github, errors);
    const nodes = batch.map((_, i) => found[`r${i}`]);
    yield* answers(batch, nodes, errors, ({ path }) => Number(/^r(\d+)$/.exec(String(path[0]))?.[1] ?? Number.NaN));
  }
}

function* batches<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += BATCH) yield all.slice(at, at + BATCH);
}

function* answers<T>(
  asked: readonly T[],
  nodes: readonly unknown[],
  errors: readonly unknown[],
  indexOf: (trouble: z.output<typeof Trouble>) => number | false,
): Generator<Answer<T>> {
  const troubles = new Map<number | false, z.output<typeof Trouble>>();
  for (const error of errors) {
    const { data } = Trouble.safeParse(error);
    if (data) troubles.set(indexOf(data), data);
  }
  for (const [i, one] of asked.entries()) {
    const node = nodes[i];
    if (node !== null && node !== undefined) yield { asked: one, node };
    else {
      const { type = '', message = 'nothing was told of it' } = troubles.get(i) ?? {};
      yield { asked: one, isGone: type === 'NOT_FOUND', reason: message.slice(0, 200) };
    }
  }
}

function withoutAnswer({ host }: GitHub, errors: readonly unknown[]): SourceUnreachable {
  const { message } = Trouble.safeParse(errors[0]).data ?? { message: 'no reason given' };
  return new SourceUnreachable(`${host} answered without a list of repositories (${message.slice(0, 200)})`);
}
