import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { DrizzleQueryError, sql } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { Missing } from '#core/errors.ts';
import { refuseIncomplete } from '../keeping/incomplete.ts';
import { takeLock } from './lock.ts';
import { migrate, migrations } from './migrations.ts';
import { connect } from './server.ts';

/** The one database type: both drivers and their transactions fit it. Avoid `execute`, whose result differs. */
export type Db = PgDatabase<PgQueryResultHKT>;

export interface Store extends AsyncDisposable {
  readonly db: Db;
  /** The embedded engine itself, which the queue shares; absent on a PostgreSQL server. */
  readonly pglite?: PGlite;
  /** The server's address; absent when embedded. */
  readonly url?: string;
}

/** Any fixed number: workers that start together take turns in migrating. */
export const MIGRATION_LOCK = 0x706c696d;
/** How long a step of the schema waits for a lock before it lets those behind it read on and asks again. */
const LOCK_TIMEOUT = '2s';

/**
 * Opens the catalogue's database and brings its schema up to date: PostgreSQL at `url`, else the embedded one in
 * `<home>/database`, guarded against a second process. Rejects with `InUse`, with `Missing` for a database that a newer
 * version wrote or into which a copy was cut off, or with an error that names the server.
 */
export async function openStore(options: { readonly url?: string | undefined; readonly home: string }): Promise<Store> {
  return options.url ? openPostgres(options.url) : openEmbedded(options.home);
}

async function openEmbedded(home: string): Promise<Store> {
  const bare = await openEngine(home);
  try {
    await upToDate(bare.db);
    return bare;
  } catch (error) {
    await bare[Symbol.asyncDispose]();
    throw error;
  }
}

/** The embedded database as it lies in a home folder, whatever its schema; this process alone has it until disposed. */
export async function openEngine(home: string): Promise<Store> {
  mkdirSync(home, { recursive: true });
  const release = await takeLock(join(home, 'database.lock'));
  process.once('exit', release);
  try {
    // 250 MB of memory that a process on a PostgreSQL server does without.
    const { PGlite } = await import('@electric-sql/pglite');
    const engine = await bareStore(await PGlite.create({ dataDir: join(home, 'database') }));
    return {
      ...engine,
      async [Symbol.asyncDispose]() {
        await engine[Symbol.asyncDispose]();
        process.off('exit', release);
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** A store on a PGlite instance that the caller opened, whatever its schema. */
export async function bareStore(pglite: PGlite): Promise<Store> {
  const { drizzle } = await import('drizzle-orm/pglite');
  return { db: drizzle(pglite), pglite, [Symbol.asyncDispose]: () => pglite.close() };
}

/** A store on a PGlite instance that the caller opened and closes; for tests, which start from a dump in memory. */
export async function embeddedStore(pglite: PGlite): Promise<Store> {
  const store = await bareStore(pglite);
  await upToDate(store.db);
  return store;
}

async function upToDate(db: Db): Promise<void> {
  await refuseIncomplete(db);
  await migrate(db, migrations());
}

async function openPostgres(url: string): Promise<Store> {
  const migrator = connect(url, { isSession: true });
  try {
    await migrator.db.execute(sql`select pg_advisory_lock(${MIGRATION_LOCK})`);
    await migrator.db.execute(sql`select set_config('lock_timeout', ${LOCK_TIMEOUT}, false)`);
    await upToDate(migrator.db);
  } catch (error) {
    const why = `The database at ${redacted(url)} cannot be used: ${reasonOf(error)}`;
    throw error instanceof Missing ? new Missing(why) : new Error(why, { cause: error });
  } finally {
    await migrator[Symbol.asyncDispose]();
  }
  return connect(url);
}

/** What the server or the driver said, and not which statement it was about. */
function reasonOf(error: unknown): string {
  const { cause } = error as Error;
  if (error instanceof DrizzleQueryError && cause) return reasonOf(cause);
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return (error as Error).message || String(error);
}

/** A database address without its password. */
export function redacted(url: string): string {
  try {
    const parsed = new URL(url);
    if (parsed.password) parsed.password = '…';
    return parsed.href;
  } catch {
    return 'DATABASE_URL';
  }
}
