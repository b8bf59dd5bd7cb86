import { isDeepStrictEqual } from 'node:util';
import { parse, stringify } from 'smol-toml';
import { type AST, parseTOML } from 'toml-eslint-parser';
import { NotEditable } from './json.ts';

type Table = { readonly [key: string]: unknown };

/** A change of one place of a text. */
interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * Sets keys of tables in a TOML text, each table by its path, and leaves everything else as it is, comments and spaces
 * included. Tables that are not there are added at the end. Throws `NotEditable` where the text is broken, or writes such
 * a table in a way that cannot be added to (inline, or with dotted keys).
 */
export function mergeToml(
  text: string,
  tables: readonly { readonly path: readonly string[]; readonly keys: Table }[],
): string {
  const before = parsed(text);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const body = parseTOML(text, { tomlVersion: '1.0' }).body[0].body;
  const edits: Edit[] = [];
  const added: string[] = [];
  for (const { path, keys } of tables) {
    const table = body.find((one) => one.type === 'TOMLTable' && isDeepStrictEqual(one.resolvedKey, path)) as
      | AST.TOMLTable
      | undefined;
    if (!table && at(before, path) !== undefined && !isImplied(body, path))
      throw new NotEditable(`[${path.join('.')}] is written inline, where nothing can be added`);
    const lines = Object.entries(keys).flatMap(([key, value]) => {
      const pair = table?.body.find(({ key: { keys: own } }) => own.length === 1 && nameOf(own[0]!) === key);
      if (!pair) return [stringify({ [key]: value }).trim()];
      if (!isDeepStrictEqual(at(before, [...path, key]), value))
        edits.push({ from: pair.value.range[0], to: pair.value.range[1], text: valueText(value) });
      return [];
    });
    if (table && lines.length > 0) {
      const last = table.body.at(-1) ?? table.key;
      // After the rest of the line, so that a comment there keeps its place.
      const end = text.indexOf('\n', last.range[1]);
      const place = end < 0 ? text.length : end + 1;
      edits.push({ from: place, to: place, text: `${end < 0 ? eol : ''}${lines.join(eol)}${eol}` });
    }
    if (!table) added.push(`[${path.map(keyText).join('.')}]${eol}${lines.join(eol)}${eol}`);
  }
  const edited = edits
    .toSorted((a, b) => b.from - a.from)
    .reduce((so, { from, to, text: put }) => so.slice(0, from) + put + so.slice(to), text);
  const gap = edited === '' || edited.endsWith('\n') ? '' : eol;
  const merged = added.length > 0 ? `${edited}${gap}${edited === '' ? '' : eol}${added.join(eol)}` : edited;
  check(before, parsed(merged), tables);
  return merged;
}

function parsed(text: string): Table {
  try {
    return parse(text);
  } catch {
    throw new NotEditable('it is not valid TOML');
  }
}

function nameOf(key: AST.TOMLBare | AST.TOMLQuoted): string {
  return key.type === 'TOMLBare' ? key.name : key.value;
}

function keyText(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key);
}

function valueText(value: unknown): string {
  return stringify({ value })
    .replace(/^value\s*=\s*/, '')
    .trim();
}

/** Whether a table is there only because others below it are: then it may still be written out. */
function isImplied(body: readonly AST.TOMLTopLevelTable['body'][number][], path: readonly string[]): boolean {
  const below = (keys: readonly (string | number)[]) => path.every((key, index) => keys[index] === key);
  const inline = body.some(
    (one) =>
      one.type === 'TOMLKeyValue' &&
      one.key.keys.every((key, index) => index >= path.length || nameOf(key) === path[index]),
  );
  const holds = body.some(
    (one) =>
      one.type === 'TOMLTable' &&
      one.resolvedKey.length < path.length &&
      one.resolvedKey.every((key, index) => key === path[index]) &&
      one.body.some(({ key: { keys } }) => nameOf(keys[0]!) === path[one.resolvedKey.length]),
  );
  return !inline && !holds && body.some((one) => one.type === 'TOMLTable' && below(one.resolvedKey));
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (one, key) =>
      typeof one === 'object' && one !== null && Object.hasOwn(one, key) ? (one as Table)[key] : undefined,
    value,
  );
}

/** Everything is as it was but for the keys that were set, and those are as they were meant. */
function check(before: Table, after: Table, tables: Parameters<typeof mergeToml>[1]): void {
  const expected = structuredClone(before) as Record<string, unknown>;
  for (const { path, keys } of tables) {
    const table = path.reduce((one, key) => {
      if (!Object.hasOwn(one, key)) one[key] = {};
      return one[key] as Record<string, unknown>;
    }, expected);
    Object.assign(table, keys);
  }
  if (!isDeepStrictEqual(JSON.parse(JSON.stringify(after)), JSON.parse(JSON.stringify(expected))))
    throw new NotEditable('it cannot be added to without changing something else');
}
