import type { Json, JsonObject } from '#domain/tool.ts';
import { type Fields, isFields, isSchema, objectSchema, type Schema, toJson, type Value } from './value.ts';

const schema = (json: JsonObject, rest: { optional?: boolean; fields?: Fields } = {}): Schema => ({
  kind: 'schema',
  json,
  optional: rest.optional ?? false,
  ...(rest.fields && { fields: rest.fields }),
});
const jsonOf = (value: Value): JsonObject => (isSchema(value) ? value.json : {});
const list = (value: Value): readonly Value[] => (Array.isArray(value) ? value : []);
const string = (format?: string) => () => schema({ type: 'string', ...(format !== undefined && { format }) });

function object(fields: Value): Schema {
  const known: Fields = isFields(fields) ? fields : new Map();
  return schema(objectSchema(known), { fields: known });
}

function enumeration(values: Value): Schema {
  const members = isFields(values) ? [...values.values()] : list(values);
  const known = members.filter((item): item is string | number => typeof item === 'string' || typeof item === 'number');
  return schema({ type: known.some((item) => typeof item === 'number') ? 'number' : 'string', enum: known });
}

const union = (members: Value): Schema =>
  schema(
    { anyOf: list(members).map(jsonOf) },
    { optional: list(members).some((item) => isSchema(item) && item.optional) },
  );

const anything = () => schema({});

/** What the functions of zod's namespace make. */
const MAKERS: Readonly<Record<string, (...args: readonly Value[]) => Schema>> = {
  string: string(),
  email: string('email'),
  url: string('uri'),
  uuid: string('uuid'),
  date: string('date-time'),
  number: () => schema({ type: 'number' }),
  int: () => schema({ type: 'integer' }),
  bigint: () => schema({ type: 'integer' }),
  boolean: () => schema({ type: 'boolean' }),
  null: () => schema({ type: 'null' }),
  undefined: () => schema({}, { optional: true }),
  any: () => schema({}, { optional: true }),
  unknown: () => schema({}, { optional: true }),
  custom: anything,
  lazy: anything,
  object,
  strictObject: object,
  looseObject: object,
  array: (item) => schema({ type: 'array', items: jsonOf(item) }),
  set: (item) => schema({ type: 'array', uniqueItems: true, items: jsonOf(item) }),
  tuple: (items) => schema({ type: 'array', items: list(items).map(jsonOf) }),
  enum: enumeration,
  nativeEnum: enumeration,
  literal: (value) => schema(Array.isArray(value) ? { enum: toJson(value) as Json } : { const: toJson(value) ?? null }),
  union,
  discriminatedUnion: (_, members) => union(members),
  intersection: (a, b) => schema({ allOf: [jsonOf(a), jsonOf(b)] }),
  record: (key, value) => schema({ type: 'object', additionalProperties: jsonOf(value === undefined ? key : value) }),
  optional: (inner) => ({ ...schema(jsonOf(inner)), optional: true }),
  nullable: (inner) => schema({ anyOf: [jsonOf(inner), { type: 'null' }] }),
  preprocess: (_, inner) => (isSchema(inner) ? inner : anything()),
};

/** What `zod.<name>(…)` makes; undefined where zod has no such function that makes a schema. */
export function makeSchema(name: string, args: () => readonly Value[]): Schema | undefined {
  return Object.hasOwn(MAKERS, name) ? MAKERS[name]!(...args()) : undefined;
}

const limit = (kind: 'min' | 'max', { json }: Schema): string =>
  ({ string: `${kind}Length`, array: `${kind}Items` })[String(json.type)] ?? `${kind}imum`;

const FORMATS: Readonly<Record<string, string>> = {
  url: 'uri',
  email: 'email',
  uuid: 'uuid',
  datetime: 'date-time',
  date: 'date',
};

/** What `schema.<method>(…)` makes. A method that is not known leaves the schema as it is: most only narrow it. */
export function refineSchema(self: Schema, method: string, args: readonly Value[]): Schema {
  const [first] = args;
  const plus = (json: JsonObject): Schema => ({ ...self, json: { ...self.json, ...json } });
  const known = toJson(first);
  switch (method) {
    case 'describe':
      return typeof first === 'string' ? plus({ description: first }) : self;
    case 'meta':
      return isFields(first) ? plus(toJson(first) as JsonObject) : self;
    case 'optional':
    case 'nullish':
    case 'exactOptional':
      return { ...self, optional: true };
    case 'nullable':
      return typeof self.json.type === 'string' ? plus({ type: [self.json.type, 'null'] }) : self;
    case 'default':
    case 'prefault':
      return { ...(known === undefined ? self : plus({ default: known })), optional: true };
    case 'min':
    case 'max':
      return typeof first === 'number' ? plus({ [limit(method, self)]: first }) : self;
    case 'nonempty':
      return plus({ [limit('min', self)]: 1 });
    case 'int':
      return plus({ type: 'integer' });
    case 'positive':
      return plus({ exclusiveMinimum: 0 });
    case 'nonnegative':
      return plus({ minimum: 0 });
    case 'array':
      return schema({ type: 'array', items: self.json });
    case 'or':
      return union([self, first]);
    case 'and':
      return schema({ allOf: [self.json, jsonOf(first)] });
    case 'extend':
    case 'safeExtend':
    case 'merge':
      return reshape(self, new Map([...(self.fields ?? []), ...fieldsOf(first)]));
    case 'partial':
      return reshape(
        self,
        new Map(
          [...(self.fields ?? [])].map(([name, field]) => [
            name,
            isSchema(field) ? { ...field, optional: true } : field,
          ]),
        ),
      );
    case 'pick':
      return reshape(self, new Map([...(self.fields ?? [])].filter(([name]) => fieldsOf(first).has(name))));
    case 'omit':
      return reshape(self, new Map([...(self.fields ?? [])].filter(([name]) => !fieldsOf(first).has(name))));
    default:
      return Object.hasOwn(FORMATS, method) && self.json.type === 'string' ? plus({ format: FORMATS[method]! }) : self;
  }
}

function fieldsOf(value: Value): Fields {
  return isFields(value) ? value : isSchema(value) ? (value.fields ?? new Map()) : new Map();
}

function reshape(self: Schema, fields: Fields): Schema {
  const { description } = self.json;
  return { ...self, fields, json: { ...objectSchema(fields), ...(description !== undefined && { description }) } };
}
