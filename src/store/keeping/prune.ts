import { getTableName, sql } from 'drizzle-orm';
import type { Db, Store } from '../engine/open.ts';
import { VISITS } from '../visit/enumerations.ts';
import { RULES, type Rule } from './rules.ts';

const DAY = 86_400_000;
/** Rows in one transaction: others wait for no more than these. */
const BATCH = 5000;

/** How many rows of a table went. */
export interface Pruned {
  readonly table: string;
  readonly what: string;
  readonly rows: number;
}

/**
 * Lets go of history older than `days`, as the rules have it, in small transactions; returns what went. Stopped in the
 * middle, the next time goes on. What it takes nobody who asks how things are now can tell.
 */
export async function prune(
  store: Pick<Store, 'db' | 'pglite'>,
  options: {
    readonly days: number;
    readonly now: Date;
    readonly stop: AbortSignal;
    readonly report?: (done: number, what: string) => void;
  },
): Promise<readonly Pruned[]> {
  const { db } = store;
  const before = sql`${new Date(options.now.getTime() - options.days * DAY).toISOString()}::timestamptz`;
  const pruned: Pruned[] = [];
  for (const [at, rule] of RULES.entries()) {
    let rows = 0;
    for (let some = BATCH; some === BATCH && !options.stop.aborted; rows += some) some = await batch(db, rule, before);
    pruned.push({ table: getTableName(rule.table), what: rule.what, rows });
    options.report?.(at + 1, getTableName(rule.table));
  }
  // A server sees to that by itself.
  if (store.pglite && pruned.some(({ rows }) => rows > 0)) await db.execute(sql`vacuum analyze`);
  return pruned;
}

function batch(db: Db, { table, guarded, condition }: Rule, before: ReturnType<typeof sql>): Promise<number> {
  return db.transaction(async (tx) => {
    if (guarded) await tx.execute(sql`select pg_advisory_xact_lock(${VISITS})`);
    const chosen = sql`select old.ctid from ${table} old where ${condition(before)} limit ${BATCH}`;
    const went = await tx.delete(table).where(sql`ctid = any(array(${chosen}))`).returning({ one: sql`1` });
    return went.length;
  });
}
