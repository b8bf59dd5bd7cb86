import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Node as Tree } from 'yaml';
import { DEPTH_MAX, type Node, type Parsed, type Place, TOO_DEEP } from '../node.ts';

/** Reads YAML 1.2. An alias stands for nothing: what refers to itself, or grows as it is followed, is no configuration. */
export function readYaml(text: string): Parsed {
  const lines = new LineCounter();
  const place = (offset = 0): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    const [first] = document.errors;
    if (first) return { problem: { ...place(first.pos[0]), why: first.message } };
    return { root: nodeOf(document.contents, place, 0) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { problem: { line: 1, column: 1, why: TOO_DEEP } };
  }
}

function nodeOf(tree: Tree | null, place: (offset?: number) => Place, depth: number): Node {
  if (depth > DEPTH_MAX) throw new RangeError(TOO_DEEP);
  const at = place(tree?.range?.[0]);
  if (tree === null || isAlias(tree)) return { at, value: null };
  if (isSeq(tree)) return { at, items: tree.items.map((one) => nodeOf(one as Tree | null, place, depth + 1)) };
  if (isMap(tree)) {
    const fields = new Map<string, Node>();
    for (const { key, value } of tree.items)
      if (isScalar(key))
        fields.set(String(key.value), {
          ...nodeOf(value as Tree | null, place, depth + 1),
          at: place(key.range?.[0]),
        });
    return { at, fields };
  }
  const { value } = tree as { value?: unknown };
  const plain = ['string', 'number', 'boolean'].includes(typeof value);
  return { at, value: plain ? (value as string) : null };
}
