import { type SQL, sql } from 'drizzle-orm';
import { fromDrizzle } from 'pg-boss';

/** A transaction of the store, as far as the queue needs it: what is queued in it appears with what else it does. */
export interface Transaction {
  execute(query: SQL): PromiseLike<unknown>;
}

/** The same as pg-boss takes it. */
export function within(transaction: Transaction | undefined): { readonly db?: ReturnType<typeof fromDrizzle> } {
  return transaction ? { db: fromDrizzle(transaction as Parameters<typeof fromDrizzle>[0], sql) } : {};
}
