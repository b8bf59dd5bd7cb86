import type { Store } from '#store/engine/open.ts';
import { withContents } from '#store/keeping/contents.ts';

type Rows = readonly Readonly<Record<string, string | null>>[];

/** Every value of a database, by table and column. */
export async function values(store: Store): Promise<ReadonlyMap<string, Rows>> {
  return withContents(store, async (contents) => {
    const found = new Map<string, Record<string, string | null>[]>();
    for await (const { table, rows } of contents.pages()) {
      const list = found.get(table.name) ?? [];
      for (const row of rows) list.push(Object.fromEntries(table.columns.map(({ name }, at) => [name, row[at]!])));
      found.set(table.name, list);
    }
    return found;
  });
}

/** Rows that are not there any more, as far as their columns still are; a revision may be handed out anew. */
export function lost(before: ReadonlyMap<string, Rows>, after: ReadonlyMap<string, Rows>): readonly string[] {
  return [...before].flatMap(([table, rows]) => {
    const there = after.get(table) ?? [];
    const columns = Object.keys(rows[0]!).filter((column) => column in (there[0] ?? {}) && column !== 'revision');
    const only = (row: Rows[number]) => JSON.stringify(columns.map((column) => row[column]));
    const kept = new Set(there.map(only));
    return rows
      .map(only)
      .filter((row) => !kept.has(row))
      .map((row) => `${table}: ${row}`);
  });
}
