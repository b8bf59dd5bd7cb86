import { sql } from 'drizzle-orm';
import { migrations, stepsGone } from '../engine/migrations.ts';
import type { Db, Store } from '../engine/open.ts';
import {
  inPublic,
  objectInPublic,
  readAlike,
  type Sequence,
  sequencesOf,
  type Table,
  type Total,
  tablesOf,
  totalOf,
} from './tables.ts';

/** Some rows of one table; every value as the database writes it, in the order of the table's columns. */
export interface Page {
  readonly table: Table;
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Everything that a catalogue is, wherever it lies: in a database or in a backup. */
export interface Contents {
  /** How many steps its schema has gone. */
  readonly steps: number;
  readonly tables: readonly Table[];
  readonly sequences: readonly Sequence[];
  /** How many pages there will be, for progress. */
  readonly size: number;
  pages(): AsyncIterable<Page>;
  /** What was in each table, by the side that gives it: to be asked once all pages are read. */
  totals(): Promise<Readonly<Record<string, Total>>>;
}

/** Half a megabyte of a table at a time, beside what stands outside of its rows. */
const BLOCKS = 64;

/**
 * Gives the work all that a database holds, as it is at one moment: whatever is written meanwhile is not in it. Nothing
 * is changed there, not even the schema. Throws `Missing` for a database that a newer version wrote.
 */
export async function withContents<T>(store: Store, work: (contents: Contents) => Promise<T>): Promise<T> {
  const steps = await stepsGone(store.db, migrations());
  return await store.db.transaction(
    async (tx) => {
      await readAlike(tx);
      const tables = await tablesOf(tx);
      const blocks = new Map<string, number>();
      for (const { name } of tables) blocks.set(name, await blocksOf(tx, name));
      const parts = (name: string) => Math.ceil(blocks.get(name)! / BLOCKS);
      return await work({
        steps,
        tables,
        sequences: await sequencesOf(tx),
        size: tables.reduce((sum, { name }) => sum + parts(name), 0),
        async *pages() {
          for (const table of tables)
            for (let part = 0; part < parts(table.name); part++) yield { table, rows: await rowsOf(tx, table, part) };
        },
        async totals() {
          const found: Record<string, Total> = {};
          for (const table of tables) found[table.name] = await totalOf(tx, table);
          return found;
        },
      });
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}

async function blocksOf(tx: Db, table: string): Promise<number> {
  const [row] = await tx
    .select({
      blocks: sql<string>`(pg_relation_size(${objectInPublic(table)}) / current_setting('block_size')::int)::text`,
    })
    .from(sql`(select 1) as one`);
  return Number(row!.blocks);
}

/** By their place in the table: what is read at one moment stays where it is, and no table needs a key for it. */
async function rowsOf(tx: Db, { name, columns }: Table, part: number): Promise<Page['rows']> {
  const place = (at: number) => sql.raw(`'(${at * BLOCKS},0)'::tid`);
  const fields = Object.fromEntries(
    columns.map((column, at) => [`c${at}`, sql<string | null>`${sql.identifier(column.name)}::text`]),
  );
  const rows = await tx
    .select(fields)
    .from(inPublic(name))
    .where(sql`ctid >= ${place(part)} and ctid < ${place(part + 1)}`);
  return rows.map((row) => Object.values(row));
}
