import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { Store } from './open.ts';

/**
 * The server ends the session of a process that it can no longer reach: what that one has locked, all others wait for.
 * Seconds for the keep-alive, milliseconds for the rest.
 */
const SESSION = {
  tcp_keepalives_idle: 10,
  tcp_keepalives_interval: 5,
  tcp_keepalives_count: 3,
  tcp_user_timeout: 25_000,
  idle_in_transaction_session_timeout: 60_000,
};
/** Until a connection stands, and how long is waited for those in use when the store is closed. */
const CONNECT_MS = 10_000;
const CLOSE_MS = 5_000;

export interface Connecting {
  readonly max?: number;
  /** One session for as long as the store is open, which keeps what it has locked. */
  readonly isSession?: boolean;
  /** Milliseconds after which the server ends a statement; see `wasCutOff`. */
  readonly patience?: number | undefined;
}

/**
 * A PostgreSQL server whose schema is up to date already: for threads of a process that opened it, and for readers that
 * nobody is to wait for. Rejects nothing: the first question does.
 */
export function connect(url: string, { max = 10, isSession = false, patience }: Connecting = {}): Store {
  const settings = { ...SESSION, ...(patience !== undefined && { statement_timeout: patience }) };
  const pool = new pg.Pool({
    connectionString: url,
    max: isSession ? 1 : max,
    idleTimeoutMillis: isSession ? 0 : CONNECT_MS,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: 'plimsoll',
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  });
  // Whoever asks next is told; an error that nobody listens for would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => void client.on('error', () => {}));
  return {
    db: drizzle(pool),
    url,
    async [Symbol.asyncDispose]() {
      if (pool.ending) return;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, CLOSE_MS);
      });
      await Promise.race([pool.end(), late]);
      clearTimeout(timer);
    },
  };
}
