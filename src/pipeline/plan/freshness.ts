import { sha256 } from '#core/hash.ts';
import type { Outcome } from '#domain/launch.ts';

const DAY = 86_400_000;
const WEEK = 7 * DAY;
/** One that failed is left alone for two days at first, and at most for so many. */
const FIRST_WAIT_DAYS = 2;
const LONGEST_WAIT_DAYS = 30;

/**
 * When to launch a server again that does not change, by how its last visit ended: one that listed every week, one that
 * failed at doubling intervals, what may have passed by then at once. `failures` are those in a row before this visit.
 * Where the first night visits all of a field, later ones share it: the id decides where in a week or a wait it falls.
 */
export function nextDue(
  server: { readonly id: string; readonly failures: number },
  outcome: Outcome,
  temporary: boolean,
  now: Date,
): Date {
  if (temporary) return now;
  if (outcome === 'listed') return weekly(server.id, now);
  const wait = FIRST_WAIT_DAYS * 2 ** server.failures * (1 + share(server.id));
  return new Date(now.getTime() + Math.min(wait, LONGEST_WAIT_DAYS) * DAY);
}

/** The server's own moment of the week that is nearest to a week from now: half a week at least, then every seventh day. */
function weekly(id: string, now: Date): Date {
  const own = share(id) * WEEK;
  const weeks = Math.round((now.getTime() + WEEK - own) / WEEK);
  return new Date(weeks * WEEK + Math.round(own));
}

/** A number from 0 to 1 that is always the same for an id, and evenly spread over ids. */
function share(id: string): number {
  return Number.parseInt(sha256(id).slice(0, 8), 16) / 2 ** 32;
}
