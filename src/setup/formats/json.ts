import { type ParseError, parseTree, printParseErrorCode, type Node as Tree } from 'jsonc-parser';
import { DEPTH_MAX, type Node, type Parsed, type Place, placesIn, TOO_DEEP } from '../node.ts';

const OPTIONS = { allowTrailingComma: true, disallowComments: false, allowEmptyContent: true } as const;

/** Reads JSON as the editors among the clients do, with comments and trailing commas. An empty file holds nothing. */
export function readJson(text: string): Parsed {
  const place = placesIn(text);
  const errors: ParseError[] = [];
  let tree: Tree | undefined;
  try {
    tree = parseTree(text, errors, OPTIONS);
    const [first] = errors;
    if (first) return { problem: { ...place(first.offset), why: wordsOf(first) } };
    return { root: tree ? nodeOf(tree, place, 0) : { at: place(0), fields: new Map() } };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { problem: { ...place(0), why: TOO_DEEP } };
  }
}

function wordsOf({ error }: ParseError): string {
  const words = printParseErrorCode(error).replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
  return words.toLowerCase().replace(/ expected$/, ' is expected here');
}

function nodeOf(tree: Tree, place: (offset: number) => Place, depth: number): Node {
  if (depth > DEPTH_MAX) throw new RangeError(TOO_DEEP);
  const at = place(tree.offset);
  const children = tree.children ?? [];
  if (tree.type === 'array') return { at, items: children.map((one) => nodeOf(one, place, depth + 1)) };
  if (tree.type !== 'object') return { at, value: tree.value };
  const fields = new Map<string, Node>();
  // A field's place is that of its key.
  for (const { children: [key, value] = [], offset } of children)
    if (key && value) fields.set(key.value, { ...nodeOf(value, place, depth + 1), at: place(offset) });
  return { at, fields };
}
