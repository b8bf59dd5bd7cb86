import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { Missing } from '#core/errors.ts';
import { type Migration, migrate, migrations, stepsGone } from '#store/engine/migrations.ts';
import { type Db, openStore } from '#store/engine/open.ts';
import { connect } from '#store/engine/server.ts';
import { lost, values } from '../support/kept.ts';
import { fillTables } from '../support/rows.ts';
import { whyReadersWait } from '../support/schema-steps.ts';
import { emptyPostgres, freshPostgres, postgresAnswers } from '../support/stores.ts';

const known = migrations();
/** A step after all that there are. */
const next = (name: string, statements: readonly string[], at = 1): Migration => ({
  name,
  meta: {
    sql: [...statements],
    folderMillis: known.at(-1)!.meta.folderMillis + at,
    hash: createHash('sha256').update(name).digest('hex'),
    bps: true,
  },
});
const has = async (db: Db, what: string) => {
  const [row] = await db.select({ is: sql<boolean>`to_regclass(${what}) is not null` }).from(sql`(select 1) as one`);
  return row!.is;
};

describe.skipIf(!postgresAnswers)('the schema on PostgreSQL', () => {
  test('takes rows of every version there was to the newest, and loses none', async () => {
    await using store = await emptyPostgres();
    const { db } = store;
    const written: Awaited<ReturnType<typeof values>>[] = [];
    for (const at of known.keys()) {
      await migrate(db, known, at + 1);
      await fillTables(db, at);
      // A server that has been judged has a revision from the step on that brought revisions.
      await db.execute(
        sql`update server set siblings = 'all', classify_due = null where id like '%id ${sql.raw(String(2 * at))} %'`,
      );
      written.push(await values(store));
    }
    const after = await values(store);
    for (const [at, before] of written.entries()) expect(lost(before, after), known[at]!.name).toEqual([]);
    expect(after.get('server')).toHaveLength(2 * known.length);
    for (const row of after.get('server')!)
      expect(Number(row.revision) > 0, String(row.id)).toBe(row.siblings === 'all' || Number(row.revision) > 0);
    expect(new Set(after.get('launch')!.map(({ runtime }) => runtime))).toContain('node');
  });

  test('is made once where several processes start at once', async () => {
    await using empty = await emptyPostgres();
    const stores = await Promise.all(
      Array.from({ length: 4 }, () => openStore({ url: empty.url, home: '/nonexistent' })),
    );
    for (const store of stores) expect(await stepsGone(store.db, known)).toBe(known.length);
    const [row] = await empty.db.select({ steps: sql`count(*)::int` }).from(sql`drizzle.__drizzle_migrations`);
    expect(row).toEqual({ steps: known.length });
    for (const store of stores) await store[Symbol.asyncDispose]();
  });

  test('stays where it was where a step fails, and goes on from there', async () => {
    await using store = await freshPostgres();
    const { db } = store;
    const good = next('0998_good', ['create table good (id bigint)']);
    const bad = next('0999_bad', ['create table bad (id bigint)', 'update server set no_such_column = 1'], 2);
    await expect(migrate(db, [...known, good, bad])).rejects.toThrow(
      /step 0999_bad of the database's schema failed and changed nothing: .*no_such_column/,
    );
    expect([await has(db, 'good'), await has(db, 'bad')]).toEqual([true, false]);
    expect(await stepsGone(db, [...known, good, bad])).toBe(known.length + 1);
    await migrate(db, [...known, good, next('0999_bad', ['create table bad (id bigint)'], 2)]);
    expect(await has(db, 'bad')).toBe(true);
  });

  test('of a newer version is left alone, and said to be', async () => {
    await using store = await freshPostgres();
    await migrate(store.db, [...known, next('0999_later', ['create table later (id bigint)'])]);
    const opened = openStore({ url: store.url, home: '/nonexistent' });
    await expect(opened).rejects.toThrow(Missing);
    await expect(opened).rejects.toThrow(/newer Plimsoll: its schema is 1 step past the \d+ that this version knows/);
  });

  test('lets readers read while an index is made, and lets them by while a step waits for a lock', async () => {
    await using store = await freshPostgres();
    const { db, url } = store;
    await fillTables(db);
    await using migrator = connect(url, { isSession: true });
    await using reader = connect(url, { max: 1 });
    await migrator.db.execute(sql`set lock_timeout = '100ms'`);
    const reads = () =>
      reader.db
        .select({ id: sql`id` })
        .from(sql`server`)
        .then((rows) => rows.length);
    const waits = (kind: string) =>
      expect
        .poll(
          async () => {
            const locks = sql`pg_locks join pg_database d on d.oid = database`;
            const mine = sql`not granted and datname = current_database() and locktype = ${kind}`;
            return (await db.select({ pid: sql`pid` }).from(locks).where(mine)).length;
          },
          { timeout: 30_000, interval: 20 },
        )
        .toBeGreaterThan(0);

    // The step has done its work and is held at its end: all its locks are there.
    const slow = next('0998_index', [
      'create table other (id bigint)',
      'create index server_try on server (name, id)',
      'set local lock_timeout = 0',
      'select pg_advisory_xact_lock(991)',
    ]);
    const done = await db.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(991)`);
      const going = migrate(migrator.db, [...known, slow]);
      await waits('advisory');
      await reader.db.execute(sql`set lock_timeout = '1ms'`);
      expect(await reads()).toBe(2);
      return { going };
    });
    await done.going;

    // Somebody reads for long what a step has to lock; whoever comes after them is not to wait until they are done.
    await reader.db.execute(sql`set lock_timeout = 0`);
    const quick = next('0999_column', ['alter table server add column more text'], 2);
    const later = await db.transaction(async (tx) => {
      await tx.execute(sql`select 1 from server`);
      const going = migrate(migrator.db, [...known, slow, quick]);
      await waits('relation');
      expect(await reads()).toBe(2);
      return { going };
    });
    await later.going;
    expect(await stepsGone(db, [...known, slow, quick])).toBe(known.length + 2);
  });
});

test('steps do not keep readers waiting, but where they say why', () => {
  const found = Object.fromEntries(known.map(({ name, meta }) => [name, whyReadersWait(meta.sql.join(';\n'))]));
  // What came before there was this rule shows that it sees.
  expect(Object.keys(found).filter((name) => found[name]!.length > 0)).toEqual(
    expect.arrayContaining(['0010_marks', '0011_search', '0014_folded_names']),
  );
  const ruled = Object.entries(found).filter(([name]) => name > '0016');
  expect(ruled.flatMap(([name, why]) => why.map((one) => `${name}: ${one}`))).toEqual([]);
});

test.each([
  ['create table "x" ("id" text); create index "y" on "x" ("id")', 0],
  ['create index "y" on "server" ("name")', 0],
  ['alter table "server" add column "x" text', 0],
  ['alter table "server" add column "x" integer default 0 not null', 0],
  ['alter table "server" add column "x" text; create index "y" on "server" ("x")', 1],
  ['alter table "server" add column "x" text; update "server" set "x" = name', 1],
  ['alter table "server" add column "x" timestamptz default now()', 0],
  ['alter table "server" add column "x" uuid default gen_random_uuid()', 1],
  ['alter table "server" alter column "name" set data type varchar(9)', 1],
  ['alter table "server" alter column "name" set not null', 1],
  ['alter table "server" add constraint "c" check (name is not null)', 1],
  ['alter table "server" add constraint "c" check (name is not null) not valid', 0],
  ['alter table "server" drop column "name"', 1],
  ['drop table "server"', 1],
  ['-- Readers wait: a second, measured.\ndrop table "server"', 0],
  ['alter table "run" add column "x" text; create index "y" on "run" ("x")', 0],
])('%s', (step, reasons) => {
  expect(whyReadersWait(step)).toHaveLength(reasons);
});
