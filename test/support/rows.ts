import { sql } from 'drizzle-orm';
import type { Db } from '#store/engine/open.ts';
import { inPublic, sequencesOf, tablesOf } from '#store/keeping/tables.ts';

/** What strangers write, and what formats of files and statements trip over. */
const NASTY = `'";\\ --\n\t\r\\N \\. $1 {"a":[null]} é 漢 🚢 \u2028 </script> %s`;

/** A value of a column's type that no other row and no other column has. */
function valueFor(type: string, row: number, column: string): string {
  const number = row * 1000 + 1 + ([...column].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 997);
  if (/^(bigint|integer)$/.test(type)) return String(number);
  if (type === 'double precision') return `${number}.1`;
  if (type === 'boolean') return String(row % 2 === 0);
  if (type.startsWith('timestamp')) return new Date(Date.UTC(2026, 10, 1) + number * 1001).toISOString();
  if (type !== 'text') throw new Error(`no value for a column of type ${type}`);
  return JSON.stringify(`${column} ${row} ${NASTY}`);
}

/**
 * Two rows in every table that there is, whatever its columns: one in which all is said, one in which nothing is that
 * may be left out. Sequences go on a little. Rows of another `set` are others.
 */
export async function fillTables(db: Db, set = 0): Promise<void> {
  for (const { name, columns } of await tablesOf(db)) {
    const needed = await db
      .select({ name: sql<string>`attname::text` })
      .from(sql`pg_attribute`)
      .where(sql`attrelid = format('public.%I', ${name}::text)::regclass and attnum > 0 and attnotnull`);
    for (const row of [2 * set, 2 * set + 1]) {
      const some = columns.filter((column) => row % 2 === 0 || needed.some((one) => one.name === column.name));
      const names = sql.join(
        some.map((column) => sql`${sql.identifier(column.name)}`),
        sql`, `,
      );
      const values = sql.join(
        some.map((column) => sql`${valueFor(column.type, row, column.name)}::text::${sql.raw(column.type)}`),
        sql`, `,
      );
      await db.execute(sql`insert into ${inPublic(name)} (${names}) values (${values})`);
    }
  }
  for (const [at, { name }] of (await sequencesOf(db)).entries())
    await db.execute(
      sql`select nextval(format('public.%I', ${name}::text)::regclass) from generate_series(1, ${at}::int)`,
    );
}
