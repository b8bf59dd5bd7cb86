import type { ArrowFunctionExpression, Function as FunctionNode } from 'oxc-parser';
import type { Json, JsonObject } from '#domain/tool.ts';
import type { Scope } from './scope.ts';

/** A zod schema as far as it is literal: its JSON Schema, whether it may be left out, its fields where it is an object. */
export interface Schema {
  readonly kind: 'schema';
  readonly json: JsonObject;
  readonly optional: boolean;
  readonly fields?: Fields;
}

/** A function, to be looked into where it is called. */
export interface Callable {
  readonly kind: 'function';
  readonly node: FunctionNode | ArrowFunctionExpression;
  readonly scope: Scope;
}

/** An object's members; a Map, so that no hostile key (`__proto__`) means anything. */
export type Fields = ReadonlyMap<string, Value>;

/** What an expression is known to be without running it; undefined where it is not known. */
export type Value = null | boolean | number | string | readonly Value[] | Fields | Schema | Callable | undefined;

export function isFields(value: Value): value is Fields {
  return value instanceof Map;
}

export function isSchema(value: Value): value is Schema {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'schema';
}

export function isCallable(value: Value): value is Callable {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'function';
}

/** Levels of nesting that are kept: deeper ones are left out. */
const DEPTH_MAX = 24;

/** A value as JSON; members that are not known are left out. Undefined where nothing of it is known. */
export function toJson(value: Value, depth = 0): Json | undefined {
  if (value === undefined || value === null || typeof value !== 'object') return value;
  if (depth > DEPTH_MAX) return undefined;
  if (isSchema(value)) return value.json;
  if (isCallable(value)) return undefined;
  if (!isFields(value)) return value.flatMap((item) => toJson(item, depth + 1) ?? []);
  // fromEntries defines members, so that a key named __proto__ is a key like any other.
  return Object.fromEntries(
    [...value].flatMap(([key, member]) => {
      const json = toJson(member, depth + 1);
      return json === undefined ? [] : [[key, json]];
    }),
  );
}

/** The JSON Schema of an object with these fields, those that are no schema counting as anything. */
export function objectSchema(fields: Fields): JsonObject {
  const required = [...fields].filter(([, field]) => !(isSchema(field) && field.optional)).map(([name]) => name);
  const properties = Object.fromEntries([...fields].map(([name, field]) => [name, isSchema(field) ? field.json : {}]));
  return { type: 'object', properties, ...(required.length > 0 && { required }) };
}

/** An input or output schema in any of the ways in which servers write one; undefined where it is none. */
export function schemaOf(value: Value): JsonObject | undefined {
  if (isSchema(value)) return value.json;
  if (!isFields(value)) return undefined;
  if ([...value.values()].some(isSchema) && !value.has('properties')) return objectSchema(value);
  if (value.size === 0) return { type: 'object', properties: {} };
  const looksLikeSchema =
    typeof value.get('type') === 'string' ||
    isFields(value.get('properties')) ||
    ['$ref', 'anyOf', 'oneOf', 'allOf', '$schema'].some((key) => value.has(key));
  const json = looksLikeSchema ? toJson(value) : undefined;
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as JsonObject) : undefined;
}

/** JSON as a value. */
export function fromJson(json: unknown): Value {
  if (Array.isArray(json)) return json.map(fromJson);
  if (typeof json !== 'object' || json === null) return json as Value;
  return new Map(Object.entries(json).map(([key, member]) => [key, fromJson(member)]));
}
