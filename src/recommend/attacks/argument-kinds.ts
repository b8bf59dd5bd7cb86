import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { JsonObject } from '#domain/tool.ts';
import { wordsOf } from '../kinds.ts';

const text = z.string().min(1);
const Kind = z.strictObject({
  about: text,
  names: z.array(text).min(1),
  ends: z.array(text).optional(),
  except: z.array(text).optional(),
  types: z.array(z.enum(['string', 'array', 'number', 'integer'])).optional(),
});
const KINDS = z
  .strictObject({ kinds: z.record(z.string(), Kind) })
  .parse(parse(readFileSync(join(import.meta.dirname, '..', '..', '..', 'data', 'argument-kinds.yaml'), 'utf8'))).kinds;

/** The ids of all kinds of argument; a kind's place among them is its bit. */
export const ARGUMENT_KINDS: readonly string[] = Object.keys(KINDS);
if (ARGUMENT_KINDS.length > 30) throw new Error('data/argument-kinds.yaml has more kinds than a mask has bits');

/** Masks of kinds by the type that an argument has; `unsaid` is for those of no type or a union, `none` for all others. */
type Masks = Readonly<Record<'string' | 'array' | 'number' | 'integer' | 'unsaid' | 'none', number>>;
const NONE: Masks = { string: 0, array: 0, number: 0, integer: 0, unsaid: 0, none: 0 };

const byName = new Map<string, number[]>();
const byEnd = new Map<string, number[]>();
for (const [bit, { names, ends = [] }] of Object.values(KINDS).entries()) {
  for (const name of names) byName.set(name, [...(byName.get(name) ?? []), bit]);
  for (const end of ends) byEnd.set(end, [...(byEnd.get(end) ?? []), bit]);
}

function masksOf(name: string): Masks {
  const words = wordsOf(name);
  const bits = [...(byName.get(words.join('_')) ?? []), ...(byEnd.get(words.at(-1) ?? '') ?? [])].filter(
    (bit) => !Object.values(KINDS)[bit]!.except?.some((word) => words.includes(word)),
  );
  if (bits.length === 0) return NONE;
  const masks = { ...NONE };
  for (const bit of bits) {
    const types = Object.values(KINDS)[bit]!.types ?? ['string'];
    for (const type of types) masks[type] |= 1 << bit;
    masks.unsaid |= 1 << bit;
  }
  return masks;
}

/** Names of arguments repeat from tool to tool; strangers' new ones must not fill the memory. */
const MOST_REMEMBERED = 20_000;
const LONGEST_NAME = 60;
const remembered = new Map<string, Masks>();

function masksFor(name: string): Masks {
  if (name.length > LONGEST_NAME) return NONE;
  let masks = remembered.get(name);
  if (!masks) {
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    masks = masksOf(name);
    remembered.set(name, masks);
  }
  return masks;
}

/** What is read of a schema, however large it is. */
const MOST_ARGUMENTS = 60;

/** The kinds of argument that a tool has at the top of its schema: a mask, and for each kind the first argument of it. */
export interface Arguments {
  readonly kinds: number;
  readonly first: { readonly [bit: number]: string };
}

/** Reads the arguments that a schema names at its top. Never throws, reads a bounded part of any schema. */
export function argumentsOf(schema: JsonObject | undefined): Arguments {
  const first: Record<number, string> = {};
  let kinds = 0;
  const properties = schema?.properties;
  if (typeof properties !== 'object' || properties === null) return { kinds, first };
  let read = 0;
  for (const name in properties) {
    if (++read > MOST_ARGUMENTS) break;
    const masks = masksFor(name);
    if (masks === NONE) continue;
    const argument = (properties as JsonObject)[name];
    if (typeof argument !== 'object' || argument === null || Object.hasOwn(argument, 'enum')) continue;
    const mask = masks[typeOf((argument as JsonObject).type)];
    for (let fresh = mask & ~kinds; fresh !== 0; fresh &= fresh - 1) first[31 - Math.clz32(fresh & -fresh)] = name;
    kinds |= mask;
  }
  return { kinds, first };
}

/** A nullable text is a text; where nothing is said, or a union, it may be anything. */
function typeOf(type: unknown): keyof Masks {
  if (Array.isArray(type)) return typeOf(type.find((one) => one !== 'null' && !Array.isArray(one)));
  if (type === 'string' || type === 'array' || type === 'number' || type === 'integer') return type;
  return type === undefined ? 'unsaid' : 'none';
}

/** What a kind of argument is, in words: “a path”. Throws for one that there is not. */
export function aboutKind(kind: string): string {
  const found = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (!found) throw new Error(`'${kind}' is no kind of argument`);
  return found.about;
}
