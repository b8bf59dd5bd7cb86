import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sql } from 'drizzle-orm';
import type { Settings } from '#config.ts';
import { Missing, WrongUse } from '#core/errors.ts';
import { openEngine, redacted, type Store } from '#store/engine/open.ts';
import { connect } from '#store/engine/server.ts';

/** One end of a copy: a database as it is, with nothing done to its schema. */
export interface End extends AsyncDisposable {
  readonly store: Store;
  /** For people, without a password. */
  readonly name: string;
}

/**
 * Opens the database that a word names: `embedded` for the one in PLIMSOLL_HOME, `DATABASE_URL` for the one that this
 * variable names (so that no password stands on a command line), an address of PostgreSQL, or another home folder; without a
 * word the one that all jobs use. Throws `WrongUse` for a word that names none, `Missing` where it cannot be had. `read`:
 * it has to be there.
 */
export async function openEnd(
  word: string | undefined,
  { databaseUrl, home }: Pick<Settings, 'databaseUrl' | 'home'>,
  use: 'read' | 'write',
): Promise<End> {
  if (word === 'DATABASE_URL' && !databaseUrl)
    throw new WrongUse('DATABASE_URL is not set. Set it to postgres://…, or name the database.');
  const url = word === undefined || word === 'DATABASE_URL' ? databaseUrl : word;
  try {
    // One connection, which holds what it locks until it ends.
    if (url !== undefined && /^postgres(ql)?:\/\//.test(url))
      return await reached(connect(url, { isSession: true }), `PostgreSQL at ${redacted(url)}`);
    if (url?.includes('://')) throw new WrongUse(`'${url}' is no address of PostgreSQL: these begin with postgres://.`);
    const folder = url === undefined || url === 'embedded' ? home : resolve(url);
    if (use === 'read' && !existsSync(join(folder, 'database')))
      throw new WrongUse(`There is no embedded database in ${folder}. Name its home folder, or postgres://….`);
    return await reached(await openEngine(folder), `the embedded database in ${folder}`);
  } catch (error) {
    if (error instanceof WrongUse) throw error;
    const { message, cause } = error as Error;
    throw new Missing(
      `The database cannot be had: ${(cause as Error | undefined)?.message || message || String(error)}`,
    );
  }
}

async function reached(store: Store, name: string): Promise<End> {
  const close = () => store[Symbol.asyncDispose]();
  try {
    await store.db.select({ one: sql`1` }).from(sql`(select 1) as one`);
    return { store, name, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}
