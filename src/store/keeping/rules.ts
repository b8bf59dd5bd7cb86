import { type SQL, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { GONE_AFTER } from '#domain/freshness.ts';
import { alarm } from '../tables/alarms.ts';
import { mark } from '../tables/marks.ts';
import { scanRequest } from '../tables/requests.ts';
import { judgeSpending, run } from '../tables/runs.ts';
import { sighting } from '../tables/servers.ts';
import { assessment, definition, presence } from '../tables/tools.ts';
import { artefact, attempt, enumeration, launch, storedTree } from '../tables/visits.ts';

/** Changes of a server that never go: as many as its pages show. */
export const CHANGES_KEPT = 50;
/** Times that a verdict on a tool changed that never go. */
export const VERDICTS_KEPT = 10;
/** Visits to a server that never go: enough to tell whether it is gone. */
export const VISITS_KEPT = 2 * GONE_AFTER;
/** Earlier versions of a listing that never go, and runs of a job. */
const LISTINGS_KEPT = 10;
const RUNS_KEPT = 50;

/** Which rows of a table may go: those for which a condition on `old` holds, its row. */
export interface Rule {
  readonly table: PgTable;
  /** In a sentence, for whoever asks what a pruning would take. */
  readonly what: string;
  /** Visits are stored one at a time; what they may refer to goes only between two of them. */
  readonly guarded?: true;
  condition(before: SQL): SQL;
}

const count = (from: SQL, most: number) => sql`(select count(*) from (select ${from} limit ${most}) as one) >= ${most}`;

/**
 * What goes, in this order: each rule sees what those before it left. Nothing that tells how things are now is in it,
 * and none of what pages tell of the past but what stands before the newest of it.
 */
export const RULES: readonly Rule[] = [
  {
    table: presence,
    what: `tools that have gone, of visits before the newest ${CHANGES_KEPT} that changed something in their server`,
    guarded: true,
    // The first list stays: by it later tools are known to be later ones.
    condition: (before) => sql`old.gone_at < ${before}
      and old.first_enumeration > (select coalesce(min(first.first_enumeration), 0) from presence first
        where first.server_id = old.server_id and first.provenance <> 'static')
      and ${count(
        sql`visit from (
          select first_enumeration as visit from presence next where next.server_id = old.server_id
            and next.first_enumeration > coalesce(old.gone_enumeration, old.first_enumeration)
          union select gone_enumeration from presence next where next.server_id = old.server_id
            and next.gone_enumeration > coalesce(old.gone_enumeration, old.first_enumeration)) as later`,
        CHANGES_KEPT,
      )}`,
  },
  {
    table: mark,
    what: 'marks of such tools',
    condition: () => sql`not exists (select from presence where presence.id = old.presence_id)`,
  },
  {
    table: enumeration,
    what: `visits before the newest ${VISITS_KEPT} of their server that no tool came or went with`,
    guarded: true,
    condition: (before) => sql`old.at < ${before}
      and ${count(sql`1 from enumeration next where next.server_id = old.server_id and next.id > old.id`, VISITS_KEPT)}
      and (old.outcome <> 'listed' or exists (select from enumeration next
        where next.server_id = old.server_id and next.id > old.id and next.outcome = 'listed'))
      and not exists (select from presence where first_enumeration = old.id)
      and not exists (select from presence where gone_enumeration = old.id)
      and not exists (select from presence where presence.server_id = old.server_id and last_enumeration = old.id)`,
  },
  {
    table: attempt,
    what: 'starts of servers, but for those of the last visit and of the last that listed',
    guarded: true,
    condition: (before) => sql`not exists (select from enumeration where enumeration.id = old.enumeration_id)
      or exists (select from enumeration visit where visit.id = old.enumeration_id and visit.at < ${before}
        and exists (select from enumeration next where next.server_id = visit.server_id and next.id > visit.id)
        and (visit.outcome <> 'listed' or exists (select from enumeration next
          where next.server_id = visit.server_id and next.id > visit.id and next.outcome = 'listed')))`,
  },
  {
    table: launch,
    what: 'ways to start a server that no visit tells of',
    guarded: true,
    condition: (before) => sql`old.created_at < ${before} and not exists (select from enumeration
      where enumeration.server_id = old.server_id and launch_id = old.id)`,
  },
  {
    table: artefact,
    what: 'versions of packages that no visit tells of, but for the newest and those that name registry names',
    guarded: true,
    condition: (before) => sql`old.first_seen < ${before} and coalesce(old.bears, '[]') = '[]'
      and exists (select from artefact next where next.purl = old.purl and next.first_seen > old.first_seen)
      and not exists (select from enumeration where enumeration.purl = old.purl
        and enumeration.version = old.version and enumeration.integrity = old.integrity)`,
  },
  {
    table: definition,
    what: 'definitions that no server had since',
    guarded: true,
    condition: (before) => sql`old.first_seen < ${before}
      and not exists (select from presence where presence.fingerprint = old.fingerprint)
      and not exists (select from dispute where dispute.fingerprint = old.fingerprint)`,
  },
  {
    table: assessment,
    what: 'verdicts on tools among others than their server has now',
    condition: (before) => sql`old.assessed_at < ${before} and not exists (select from presence
      join server on server.id = presence.server_id where presence.fingerprint = old.fingerprint
        and presence.gone_at is null and server.siblings = old.siblings)`,
  },
  {
    table: assessment,
    what: 'verdicts that only say again what the one before said, but for the newest, and the newest of each judge',
    condition: (before) => sql`old.assessed_at < ${before}
      and ${newer(sql`true`)} and (old.model = '' or ${newer(sql`next.model = old.model and next.prompt = old.prompt`)})
      and (select (said.category, said.risk) = (old.category, old.risk) from assessment said
        where said.fingerprint = old.fingerprint and said.siblings = old.siblings and said.assessed_at < old.assessed_at
        order by said.assessed_at desc limit 1)`,
  },
  {
    table: assessment,
    what: `verdicts before the newest ${VERDICTS_KEPT} on the same tool`,
    condition: (before) => sql`old.assessed_at < ${before}
      and (old.model = '' or ${newer(sql`next.model = old.model and next.prompt = old.prompt`)})
      and ${count(
        sql`1 from assessment next where next.fingerprint = old.fingerprint and next.siblings = old.siblings
          and next.assessed_at > old.assessed_at`,
        VERDICTS_KEPT + 1,
      )}`,
  },
  {
    table: sighting,
    what: `what sources said before their newest ${LISTINGS_KEPT} changes of a listing, where nothing was proved by it`,
    condition: (before) => sql`old.superseded_at < ${before}
      and not exists (select from alias where alias.server_id = old.server_id and alias.sighting_id = old.id)
      and not exists (select from merge where merge.sighting_id = old.id)
      and not exists (select from mention where mention.sighting_id = old.id)
      and ${count(
        sql`1 from sighting next where next.server_id = old.server_id and next.source = old.source
          and next.listing = old.listing and next.id > old.id`,
        LISTINGS_KEPT + 1,
      )}`,
  },
  {
    table: run,
    what: `runs before the newest ${RUNS_KEPT} of their job`,
    condition: (before) => sql`coalesce(old.finished_at, old.started_at) < ${before}
      and ${count(sql`1 from run next where next.job = old.job and next.id > old.id`, RUNS_KEPT)}`,
  },
  {
    table: judgeSpending,
    what: 'what the judge cost such runs',
    condition: () => sql`not exists (select from run where run.id = old.run_id)`,
  },
  {
    table: scanRequest,
    what: 'scans that were asked for and done',
    condition: (before) => sql`old.taken_at < ${before}`,
  },
  { table: alarm, what: 'alarms that are over', condition: (before) => sql`old.over_at < ${before}` },
  {
    table: storedTree,
    what: 'installed packages that machines share, which are installed anew when they are wanted again',
    condition: (before) => sql`old.stored_at < ${before}`,
  },
];

function newer(condition: SQL): SQL {
  return sql`exists (select from assessment next where next.fingerprint = old.fingerprint
    and next.siblings = old.siblings and next.assessed_at > old.assessed_at and ${condition})`;
}
