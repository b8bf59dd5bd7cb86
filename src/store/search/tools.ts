import { and, asc, desc, eq, type SQL, sql } from 'drizzle-orm';
import type { FoundTool, ToolQuery } from '#domain/search.ts';
import { accessOf } from '#domain/verdict.ts';
import type { Db } from '../engine/open.ts';
import { once } from '../engine/prepared.ts';
import { mark } from '../tables/marks.ts';
import { server } from '../tables/servers.ts';
import { assessment, definition, ordered, presence } from '../tables/tools.ts';
import { isJudgedHere, isPresent } from '../verdict/present.ts';
import { bestTools } from './best-tools.ts';
import { serverFilters, toolFilters } from './filters.ts';
import { searchFor, wordsOf, written } from './words.ts';

type Page = { readonly tools: readonly FoundTool[]; readonly next?: string };

/**
 * Present tools across servers, narrowed by filters: the best match first where words are looked for, else in order of
 * name. A search shows some hundreds of its best and no more; lists go to their end.
 */
export async function findTools(db: Db, query: ToolQuery, hide: readonly string[] = []): Promise<Page> {
  const search = query.text === undefined ? undefined : searchFor(query.text);
  if (query.text !== undefined && !search) return { tools: [] };
  const sort = query.sort ?? (search ? 'relevance' : 'name');
  if (search && sort === 'relevance') {
    const from = wholeNumber(query.cursor) ?? 0;
    const ids = await bestTools(db, search, query, { until: from + query.limit + 1, hide });
    const page = ids.slice(from, from + query.limit);
    const more = ids.length > from + query.limit;
    return { tools: await shown(db, page), ...(more && { next: String(from + query.limit) }) };
  }
  const matches = search && sql`${wordsOf('definition', 'all_words')} @@ ${written(search.query)}`;
  return sort === 'newest' ? newest(db, query, matches, hide) : byName(db, query, matches, hide);
}

export function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

async function newest(db: Db, query: ToolQuery, matches: SQL | undefined, hide: readonly string[]): Promise<Page> {
  const before = wholeNumber(query.cursor);
  const rows = await db
    .select({ id: presence.id })
    .from(presence)
    .innerJoin(definition, eq(definition.fingerprint, presence.fingerprint))
    .innerJoin(server, eq(server.id, presence.serverId))
    .where(
      and(
        isPresent(db, hide),
        before === undefined ? undefined : sql`${presence.id} < ${before}`,
        matches,
        serverFilters(db, query),
        toolFilters(db, query, ordered(definition.name)),
      ),
    )
    .orderBy(desc(presence.id))
    .limit(query.limit + 1);
  const ids = rows.map(({ id }) => id);
  const page = ids.slice(0, query.limit);
  return { tools: await shown(db, page), ...(ids.length > query.limit && { next: String(page.at(-1)) }) };
}

/** In order of name, and of one name in the order in which they were met; along the index of a mark where one is asked. */
async function byName(db: Db, query: ToolQuery, matches: SQL | undefined, hide: readonly string[]): Promise<Page> {
  const { marks = [], limit } = query;
  const [lead, ...others] = marks;
  const name = lead === undefined ? ordered(definition.name) : sql`${mark.name}`;
  const after = placeIn(query.cursor);
  const from = db
    .select({ id: presence.id, name: sql<string>`${name}` })
    .from(lead === undefined ? definition : mark)
    .$dynamic();
  const joined =
    lead === undefined
      ? from.innerJoin(presence, eq(presence.fingerprint, definition.fingerprint))
      : from
          .innerJoin(presence, eq(presence.id, mark.presenceId))
          .innerJoin(definition, eq(definition.fingerprint, presence.fingerprint));
  const rows = await joined
    .innerJoin(server, eq(server.id, presence.serverId))
    .where(
      and(
        lead === undefined ? undefined : eq(mark.key, lead),
        isPresent(db, hide),
        // Said twice: the index of definitions holds the name alone.
        after && sql`${name} >= ${after.name} and (${name}, ${presence.id}) > (${after.name}, ${after.id})`,
        matches,
        serverFilters(db, query),
        toolFilters(db, { ...query, marks: others }, name),
      ),
    )
    .orderBy(asc(name), asc(presence.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const ids = page.map(({ id }) => id);
  return { tools: await shown(db, ids), ...(rows.length > limit && last && { next: `${last.id}:${last.name}` }) };
}

function placeIn(cursor: string | undefined): { readonly id: number; readonly name: string } | undefined {
  const [, id, name] = /^(\d{1,15}):(.*)$/s.exec(cursor ?? '') ?? [];
  return id === undefined ? undefined : { id: Number(id), name: name!.replaceAll('\0', '').toWellFormed() };
}

const toolsShown = once((db) =>
  db
    .selectDistinctOn([presence.id], {
      id: presence.id,
      provenance: presence.provenance,
      fingerprint: presence.fingerprint,
      firstSeen: presence.firstSeen,
      server: { id: server.id, slug: server.slug, name: server.name, title: server.title },
      body: definition.body,
      verdict: assessment.verdict,
    })
    .from(presence)
    .innerJoin(definition, eq(definition.fingerprint, presence.fingerprint))
    .innerJoin(server, eq(server.id, presence.serverId))
    .leftJoin(assessment, isJudgedHere)
    .where(sql`${presence.id} = any(array(select json_array_elements_text(${sql.placeholder('ids')}::json))::bigint[])`)
    .orderBy(presence.id, desc(assessment.assessedAt))
    .prepare('tools_shown'),
);

/** What lists show of these tools, in the same order. */
async function shown(db: Db, ids: readonly number[]): Promise<readonly FoundTool[]> {
  if (ids.length === 0) return [];
  const rows = await toolsShown(db).execute({ ids: JSON.stringify(ids) });
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = found.get(id);
    if (!row) return [];
    const { server: on, body, verdict, id: _, ...rest } = row;
    const { title, ...ref } = on;
    return [
      {
        ...rest,
        name: body.name,
        ...(body.title !== undefined && { title: body.title }),
        ...(body.description !== undefined && { description: body.description }),
        server: { ...ref, ...(title !== null && { title }) },
        ...(verdict && {
          verdict: {
            category: verdict.category,
            access: accessOf(verdict.category),
            risk: verdict.risk,
            confidence: verdict.confidence,
          },
        }),
      },
    ];
  });
}
