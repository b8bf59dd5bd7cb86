import { sha256 } from '#core/hash.ts';

/** A name for a statement whose plan is kept, where its text varies: the driver keeps one text by one name. */
export function planName(what: string, asked: { toSQL(): { readonly sql: string } }): string {
  return `${what}_${sha256(asked.toSQL().sql).slice(0, 16)}`;
}
