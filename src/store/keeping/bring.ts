import { sql } from 'drizzle-orm';
import { Missing, WrongUse } from '#core/errors.ts';
import { migrate, migrations, stepsGone } from '../engine/migrations.ts';
import { type Db, MIGRATION_LOCK, type Store } from '../engine/open.ts';
import type { Contents, Page } from './contents.ts';
import { isIncomplete, markComplete, markIncomplete } from './incomplete.ts';
import { inPublic, objectInPublic, readAlike, type Table, type Total, tablesOf, totalOf } from './tables.ts';

/** Key of the lock that whoever brings a catalogue into a database holds; any number that nothing else locks. */
const BRINGING = 7_466_303;

/** What both sides found in a table when all was there. */
export interface Compared extends Total {
  readonly table: string;
}

/**
 * Brings a catalogue into an empty database and compares every table with where it came from; then takes the schema to
 * where this version has it. All rows go in at once or none does. Until it has ended, nothing else opens the database;
 * cut off, it is started again and begins anew. Throws `WrongUse` where the database is not empty, `Missing` where what
 * came is not what was given. `what` it is called where it was cut off, and `report` hears how many pages are in.
 */
export async function bring(
  contents: Contents,
  target: Store,
  options: { readonly what: string; readonly report?: (done: number, table: string) => void },
): Promise<readonly Compared[]> {
  const { db } = target;
  const known = migrations();
  await begin(db, contents, options.what);
  const compared = await db.transaction(async (tx) => {
    await readAlike(tx);
    const tables = new Map((await tablesOf(tx)).map((table) => [table.name, table]));
    for (const name of tables.keys()) await tx.execute(sql`truncate ${inPublic(name)}`);
    let done = 0;
    for await (const page of contents.pages()) {
      await insert(tx, fitting(tables, page.table), page.rows);
      options.report?.(++done, page.table.name);
    }
    for (const { name, last, called } of contents.sequences)
      await tx.execute(sql`select setval(${objectInPublic(name)}, ${last}::bigint, ${called})`);
    return await compare(tx, contents, tables);
  });
  await migrate(db, known);
  await db.execute(sql`analyze`);
  await markComplete(db);
  return compared;
}

/** Takes the database for this process, makes sure that it is empty, and makes the tables as they were. */
async function begin(db: Db, contents: Contents, what: string): Promise<void> {
  if (!(await holds(db, sql`pg_try_advisory_lock(${BRINGING})`)))
    throw new WrongUse('Another process is bringing a catalogue into that database. Wait until it has ended.');
  // As a process that opens it would: none must make tables at the same time.
  await db.execute(sql`select pg_advisory_lock(${MIGRATION_LOCK})`);
  const known = migrations();
  if (!(await isIncomplete(db))) await refuseFull(db);
  const steps = await stepsGone(db, known);
  if (steps > contents.steps)
    throw new WrongUse(
      `That database already has a newer schema (${steps} steps) than what is to come into it (${contents.steps}). Name one that was never opened.`,
    );
  await markIncomplete(db, what);
  await migrate(db, known, contents.steps);
  await db.execute(sql`select pg_advisory_unlock(${MIGRATION_LOCK})`);
}

async function refuseFull(db: Db): Promise<void> {
  for (const { name } of await tablesOf(db))
    if (await holds(db, sql`exists (select from ${inPublic(name)})`))
      throw new WrongUse(
        `That database is not empty: its table ${name} has rows. A catalogue is only brought into an empty one; nothing was changed.`,
      );
}

async function holds(db: Db, condition: ReturnType<typeof sql>): Promise<boolean> {
  const [row] = await db.select({ is: sql<boolean>`${condition}` }).from(sql`(select 1) as one`);
  return row!.is;
}

/** The table of the database that a page goes into: what comes from a file is believed no name and no type. */
function fitting(tables: ReadonlyMap<string, Table>, { name, columns }: Table): Table {
  const own = tables.get(name);
  const wanted = new Set(own?.columns.map((column) => column.name));
  if (!own || wanted.size !== columns.length || !columns.every((column) => wanted.has(column.name)))
    throw new Missing(
      `What is to be brought in does not fit the schema: its table ${JSON.stringify(name.slice(0, 80))} is not one of ours.`,
    );
  const types = new Map(own.columns.map((column) => [column.name, column.type]));
  return { name, columns: columns.map((column) => ({ name: column.name, type: types.get(column.name)! })) };
}

/** As one parameter, whatever there is: no statement's text is made of what a row holds. */
async function insert(tx: Db, { name, columns }: Table, rows: Page['rows']): Promise<void> {
  if (rows.length === 0) return;
  const list = (of: (column: Table['columns'][number], at: number) => ReturnType<typeof sql>) =>
    sql.join(columns.map(of), sql`, `);
  const json = JSON.stringify(rows.map((row) => Object.fromEntries(row.map((value, at) => [`c${at}`, value]))));
  await tx.execute(sql`insert into ${inPublic(name)} (${list((column) => sql`${sql.identifier(column.name)}`)})
    overriding system value
    select ${list(({ type }, at) => sql.raw(`c${at}::${type}`))} from json_to_recordset(${json}::json)
      as given(${list((_, at) => sql.raw(`c${at} text`))})`);
}

async function compare(tx: Db, contents: Contents, tables: ReadonlyMap<string, Table>): Promise<readonly Compared[]> {
  const totals = await contents.totals();
  const missing = [...tables.keys()].find((name) => !contents.tables.some((given) => given.name === name));
  if (missing) throw new Missing(`What is to be brought in lacks the table ${missing}: nothing was kept.`);
  const compared: Compared[] = [];
  for (const given of contents.tables) {
    const there = await totalOf(tx, fitting(tables, given));
    const total = totals[given.name];
    if (there.rows !== total?.rows || there.hash !== total.hash)
      throw new Missing(
        `Not all of table ${given.name} arrived as it was (${there.rows} of ${total?.rows ?? 'an unknown number of'} rows, or values that differ): nothing was kept.`,
      );
    compared.push({ table: given.name, ...there });
  }
  return compared;
}
