import { isDeepStrictEqual } from 'node:util';
import { applyEdits, type FormattingOptions, modify, type ParseError, parse, visit } from 'jsonc-parser';

/** A file cannot be changed without losing something of it, or so that it would say what is meant. */
export class NotEditable extends Error {
  override readonly name = 'NotEditable';
}

type Path = readonly (string | number)[];
type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

const OPTIONS = { allowTrailingComma: true, allowEmptyContent: true } as const;

/** What one path of a merge does otherwise than the rest: lists are added to, and values set, where nothing is said. */
export interface Merging {
  /** Whether a list takes the place of the one that is there. */
  readonly replaces?: (path: Path) => boolean;
  /** Whether what is there stays, as it is as strict or means something else. */
  readonly keeps?: (path: Path, present: unknown) => boolean;
  /** Elements of lists that go, as they would let through what is not meant to be. */
  readonly drops?: (path: Path, element: unknown) => boolean;
}

/**
 * Puts a value into a JSON text with comments: objects are merged, and everything that it does not speak of stays as it
 * is, comments and spaces included. An empty text is an empty object. Throws `NotEditable` where the text is broken, or
 * has a key twice so that no edit would be sure to be read.
 */
export function mergeJson(text: string, value: { readonly [key: string]: Value }, merging: Merging = {}): string {
  const start = text.trim() === '' ? '{}\n' : text;
  if (parsed(start) === null || typeof parsed(start) !== 'object') throw new NotEditable('it holds no object');
  const merged = mergeAt(start, [], value, merging, formatOf(start));
  check(start, merged, value, merging);
  return merged;
}

function parsed(text: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, OPTIONS);
  if (errors.length > 0) throw new NotEditable('it is not valid JSON');
  return value;
}

function formatOf(text: string): FormattingOptions {
  const [, indent = '  '] = /^([ \t]+)["\]}]/m.exec(text) ?? [];
  return { insertSpaces: !indent.startsWith('\t'), tabSize: indent.length, eol: text.includes('\r\n') ? '\r\n' : '\n' };
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (one, key) =>
      typeof one === 'object' && one !== null && Object.hasOwn(one, key)
        ? (one as Record<string, unknown>)[key]
        : undefined,
    value,
  );
}

function mergeAt(
  text: string,
  path: Path,
  value: Value,
  merging: Merging,
  formattingOptions: FormattingOptions,
): string {
  const set = (to: string, where: Path, what: unknown, more: object = {}) =>
    applyEdits(to, modify(to, [...where], what, { formattingOptions, ...more }));
  const present = path.length === 0 ? {} : at(parsed(text), path);
  if (path.length > 0 && merging.keeps?.(path, present)) return text;
  if (Array.isArray(value)) {
    if (!Array.isArray(present)) return set(text, path, value);
    if (merging.replaces?.(path)) return isDeepStrictEqual(present, value) ? text : set(text, path, value);
    let merged = text;
    for (const index of present.keys().toArray().reverse())
      if (merging.drops?.(path, present[index])) merged = set(merged, [...path, index], undefined);
    for (const one of value)
      if (!present.some((other) => isDeepStrictEqual(one, other)))
        merged = set(merged, [...path, (at(parsed(merged), path) as unknown[]).length], one, {
          isArrayInsertion: true,
        });
    return merged;
  }
  if (typeof value === 'object' && value !== null) {
    if (typeof present !== 'object' || present === null || Array.isArray(present)) return set(text, path, value);
    return Object.entries(value).reduce(
      (so, [key, one]) => mergeAt(so, [...path, key], one, merging, formattingOptions),
      text,
    );
  }
  return present === value ? text : set(text, path, value);
}

/** What was meant is read back, and no comment and no other key is gone. */
function check(before: string, after: string, value: Value, merging: Merging): void {
  const [old, now] = [parsed(before), parsed(after)];
  const lost = keysLost(old, now) ?? missing(value, now, [], merging);
  if (lost !== undefined) throw new NotEditable(`'${lost}' cannot be set without loss; it may be there twice`);
  const left = commentsIn(after);
  if (commentsIn(before).some((comment) => !left.includes(comment))) throw new NotEditable('a comment would be lost');
}

function keysLost(old: unknown, now: unknown): string | undefined {
  if (typeof old !== 'object' || old === null || Array.isArray(old)) return undefined;
  for (const [key, one] of Object.entries(old)) {
    if (typeof now !== 'object' || now === null || !Object.hasOwn(now, key)) return key;
    const inner = keysLost(one, (now as Record<string, unknown>)[key]);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function missing(value: Value, now: unknown, path: Path, merging: Merging): string | undefined {
  const present = at(now, path);
  if (path.length > 0 && merging.keeps?.(path, present)) return undefined;
  if (Array.isArray(value)) {
    const has = Array.isArray(present) && value.every((one) => present.some((other) => isDeepStrictEqual(one, other)));
    return has ? undefined : String(path.at(-1));
  }
  if (typeof value !== 'object' || value === null) return present === value ? undefined : String(path.at(-1));
  return Object.entries(value)
    .map(([key, one]) => missing(one, now, [...path, key], merging))
    .find((one) => one !== undefined);
}

function commentsIn(text: string): readonly string[] {
  const found: string[] = [];
  visit(text, { onComment: (offset, length) => void found.push(text.slice(offset, offset + length)) }, OPTIONS);
  return found;
}
