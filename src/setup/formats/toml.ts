import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import { DEPTH_MAX, type Node, type Parsed, type Place, TOO_DEEP } from '../node.ts';

/** A node that is being filled: tables of a TOML file come in pieces. */
interface Filling {
  readonly at: Place;
  readonly fields: Map<string, Filling | Node>;
}

/** Reads TOML 1.0. */
export function readToml(text: string): Parsed {
  const start = { line: 1, column: 1 };
  try {
    const root: Filling = { at: start, fields: new Map() };
    for (const one of parseTOML(text, { tomlVersion: '1.0' }).body[0].body)
      if (one.type === 'TOMLKeyValue') put(root, one, 0);
      else {
        const table = below(root, one.resolvedKey.map(String), placeOf(one));
        for (const pair of one.body) put(table, pair, 0);
      }
    return { root: root as Node };
  } catch (error) {
    if (error instanceof RangeError) return { problem: { ...start, why: TOO_DEEP } };
    if (!(error instanceof ParseError)) throw error;
    const { lineNumber: line, column, message } = error;
    return { problem: { line, column: column + 1, why: message } };
  }
}

function placeOf({ loc: { start } }: AST.TOMLNode): Place {
  return { line: start.line, column: start.column + 1 };
}

/** The table at a path, made where it is not there. Elements of an array of tables stand under their numbers. */
function below(root: Filling, path: readonly string[], at: Place): Filling {
  if (path.length > DEPTH_MAX) throw new RangeError(TOO_DEEP);
  return path.reduce((table, key) => {
    const known = table.fields.get(key);
    if (known?.fields) return known as Filling;
    const made: Filling = { at, fields: new Map() };
    table.fields.set(key, made);
    return made;
  }, root);
}

function put(table: Filling, pair: AST.TOMLKeyValue, depth: number): void {
  const keys = pair.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value));
  const at = placeOf(pair);
  below(table, keys.slice(0, -1), at).fields.set(keys.at(-1)!, { ...nodeOf(pair.value, depth + 1), at });
}

function nodeOf(content: AST.TOMLContentNode, depth: number): Node {
  if (depth > DEPTH_MAX) throw new RangeError(TOO_DEEP);
  const at = placeOf(content);
  if (content.type === 'TOMLArray') return { at, items: content.elements.map((one) => nodeOf(one, depth + 1)) };
  if (content.type === 'TOMLInlineTable') {
    const table: Filling = { at, fields: new Map() };
    for (const pair of content.body) put(table, pair, depth);
    return table as Node;
  }
  const { value } = content;
  return { at, value: value instanceof Date ? value.toISOString() : value };
}
