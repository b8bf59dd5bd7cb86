import { and, count, desc, eq, isNotNull, isNull, like, ne, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Figures, Mark } from '#domain/lists.ts';
import type { Db } from '../engine/open.ts';
import { mark } from '../tables/marks.ts';
import { server } from '../tables/servers.ts';
import { definition, HINTS, presence } from '../tables/tools.ts';
import { enumeration } from '../tables/visits.ts';
import { isShown } from './hidden.ts';

/** What the statistics page draws, over everything present and shown. */
export async function figures(db: Db, hide: readonly string[] = []): Promise<Figures> {
  const shown = and(isNull(server.mergedInto), isShown(db, hide));
  const { annotated, hints } = await annotations(db, shown);
  const { verdicts, facets } = await verdictsAndFacets(db, shown);
  return { verdicts, facets, outcomes: await outcomes(db, shown), growth: await growth(db, shown), annotated, hints };
}

async function verdictsAndFacets(db: Db, shown: SQL | undefined): Promise<Pick<Figures, 'verdicts' | 'facets'>> {
  const present = (prefix: string) => and(isNull(presence.goneAt), shown, like(mark.key, `${prefix}:%`));
  const verdicts = await db
    .select({ category: mark.category, risk: mark.risk, tools: count() })
    .from(mark)
    .innerJoin(presence, eq(presence.id, mark.presenceId))
    .innerJoin(server, eq(server.id, mark.serverId))
    .where(present('category'))
    .groupBy(mark.category, mark.risk);
  const facets = await db
    .select({ mark: sql<Mark>`${mark.key}`, tools: count() })
    .from(mark)
    .innerJoin(presence, eq(presence.id, mark.presenceId))
    .innerJoin(server, eq(server.id, mark.serverId))
    .where(present('facet'))
    .groupBy(mark.key)
    .orderBy(mark.key);
  return { verdicts, facets };
}

async function outcomes(db: Db, shown: SQL | undefined): Promise<Figures['outcomes']> {
  const newest = db
    .selectDistinctOn([enumeration.serverId], { serverId: enumeration.serverId, outcome: enumeration.outcome })
    .from(enumeration)
    .orderBy(enumeration.serverId, desc(enumeration.id))
    .as('newest');
  const rows = await db
    .select({ outcome: newest.outcome, servers: count() })
    .from(server)
    .leftJoin(newest, eq(newest.serverId, server.id))
    .where(shown)
    .groupBy(newest.outcome);
  return rows.map(({ outcome, servers }) => ({ outcome: outcome ?? 'unvisited', servers }));
}

/** What came and what went by day, added up: a tool counts from the day on which it was met to that on which it went. */
async function growth(db: Db, shown: SQL | undefined): Promise<Figures['growth']> {
  const dayOf = (at: PgColumn) => sql<string>`((${at} at time zone 'UTC')::date)::text`;
  const days = new Map<string, { servers: number; tools: number }>();
  const add = (day: string, what: 'servers' | 'tools', number: number) => {
    const sum = days.get(day) ?? { servers: 0, tools: 0 };
    sum[what] += number;
    days.set(day, sum);
  };
  const founded = await db
    .select({ day: dayOf(server.firstSeen), number: count() })
    .from(server)
    .where(shown)
    .groupBy(sql`1`);
  for (const { day, number } of founded) add(day, 'servers', number);
  for (const [at, sign] of [[presence.firstSeen, 1] as const, [presence.goneAt, -1] as const]) {
    const rows = await db
      .select({ day: dayOf(at), number: count() })
      .from(presence)
      .innerJoin(server, eq(server.id, presence.serverId))
      .where(and(shown, isNotNull(at)))
      .groupBy(sql`1`);
    for (const { day, number } of rows) add(day, 'tools', sign * number);
  }
  const sum = { servers: 0, tools: 0 };
  return [...days]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([day, change]) => {
      sum.servers += change.servers;
      sum.tools += change.tools;
      return { day, ...sum };
    });
}

async function annotations(db: Db, shown: SQL | undefined): Promise<Pick<Figures, 'annotated' | 'hints'>> {
  const rows = await db
    .select({ hints: definition.hints, tools: count() })
    .from(presence)
    .innerJoin(definition, eq(definition.fingerprint, presence.fingerprint))
    .innerJoin(server, eq(server.id, presence.serverId))
    .where(and(isNull(presence.goneAt), shown, ne(definition.hints, '')))
    .groupBy(definition.hints);
  const declaring = (words: string) =>
    rows.filter(({ hints }) => hints!.split(' ').includes(words)).reduce((sum, { tools }) => sum + tools, 0);
  return {
    annotated: rows.reduce((sum, { tools }) => sum + tools, 0),
    hints: HINTS.map((hint) => ({ hint, yes: declaring(`${hint}:true`), no: declaring(`${hint}:false`) })),
  };
}
