import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../engine/open.ts';

/** A table with the columns that are stored in it; what the database derives it derives anew. */
export interface Table {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** Where a sequence stands: the number that it gave last, and whether it gave it. */
export interface Sequence {
  readonly name: string;
  readonly last: string;
  readonly called: boolean;
}

/** How much a table holds: its rows, and a number that every value of every one of them goes into, in whatever order. */
export interface Total {
  readonly rows: number;
  readonly hash: string;
}

/** Our tables as they are, whatever step the schema is at: all of the schema `public` but what an extension brought. */
export async function tablesOf(db: Db): Promise<readonly Table[]> {
  const rows = await db
    .select({
      table: sql<string>`c.relname::text`,
      column: sql<string>`a.attname::text`,
      type: sql<string>`format_type(a.atttypid, a.atttypmod)`,
    })
    .from(sql`pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid`)
    .where(
      sql`n.nspname = 'public' and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
        and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')`,
    )
    .orderBy(sql`c.relname collate "C"`, sql`a.attnum`);
  return [...Map.groupBy(rows, ({ table }) => table)].map(([name, columns]) => ({
    name,
    columns: columns.map(({ column, type }) => ({ name: column, type })),
  }));
}

export async function sequencesOf(db: Db): Promise<readonly Sequence[]> {
  const names = await db
    .select({ name: sql<string>`c.relname::text` })
    .from(sql`pg_class c join pg_namespace n on n.oid = c.relnamespace`)
    .where(sql`n.nspname = 'public' and c.relkind = 'S'`)
    .orderBy(sql`c.relname collate "C"`);
  const found: Sequence[] = [];
  for (const { name } of names) {
    const [row] = await db
      .select({ last: sql<string>`last_value::text`, called: sql<boolean>`is_called` })
      .from(inPublic(name));
    found.push({ name, ...row! });
  }
  return found;
}

/**
 * Makes values read the same whatever the session's language, and lets it wait for the other side however long that
 * counts: for this transaction.
 */
export async function readAlike(tx: Db): Promise<void> {
  await tx.execute(sql`set local idle_in_transaction_session_timeout to 0`);
  await tx.execute(sql`set local timezone to 'UTC'`);
  await tx.execute(sql`set local datestyle to 'ISO, YMD'`);
}

/**
 * Counts a table and adds up the SHA-256 of its rows, in two halves of 64 bits, inside the database: the same on every
 * engine and in every order of rows. It tells damage and loss; a sum is no proof against somebody who chooses all rows.
 */
export async function totalOf(tx: Db, { name, columns }: Table): Promise<Total> {
  const values = sql.join(
    columns.map((column) => sql`${sql.identifier(column.name)}::text`),
    sql`, `,
  );
  const half = (from: number) =>
    sql`coalesce(sum(('x' || substr(hash, ${sql.raw(String(from))}, 16))::bit(64)::bigint::numeric), 0)`;
  const [row] = await tx
    .select({ rows: sql<string>`count(*)::text`, hash: sql<string>`${half(1)} || ' ' || ${half(17)}` })
    .from(
      sql`(select encode(sha256(convert_to(row(${values})::text, 'UTF8')), 'hex') as hash from ${inPublic(name)}) as one`,
    );
  return { rows: Number(row!.rows), hash: row!.hash };
}

export function inPublic(name: string): SQL {
  return sql`public.${sql.identifier(name)}`;
}

/** The same as an object that functions of the database take. */
export function objectInPublic(name: string): SQL {
  return sql`format('public.%I', ${name}::text)::regclass`;
}
