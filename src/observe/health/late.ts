import { CronExpressionParser } from 'cron-parser';
import type { RunStatus } from '#domain/lists.ts';
import { HOUR } from './finding.ts';

/** A night may begin so long after it was due: workers restart, and the queue looks every few seconds only. */
const GRACE = HOUR;
/** Whoever begins a night on time may date it a little before. */
const SLACK = 60_000;

/**
 * When a night was due that has not begun; undefined where none is late. `since` is when this expression was first seen:
 * nights before that were nobody's. The expression is read as the queue reads it, in UTC; throws for one that is none.
 * A night that was under way at that time, or is now, was joined.
 */
export function lateNight(
  cron: string,
  known: {
    readonly since: Date;
    readonly last: Pick<RunStatus, 'startedAt' | 'finishedAt'> | undefined;
    readonly isUnderWay: boolean;
  },
  now: Date,
): Date | undefined {
  const currentDate = new Date(now.getTime() - GRACE);
  const due = CronExpressionParser.parse(cron, { tz: 'UTC', currentDate }).prev().toDate();
  if (due <= known.since || known.isUnderWay) return undefined;
  const { startedAt, finishedAt = startedAt } = known.last ?? {};
  return finishedAt && finishedAt.getTime() >= due.getTime() - SLACK ? undefined : due;
}
