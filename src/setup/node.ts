/** A place in a text, counted from 1 as editors do. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * A value of a configuration file, whatever language that is written in, with its place. Keys stand in a map: a stranger's
 * file may have one that is called `__proto__`.
 */
export interface Node {
  readonly at: Place;
  readonly value?: string | number | boolean | null;
  readonly fields?: ReadonlyMap<string, Node>;
  readonly items?: readonly Node[];
}

/** Why a file cannot be read, and where it stops being readable. */
export interface Problem extends Place {
  readonly why: string;
}

/** A file's value, or what is wrong with it. A reader never throws for what a file holds. */
export type Parsed = { readonly root: Node } | { readonly problem: Problem };

/** Levels of objects and lists in a configuration. Real ones have seven. */
export const DEPTH_MAX = 64;
export const TOO_DEEP = `it is nested more than ${DEPTH_MAX} levels deep`;

/** The field that a path of keys leads to. */
export function field(node: Node | undefined, ...path: readonly string[]): Node | undefined {
  return path.reduce<Node | undefined>((at, key) => at?.fields?.get(key), node);
}

/** The text of a field; undefined where there is none or it is no text. */
export function textAt(node: Node | undefined, ...path: readonly string[]): string | undefined {
  const value = field(node, ...path)?.value;
  return typeof value === 'string' ? value : undefined;
}

/** The texts of a list, numbers written out; what is neither is left out. */
export function textsAt(node: Node | undefined, ...path: readonly string[]): readonly string[] {
  return (field(node, ...path)?.items ?? []).flatMap(({ value }) =>
    typeof value === 'string' || typeof value === 'number' ? [String(value)] : [],
  );
}

/** The texts of an object by key, numbers and booleans written out; what is neither is left out. */
export function recordAt(node: Node | undefined, ...path: readonly string[]): ReadonlyMap<string, string> {
  const found = [...(field(node, ...path)?.fields ?? [])].flatMap(([key, { value }]): [string, string][] =>
    ['string', 'number', 'boolean'].includes(typeof value) ? [[key, String(value)]] : [],
  );
  return new Map(found);
}

/** Places by offset, for readers that count characters only. */
export function placesIn(text: string): (offset: number) => Place {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - starts[low]! + 1 };
  };
}
