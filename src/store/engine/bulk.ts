import { type Column, getTableColumns, getTableName, type SQL, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';

const SERIALS: Readonly<Record<string, string>> = { bigserial: 'bigint', serial: 'integer' };

function typeOf(column: Column): string {
  return SERIALS[column.getSQLType()] ?? column.getSQLType();
}

/**
 * Rows for `insert(table).select(…)` as one parameter: a statement with a parameter a value takes the driver longer to
 * write than the database to carry out. Columns left out get their default, which must be a value or a sequence; those that the database derives are its own.
 */
export function recordset<T extends PgTable>(table: T, rows: readonly T['$inferInsert'][]): SQL {
  const columns = Object.entries(getTableColumns(table)).filter(([, column]) => column.generated === undefined);
  const json = rows.map((row) =>
    Object.fromEntries(
      columns.map(([field, column]) => {
        const value = (row as Record<string, unknown>)[field] ?? column.default ?? null;
        return [column.name, value === null ? null : column.mapToDriverValue(value)];
      }),
    ),
  );
  const wanted = columns.map(([, column]) =>
    column.getSQLType() in SERIALS
      ? sql`coalesce(given.${sql.identifier(column.name)}, nextval(pg_get_serial_sequence(${sql.raw(`'${getTableName(table)}'`)}, ${sql.raw(`'${column.name}'`)})))`
      : sql`given.${sql.identifier(column.name)}`,
  );
  const shape = columns.map(([, column]) => sql`${sql.identifier(column.name)} ${sql.raw(typeOf(column))}`);
  return sql`select ${sql.join(wanted, sql`, `)} from json_to_recordset(${JSON.stringify(json)}::json) as given(${sql.join(shape, sql`, `)})`;
}

/** Whether a column has one of these values, as one parameter. */
export function among(column: Column, values: readonly (string | number)[]): SQL {
  const list = sql`select json_array_elements_text(${JSON.stringify(values)}::json)`;
  return sql`${column} = any(array(${list})::${sql.raw(typeOf(column))}[])`;
}
