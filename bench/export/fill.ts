import { openStore } from '#store/engine/open.ts';
import { server } from '#store/tables/servers.ts';
import { assessment, definition, presence } from '#store/tables/tools.ts';
import type { assessedCorpus } from './catalogue.ts';

type Corpus = Awaited<ReturnType<typeof assessedCorpus>>;
const CHUNK = 1000;

/** A catalogue in which the corpus stands as often as is needed for `count` servers, as if each server had been listed and judged. */
export async function fill(url: string, servers: Corpus, count: number): Promise<void> {
  await using store = await openStore({ url, home: '/nonexistent' });
  const { db } = store;
  const tools = servers.flatMap((one) => one.tools);
  for (const some of chunks(tools))
    await db
      .insert(definition)
      .values(
        some.map(({ fingerprint, definition: body, firstSeen }) => ({
          fingerprint,
          name: body.name.replaceAll('\0', ''),
          body,
          firstSeen,
        })),
      )
      .onConflictDoNothing();
  for (const some of chunks(tools.map((tool) => tool.assessment!)))
    await db
      .insert(assessment)
      .values(some.map((one) => ({ ...one, category: one.verdict.category, risk: one.verdict.risk })))
      .onConflictDoNothing();
  const many = Array.from({ length: count }, (_, at) => ({ ...servers[at % servers.length]!, at }));
  for (const some of chunks(many))
    await db.insert(server).values(
      some.map(({ at, slug, name, siblings, firstSeen, lastSeen }) => ({
        ...{ id: `bench:${at}`, slug: `${slug}-${at}`, name, packages: [], remotes: [], siblings, firstSeen, lastSeen },
        ...{ enumerateDue: firstSeen, revision: at + 1 },
      })),
    );
  const present = many.flatMap(({ at, tools: here }) =>
    here.map(({ fingerprint, firstSeen, lastSeen }) => ({
      ...{ serverId: `bench:${at}`, fingerprint, provenance: 'listed' as const, firstSeen, lastSeen },
      ...{ firstEnumeration: at, lastEnumeration: at },
    })),
  );
  for (const some of chunks(present)) await db.insert(presence).values(some);
  await db.execute(`select setval('server_revision', ${count})`);
  await db.execute('analyze');
}

function* chunks<T>(all: readonly T[]): Generator<readonly T[] & T[]> {
  for (let at = 0; at < all.length; at += CHUNK) yield all.slice(at, at + CHUNK);
}
