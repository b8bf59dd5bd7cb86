import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { getTableColumns, getTableName } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import postgres from 'postgres';

type Copy = <T extends PgTable>(table: T, rows: readonly T['$inferInsert'][]) => Promise<void>;

/**
 * Writes much into empty tables fast: rows by COPY, while the tables have no indexes and write no log; afterwards all of
 * that is as the migrations made it, vacuumed and analysed. Rejects where the server cannot be reached or refuses a row.
 */
export async function loading(
  url: string,
  tables: readonly PgTable[],
  write: (copy: Copy) => Promise<void>,
): Promise<void> {
  const names = tables.map(getTableName);
  const sql = postgres(url, { max: names.length, onnotice: () => {} });
  try {
    const indexes = await sql<{ drop: string; make: string }[]>`
      select case when c.conname is null then format('drop index %I', i.indexrelid::regclass::text)
          else format('alter table %I drop constraint %I', i.indrelid::regclass::text, c.conname) end as drop,
        case when c.conname is null then pg_get_indexdef(i.indexrelid)
          else format('alter table %I add constraint %I %s', i.indrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid)) end as make
      from pg_index i left join pg_constraint c on c.conindid = i.indexrelid
      where i.indrelid = any(${names}::text[]::regclass[])`;
    for (const name of names) await sql.unsafe(`alter table "${name}" set unlogged`);
    for (const { drop } of indexes) await sql.unsafe(drop);
    await write(async (table, rows) => {
      const columns = Object.entries(getTableColumns(table)).filter(
        ([field, column]) => column.generated === undefined && rows[0] && field in rows[0],
      );
      const wanted = columns.map(([, column]) => `"${column.name}"`).join(', ');
      const line = (row: object) =>
        `${columns
          .map(([field, column]) => {
            const value = (row as Record<string, unknown>)[field];
            return escaped(value instanceof Date ? value.toISOString() : column.mapToDriverValue(value));
          })
          .join('\t')}\n`;
      const into = await sql.unsafe(`copy "${getTableName(table)}" (${wanted}) from stdin`).writable();
      await pipeline(Readable.from([rows.map(line).join('')]), into);
    });
    // One at a time: together they would want more memory than machines for tests have to spare.
    for (const { make } of indexes)
      await sql.begin(async (tx) => {
        await tx`set local maintenance_work_mem = '1GB'`;
        await tx.unsafe(make);
      });
    for (const name of names) await sql.unsafe(`vacuum analyze "${name}"`);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

function escaped(value: unknown): string {
  if (value === null || value === undefined) return '\\N';
  return String(value).replace(/[\\\t\n\r]/g, (sign) => `\\${{ '\\': '\\', '\t': 't', '\n': 'n', '\r': 'r' }[sign]}`);
}
