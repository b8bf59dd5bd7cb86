import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator';
import { Missing } from '#core/errors.ts';
import type { Db } from './open.ts';

/** One step of the schema, as drizzle-kit wrote it. */
export interface Migration {
  /** `0008_server_revision`. */
  readonly name: string;
  readonly meta: MigrationMeta;
}

const FOLDER = join(import.meta.dirname, '../../../drizzle');
/** SQLSTATE of a lock that did not come within `lock_timeout`. */
const NO_LOCK = '55P03';
/** How often a step asks again for a lock that others hold. In between they read on: one who waits for it stops all who come after. */
const TRIES = 30;
const PAUSE_MS = 1000;

/** Every step that this version knows, in order. */
export function migrations(folder: string = FOLDER): readonly Migration[] {
  const { entries } = JSON.parse(readFileSync(join(folder, 'meta/_journal.json'), 'utf8')) as {
    readonly entries: readonly { readonly tag: string }[];
  };
  const metas = readMigrationFiles({ migrationsFolder: folder });
  return metas.map((meta, at) => ({ name: entries[at]!.tag, meta }));
}

/**
 * How many of these steps a database has gone; 0 where it has none of our tables. Throws `Missing` where it has gone one
 * that is not among them: a newer version wrote it, and what that means is not known here.
 */
export async function stepsGone(db: Db, known: readonly Migration[]): Promise<number> {
  const [there] = await db
    .select({ is: sql<boolean>`to_regclass('drizzle.__drizzle_migrations') is not null` })
    .from(sql`(select 1) as one`);
  if (!there!.is) return 0;
  const gone = await db
    .select({ at: sql<string>`created_at` })
    .from(sql`drizzle.__drizzle_migrations`)
    .orderBy(sql`created_at`);
  const last = Number(gone.at(-1)?.at ?? 0);
  const newest = known.at(-1)!.meta.folderMillis;
  if (last > newest) {
    const ahead = gone.filter(({ at }) => Number(at) > newest).length;
    throw new Missing(
      `The database was written by a newer Plimsoll: its schema is ${ahead} ${ahead === 1 ? 'step' : 'steps'} past the ${known.length} that this version knows. Start the version that wrote it, or restore a backup of before (db restore).`,
    );
  }
  return known.filter(({ meta }) => meta.folderMillis <= last).length;
}

/**
 * Takes a database through the steps that it lacks, up to and including number `until` (all). Each is whole or not at
 * all, in a transaction of its own, so that a lock that one of them needs is held for no other. Rejects with the name of
 * the step that failed; those before it stand.
 */
export async function migrate(db: Db, known: readonly Migration[], until: number = known.length): Promise<void> {
  for (const { name, meta } of known.slice(await stepsGone(db, known), until))
    try {
      await patiently(() => step(db, meta));
    } catch (error) {
      throw new Error(`The step ${name} of the database's schema failed and changed nothing: ${reasonOf(error)}`, {
        cause: error,
      });
    }
}

/** What drizzle's own migrators do, which take the whole folder in one transaction and no part of it. */
function step(db: Db, meta: MigrationMeta): Promise<void> {
  const { dialect, session } = db as unknown as {
    readonly dialect: { migrate(metas: readonly MigrationMeta[], session: unknown, config: object): Promise<void> };
    readonly session: unknown;
  };
  return dialect.migrate([meta], session, {});
}

async function patiently(work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++)
    try {
      return await work();
    } catch (error) {
      if (codeOf(error) !== NO_LOCK || tries === TRIES) throw error;
      await sleep(PAUSE_MS);
    }
}

function codeOf(error: unknown): unknown {
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: { readonly code?: unknown } };
  return cause?.code ?? code;
}

function reasonOf(error: unknown): string {
  if (codeOf(error) === NO_LOCK)
    return `others have held a table that it needs for more than ${Math.round((TRIES * PAUSE_MS) / 1000)} seconds. End their queries, then start again.`;
  const { message, cause } = error as Error;
  return (cause as Error | undefined)?.message ?? message;
}
