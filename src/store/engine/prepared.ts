import { sha256 } from '#core/hash.ts';
import type { Db } from './open.ts';

/** A name for a statement whose plan is kept, where its text varies: the driver keeps one text by one name. */
export function planName(what: string, asked: { toSQL(): { readonly sql: string } }): string {
  return `${what}_${sha256(asked.toSQL().sql).slice(0, 16)}`;
}

/** A statement that is built once for each database: to build one takes longer than to send it. */
export function once<T>(build: (db: Db) => T): (db: Db) => T {
  const built = new WeakMap<Db, T>();
  return (db) => {
    const known = built.get(db) ?? build(db);
    built.set(db, known);
    return known;
  };
}
