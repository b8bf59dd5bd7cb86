import { isNull, sql } from 'drizzle-orm';
import type { Db } from '../engine/open.ts';
import { presence } from '../tables/tools.ts';
import { inPublic, tablesOf } from './tables.ts';

/** What a table or one of its indexes takes on disk. */
export interface Takes {
  readonly table: string;
  /** Absent for the table itself, with what stands outside of its rows. */
  readonly index?: string;
  /** Of a table only. */
  readonly rows?: number;
  readonly bytes: number;
  /** For every 100,000 tools that are present; absent where there is none. */
  readonly per100k?: number;
}

export interface Size {
  readonly bytes: number;
  readonly tools: number;
  readonly servers: number;
  /** Tables, the largest with its indexes first, each followed by its indexes. */
  readonly takes: readonly Takes[];
}

/** How large the database is, by table and index; what the queue and the server's own catalogues take is in `bytes` alone. */
export async function sizeOf(db: Db): Promise<Size> {
  const [whole] = await db
    .select({
      bytes: sql<number>`pg_database_size(current_database())`.mapWith(Number),
      servers: sql<number>`(select count(*) from server where merged_into is null)`.mapWith(Number),
    })
    .from(sql`(select 1) as one`);
  const tools = await db.$count(presence, isNull(presence.goneAt));
  const share = (bytes: number) => (tools > 0 ? { per100k: Math.round((bytes / tools) * 100_000) } : {});
  const indexes = await db
    .select({
      table: sql<string>`c.relname::text`,
      index: sql<string>`i.relname::text`,
      bytes: sql<number>`pg_relation_size(i.oid)`.mapWith(Number),
    })
    .from(
      sql`pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
        join pg_namespace n on n.oid = c.relnamespace`,
    )
    .where(sql`n.nspname = 'public' and c.relkind = 'r'`)
    .orderBy(sql`3 desc`);
  const groups: { readonly bytes: number; readonly takes: readonly Takes[] }[] = [];
  for (const { name } of await tablesOf(db)) {
    const [row] = await db
      .select({
        rows: sql<number>`(select count(*) from ${inPublic(name)})`.mapWith(Number),
        bytes: sql<number>`pg_table_size(format('public.%I', ${name}::text)::regclass)`.mapWith(Number),
      })
      .from(sql`(select 1) as one`);
    const own = indexes.filter(({ table }) => table === name);
    const takes = [{ table: name, ...row! }, ...own].map((one) => ({ ...one, ...share(one.bytes) }));
    groups.push({ bytes: takes.reduce((sum, { bytes }) => sum + bytes, 0), takes });
  }
  groups.sort((a, b) => b.bytes - a.bytes);
  return { ...whole!, tools, takes: groups.flatMap(({ takes }) => takes) };
}
