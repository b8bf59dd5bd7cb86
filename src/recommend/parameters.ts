import type { JsonObject } from '#domain/tool.ts';
import { wordsOf } from './kinds.ts';

/** An argument that a schema has at its top. */
export interface Parameter {
  readonly name: string;
  /** Of the value, or of the values in the list. */
  readonly type: 'string' | 'number' | 'integer' | 'boolean' | 'other';
  /** Whether the schema takes a list of them, or a list as well. */
  readonly list: boolean;
  readonly about: string;
}

/**
 * Arguments at the top of a schema whose names a dotted path can say. What may also be null is of its other type; what
 * may be of several others is `other`.
 */
export function parametersOf(schema: JsonObject | undefined): readonly Parameter[] {
  return Object.entries(asObject(schema?.properties)).flatMap(([name, value]): Parameter[] => {
    if (!/^[\w-]+$/.test(name)) return [];
    const own = asObject(value);
    return [{ name, ...shapeOf(own), about: typeof own.description === 'string' ? own.description : '' }];
  });
}

const TYPES: ReadonlySet<unknown> = new Set(['string', 'number', 'integer', 'boolean']);

function shapeOf(schema: JsonObject): Pick<Parameter, 'type' | 'list'> {
  const shapes = alternatives(schema).map((one) => ({
    type: (one.type === 'array' ? alternatives(asObject(one.items)).map(({ type }) => type) : [one.type]).map((type) =>
      TYPES.has(type) ? (type as Parameter['type']) : 'other',
    ),
    list: one.type === 'array',
  }));
  const types = new Set(shapes.flatMap(({ type }) => type));
  return { type: types.size === 1 ? [...types][0]! : 'other', list: shapes.some(({ list }) => list) };
}

/** The schemas of which a value keeps one, without that of null. */
function alternatives(schema: JsonObject): readonly JsonObject[] {
  const several = schema.anyOf ?? schema.oneOf;
  const all = Array.isArray(several)
    ? several.flatMap((one) => alternatives(asObject(one)))
    : Array.isArray(schema.type)
      ? schema.type.map((type) => ({ ...schema, type }))
      : [schema];
  return all.filter(({ type }) => type !== 'null');
}

/** Whether a parameter's name is one of these, in any way of writing; of a list the plural too. */
export function named(...words: readonly string[]): (one: Parameter) => boolean {
  const wanted = new Set(words);
  return ({ name, list }) => {
    const said = wordsOf(name).join('_');
    return wanted.has(said) || (list && wanted.has(singular(said)));
  };
}

function singular(word: string): string {
  return word.replace(/(?:(ss)es|(i)es|s)$/, (_, hiss?: string, vowel?: string) => hiss ?? (vowel ? 'y' : ''));
}

function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
