import { aliasedTable, and, eq, exists, gte, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { Filters } from '#domain/search.ts';
import type { Db } from '../engine/open.ts';
import { mark } from '../tables/marks.ts';
import { server, sighting } from '../tables/servers.ts';
import { presence } from '../tables/tools.ts';
import { enumeration } from '../tables/visits.ts';

const one = sql`1`;

/** What of the filters is of the server, whatever tools it has. */
export function serverFilters(db: Db, { source, outcome }: Filters): SQL | undefined {
  return and(
    source === undefined
      ? undefined
      : exists(
          db
            .select({ one })
            .from(sighting)
            .where(
              and(
                eq(sighting.serverId, server.id),
                eq(sighting.source, source),
                isNull(sighting.supersededAt),
                isNull(sighting.unlistedAt),
              ),
            ),
        ),
    outcome === undefined ? undefined : sql`coalesce(${lastOutcome(db)}, 'unvisited') = ${outcome}`,
  );
}

function lastOutcome(db: Db): SQL {
  const last = db
    .select({ outcome: enumeration.outcome })
    .from(enumeration)
    .where(eq(enumeration.serverId, server.id))
    .orderBy(sql`${enumeration.id} desc`)
    .limit(1);
  return sql`(${last})`;
}

/** Servers of which some present tool has all the marks, and of which a tool came or went since then. */
export function ofServersTools(db: Db, { marks = [], changedSince }: Filters): SQL | undefined {
  return and(
    marks.length === 0 ? undefined : hasMarks(db, marks),
    changedSince &&
      sql`${server.id} in (${db
        .select({ id: presence.serverId })
        .from(presence)
        .where(
          or(
            gte(presence.firstEnumeration, since(db, changedSince)),
            gte(presence.goneEnumeration, since(db, changedSince)),
          ),
        )})`,
  );
}

/** One tool of the server that has all of them. */
function hasMarks(db: Db, [first, ...rest]: readonly string[]): SQL {
  const lead = aliasedTable(mark, 'lead');
  const others = rest.map((key, at) => {
    const other = aliasedTable(mark, `other_${at}`);
    return exists(
      db
        .select({ one })
        .from(other)
        .where(and(eq(other.key, key), eq(other.name, lead.name), eq(other.presenceId, lead.presenceId))),
    );
  });
  return exists(
    db
      .select({ one })
      .from(lead)
      .innerJoin(presence, and(eq(presence.id, lead.presenceId), isNull(presence.goneAt)))
      .where(and(eq(lead.serverId, server.id), eq(lead.key, first!), ...others)),
  );
}

/** Tools that have all the marks and are as they are since then or later. Of rows that hold `presence` and the name. */
export function toolFilters(db: Db, { marks = [], changedSince }: Filters, name: SQL): SQL | undefined {
  const each = marks.map((key, at) => {
    const other = aliasedTable(mark, `mark_${at}`);
    return exists(
      db
        .select({ one })
        .from(other)
        .where(and(eq(other.key, key), sql`${other.name} = ${name}`, eq(other.presenceId, presence.id))),
    );
  });
  return and(...each, changedSince && gte(presence.firstEnumeration, since(db, changedSince)));
}

/** The first visit at or after a moment; later than all where there is none. */
function since(db: Db, at: Date): SQL {
  const first = db
    .select({ id: sql`min(${enumeration.id})` })
    .from(enumeration)
    .where(gte(enumeration.at, at));
  return sql`coalesce((${first}), 9223372036854775807)`;
}
