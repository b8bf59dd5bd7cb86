import { REASONS, type Reason } from '#domain/freshness.ts';
import type { Subject } from '#queue/queue.ts';

/** More than there are servers: how urgent a visit is goes before whose turn it is. */
const URGENCY = 100_000_000;

/**
 * Orders visits so that no source starves another: within one reason, the first server of every source comes before the
 * second of any, and so on. A server that several sources list has the best turn that one of them gives it. `due` comes
 * in the order in which each source's own servers are to be visited.
 */
export function inTurns(
  due: readonly { readonly id: string; readonly reason: Reason }[],
  sourcesOf: ReadonlyMap<string, readonly string[]>,
): readonly Subject[] {
  const given = new Map<string, number>();
  return due.map(({ id, reason }) => {
    const turns = (sourcesOf.get(id) ?? ['']).map((source) => {
      const key = `${reason} ${source}`;
      const turn = (given.get(key) ?? 0) + 1;
      given.set(key, turn);
      return turn;
    });
    return { subject: id, priority: (REASONS.length - REASONS.indexOf(reason)) * URGENCY - Math.min(...turns) };
  });
}
