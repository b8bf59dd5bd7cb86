/** Sets of numbers that grow together (union-find); a set's number is its smallest member's. */
export interface Unions {
  find(member: number): number;
  /** Makes one set of two; false where they are one already. */
  unite(a: number, b: number): boolean;
}

export function unions(size: number): Unions {
  const parent = Array.from({ length: size }, (_, i) => i);
  function find(member: number): number {
    let root = member;
    while (parent[root] !== root) root = parent[root]!;
    for (let at = member; at !== root; ) [at, parent[at]] = [parent[at]!, root];
    return root;
  }
  return {
    find,
    unite(a, b) {
      const [low, high] = [find(a), find(b)].sort((x, y) => x - y) as [number, number];
      parent[high] = low;
      return low !== high;
    },
  };
}

/** Appends to the list at a key. */
export function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
