import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { drizzle as drizzlePostgres } from 'drizzle-orm/postgres-js';
import { migrate as migratePostgres } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { takeLock } from './lock.ts';

/** The one database type: both drivers and their transactions fit it. Avoid `execute`, whose result differs. */
export type Db = PgDatabase<PgQueryResultHKT>;

export interface Store extends AsyncDisposable {
  readonly db: Db;
  /** The embedded engine itself, which the queue shares; absent on a PostgreSQL server. */
  readonly pglite?: PGlite;
  /** The server's address; absent when embedded. */
  readonly url?: string;
}

const migrationsFolder = join(import.meta.dirname, '../../drizzle');
/** Any fixed number: workers that start together take turns in migrating. */
const MIGRATION_LOCK = 0x706c696d;

/**
 * Opens the catalogue's database and brings its schema up to date: PostgreSQL at `url`, else the embedded one in
 * `<home>/database`, guarded against a second process. Rejects with `InUse`, or with an error that names the server.
 */
export async function openStore(options: { readonly url?: string | undefined; readonly home: string }): Promise<Store> {
  return options.url ? openPostgres(options.url) : openEmbedded(options.home);
}

async function openEmbedded(home: string): Promise<Store> {
  mkdirSync(home, { recursive: true });
  const release = await takeLock(join(home, 'database.lock'));
  process.once('exit', release);
  try {
    // 250 MB of memory that a process on a PostgreSQL server does without.
    const { PGlite } = await import('@electric-sql/pglite');
    const pglite = await PGlite.create({ dataDir: join(home, 'database') });
    const store = await embeddedStore(pglite);
    return {
      ...store,
      async [Symbol.asyncDispose]() {
        await pglite.close();
        process.off('exit', release);
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** A store on a PGlite instance that the caller opened and closes; for tests, which start from a dump in memory. */
export async function embeddedStore(pglite: PGlite): Promise<Store> {
  const [{ drizzle }, { migrate }] = await Promise.all([
    import('drizzle-orm/pglite'),
    import('drizzle-orm/pglite/migrator'),
  ]);
  const db = drizzle(pglite);
  await migrate(db, { migrationsFolder });
  return { db, pglite, [Symbol.asyncDispose]: () => pglite.close() };
}

async function openPostgres(url: string): Promise<Store> {
  const quiet = { onnotice: () => {} };
  const migrator = postgres(url, { ...quiet, max: 1 });
  try {
    await migrator`select pg_advisory_lock(${MIGRATION_LOCK})`;
    await migratePostgres(drizzlePostgres(migrator), { migrationsFolder });
  } catch (error) {
    throw new Error(`The database at ${redacted(url)} cannot be used: ${(error as Error).message || String(error)}`, {
      cause: error,
    });
  } finally {
    await migrator.end({ timeout: 5 });
  }
  return connect(url);
}

/** A PostgreSQL server whose schema is up to date already: for threads of a process that opened it. */
export function connect(url: string, options: { readonly max?: number } = {}): Store {
  const client = postgres(url, { ...options, onnotice: () => {} });
  return { db: drizzlePostgres(client), url, [Symbol.asyncDispose]: () => client.end({ timeout: 5 }) };
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
