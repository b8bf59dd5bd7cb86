import { randomBytes } from 'node:crypto';
import { existsSync, globSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import postgres from 'postgres';
import { describe } from 'vitest';
import { fingerprint } from '#core/hash.ts';
import { embeddedStore, openStore, type Store } from '#store/engine/open.ts';
import { connect } from '#store/engine/server.ts';

/** Where tests find a PostgreSQL server on which they may create databases. */
const SERVER = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/test';

async function answers(): Promise<boolean> {
  const sql = postgres(SERVER, { max: 1, connect_timeout: 2, onnotice: () => {} });
  try {
    await sql`select 1`;
    return true;
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

export const postgresAnswers = await answers();

const root = join(import.meta.dirname, '../..');
/** What makes an empty store what it is: the schema, and the engine's version in the lock file. */
const MADE_OF = ['package-lock.json', ...globSync('drizzle/**/*.*', { cwd: root }).sort()];
/** Every file of tests would make and migrate one anew, at three times the cost. */
const DUMP = join(
  tmpdir(),
  `plimsoll-empty-${fingerprint(MADE_OF.map((file) => readFileSync(join(root, file), 'utf8'))).slice(0, 16)}.tar`,
);

/** A migrated store in memory. Dispose it. */
export async function freshEmbedded(): Promise<Store> {
  if (!existsSync(DUMP)) {
    await using made = await embeddedStore(await PGlite.create());
    const bytes = await (await made.pglite!.dumpDataDir('none')).arrayBuffer();
    const own = `${DUMP}.${process.pid}.${randomBytes(4).toString('hex')}`;
    writeFileSync(own, new Uint8Array(bytes));
    renameSync(own, DUMP);
  }
  return embeddedStore(await PGlite.create({ loadDataDir: new Blob([readFileSync(DUMP)]) }));
}

/** A database of its own on the PostgreSQL server, dropped with its store. */
export async function freshPostgres(): Promise<Store & { readonly url: string }> {
  const { url, drop } = await ownDatabase();
  return dropping(await openStore({ url, home: '/nonexistent' }), url, drop);
}

/** The same with nothing in it, not even tables, over one connection. */
export async function emptyPostgres(): Promise<Store & { readonly url: string }> {
  const { url, drop } = await ownDatabase();
  return dropping(connect(url, { isSession: true }), url, drop);
}

function dropping(store: Store, url: string, drop: () => Promise<void>): Store & { readonly url: string } {
  return {
    db: store.db,
    url,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await drop();
    },
  };
}

async function ownDatabase(): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const name = `plimsoll_${randomBytes(6).toString('hex')}`;
  const admin = postgres(SERVER, { max: 1, onnotice: () => {} });
  await admin.unsafe(`create database ${name}`);
  return {
    url: Object.assign(new URL(SERVER), { pathname: `/${name}` }).href,
    async drop() {
      // Sessions that are being closed have five seconds; the client of a pool that is cut off then throws at nobody.
      await admin.unsafe(`drop database ${name}`).catch(() => admin.unsafe(`drop database ${name} with (force)`));
      await admin.end({ timeout: 1 });
    },
  };
}

/** Runs the same suite on the embedded database and on PostgreSQL; the latter says that it skips where none answers. */
export function onEveryDatabase(name: string, suite: (fresh: () => Promise<Store>) => void): void {
  describe(`${name} on the embedded database`, () => suite(freshEmbedded));
  describe.skipIf(!postgresAnswers)(`${name} on PostgreSQL${postgresAnswers ? '' : ' (skipped: none answers)'}`, () =>
    suite(freshPostgres),
  );
}
