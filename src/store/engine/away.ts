import { setTimeout as sleep } from 'node:timers/promises';
import { DrizzleQueryError } from 'drizzle-orm';

/** What drivers say of a server that is not there, goes, or comes back; PostgreSQL's own codes are in its appendix A. */
const CONNECTION =
  /^(?:CONNECTION_(?:CLOSED|ENDED|DESTROYED)|CONNECT_TIMEOUT|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH)$/;
/**
 * Classes 08 (connection), 53 (no disk, no memory, too many connections), 58 (its own input and output), and of class 57
 * what an administrator does; 25006: it only reads, being a standby now; 40001 and 40P01: another transaction was in the way.
 */
const SERVER = /^(?:08|53|58)...$|^57P0[1-5]$|^25P03$|^25006$|^40001$|^40P01$/;
/** The driver of the queue names no code for these. */
const WORDS =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/**
 * Whether an error says that the database cannot be used just now, and not that something is wrong with what it was
 * asked: the same may well pass later.
 */
export function isDatabaseAway(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof DrizzleQueryError) continue;
    const { code } = cause as { readonly code?: unknown };
    if (typeof code === 'string' && (CONNECTION.test(code) || SERVER.test(code))) return true;
    if (WORDS.test(cause.message)) return true;
    if (cause instanceof AggregateError && cause.errors.some(isDatabaseAway)) return true;
  }
  return false;
}

/** Whether it was a question to the database that brought an error, and not some other connection. */
export function isFromDatabase(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    // What the server itself says comes with a severity.
    if (cause instanceof DrizzleQueryError || 'severity' in cause) return true;
  return false;
}

const PAUSE_MS = 500;

/**
 * The result of `call`, which is made again while the database is away, however long: for what has cost money and must
 * be stored. Rejects with the reason of an aborted `stop`, and with whatever else goes wrong.
 */
export async function untilBack<T>(call: () => Promise<T>, stop: AbortSignal): Promise<T> {
  for (;;)
    try {
      return await call();
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      await sleep(PAUSE_MS, undefined, { signal: stop }).catch(() => stop.throwIfAborted());
    }
}
