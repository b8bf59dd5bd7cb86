import type { SyntaxNode } from '@lezer/common';
import type { Json, JsonObject } from '#domain/tool.ts';
import { type Fields, toJson, type Value } from '../value.ts';
import type { PythonEvaluator } from './evaluate.ts';
import type { Bound, PythonModule } from './modules.ts';
import { argumentsOf, childrenOf, docstringOf, lastName, separated } from './syntax.ts';

/** What a type means in JSON Schema, as pydantic has it. */
const PLAIN: Readonly<Record<string, JsonObject>> = {
  str: { type: 'string' },
  int: { type: 'integer' },
  float: { type: 'number' },
  bool: { type: 'boolean' },
  dict: { type: 'object' },
  bytes: { type: 'string', format: 'binary' },
  datetime: { type: 'string', format: 'date-time' },
  date: { type: 'string', format: 'date' },
  UUID: { type: 'string', format: 'uuid' },
  Path: { type: 'string', format: 'path' },
  AnyUrl: { type: 'string', format: 'uri' },
  HttpUrl: { type: 'string', format: 'uri' },
};
const LISTS = /^(list|List|Sequence|Iterable|tuple|Tuple|set|Set|frozenset|FrozenSet)$/;
const DICTS = /^(dict|Dict|Mapping|MutableMapping)$/;
/** What a field's bounds are called in JSON Schema; those of length depend on what is long. */
const BOUNDS: Readonly<Record<string, string>> = {
  description: 'description',
  title: 'title',
  pattern: 'pattern',
  examples: 'examples',
  ge: 'minimum',
  gt: 'exclusiveMinimum',
  le: 'maximum',
  lt: 'exclusiveMaximum',
};
const DEPTH_MAX = 12;

/** One parameter or field: its schema, and whether it must be given. */
export interface Typed {
  readonly name: string;
  readonly schema: JsonObject;
  readonly required: boolean;
}

export interface PythonTypes {
  /** The schema of an annotation; of anything where it is not known. */
  schemaOf(node: SyntaxNode | undefined, module: PythonModule, depth?: number): JsonObject;
  /** What an annotation, a default value and the `Field(…)` in either say of one parameter. */
  typed(
    name: string,
    annotation: SyntaxNode | undefined,
    value: SyntaxNode | undefined,
    module: PythonModule,
    depth?: number,
  ): Typed;
  /** The schema of a model or an enumeration; undefined for other classes. */
  classSchema(bound: Bound, depth: number): JsonObject | undefined;
}

export function openPythonTypes(evaluator: () => PythonEvaluator): PythonTypes {
  const known = (node: SyntaxNode | undefined, module: PythonModule): Json | undefined =>
    toJson(evaluator().evaluate(node, module));

  function schemaOf(node: SyntaxNode | undefined, module: PythonModule, depth = 0): JsonObject {
    if (!node || depth > DEPTH_MAX) return {};
    const inner = (child: SyntaxNode | undefined) => schemaOf(child, module, depth + 1);
    if (node.name === 'None') return { type: 'null' };
    if (node.name === 'BinaryExpression') return union([inner(node.firstChild!), inner(node.lastChild!)]);
    if (node.name === 'ParenthesizedExpression') return inner(childrenOf(node)[1]);
    const [head, ...rest] = childrenOf(node);
    if (node.name === 'MemberExpression' && rest[0]?.name === '[')
      return subscripted(head!, rest.slice(1), module, depth);
    const name = lastName({ node, text: module.text }) ?? '';
    if (Object.hasOwn(PLAIN, name)) return PLAIN[name]!;
    if (LISTS.test(name)) return { type: 'array' };
    if (DICTS.test(name)) return { type: 'object' };
    const bound = evaluator().named(node, module);
    if (bound?.kind === 'class') return classSchema(bound, depth + 1) ?? {};
    // An alias of a type.
    return bound?.kind === 'value' && bound.node.name !== 'String' ? schemaOf(bound.node, bound.module, depth + 1) : {};
  }

  function subscripted(head: SyntaxNode, rest: readonly SyntaxNode[], module: PythonModule, depth: number): JsonObject {
    const name = lastName({ node: head, text: module.text }) ?? '';
    const members = separated(rest).flatMap((group) => (group.length === 1 ? group : []));
    const inner = (node: SyntaxNode | undefined) => schemaOf(node, module, depth + 1);
    if (name === 'Optional') return union([inner(members[0]), { type: 'null' }]);
    if (name === 'Union') return union(members.map(inner));
    if (name === 'Literal') return enumeration(members.map((member) => known(member, module)));
    if (name === 'Annotated') return annotated(members, module, depth);
    if (/^(Required|NotRequired|Final|ClassVar)$/.test(name)) return inner(members[0]);
    if (LISTS.test(name)) return { type: 'array', items: inner(members[0]) };
    if (DICTS.test(name)) {
      const values = inner(members[1]);
      return { type: 'object', ...(Object.keys(values).length > 0 && { additionalProperties: values }) };
    }
    return {};
  }

  function annotated(members: readonly SyntaxNode[], module: PythonModule, depth: number): JsonObject {
    let schema = schemaOf(members[0], module, depth + 1);
    for (const note of members.slice(1)) {
      const said = known(note, module);
      schema =
        typeof said === 'string' ? { ...schema, description: said } : { ...schema, ...field(note, schema, module) };
    }
    return schema;
  }

  /** What `Field(…)` says; nothing for any other expression. */
  function field(node: SyntaxNode | undefined, schema: JsonObject, module: PythonModule): JsonObject {
    if (!isField(node, module)) return {};
    const { named } = argumentsOf(node!.getChild('ArgList'), module.text);
    const said: [string, Json][] = [];
    for (const [key, value] of named) {
      const length = /^(min|max)_(?:length|items)$/.exec(key)?.[1];
      const keyword = length ? `${length}${schema.type === 'array' ? 'Items' : 'Length'}` : BOUNDS[key];
      const json = keyword === undefined ? undefined : known(value, module);
      if (keyword !== undefined && json !== undefined && json !== null) said.push([keyword, json]);
    }
    return Object.fromEntries(said);
  }

  function isField(node: SyntaxNode | undefined, module: PythonModule): boolean {
    return (
      node?.name === 'CallExpression' &&
      /^(Field|Param|Query|Body)$/.test(lastName({ node: node.firstChild!, text: module.text }) ?? '')
    );
  }

  function typed(
    given: string,
    annotation: SyntaxNode | undefined,
    value: SyntaxNode | undefined,
    module: PythonModule,
    depth = 0,
  ): Typed {
    const schema = schemaOf(annotation, module, depth + 1);
    const notes = annotation?.name === 'MemberExpression' ? annotation.getChildren('CallExpression') : [];
    const fields = [value, ...notes].filter((node) => isField(node, module));
    const stated = fields.map((node) => argumentsOf(node!.getChild('ArgList'), module.text));
    const alias = stated
      .map(({ named }) => known(named.get('validation_alias') ?? named.get('alias'), module))
      .find((one) => typeof one === 'string');
    const plain =
      value && !isField(value, module)
        ? value
        : stated
            .map(({ positional, named }) => named.get('default') ?? positional[0])
            .find((one) => one && one.name !== 'Ellipsis');
    const made = stated.some(({ named }) => named.has('default_factory'));
    const initial = known(plain, module);
    return {
      name: typeof alias === 'string' ? alias : given,
      schema: {
        ...schema,
        ...field(value, schema, module),
        ...(plain && initial !== undefined && { default: initial }),
      },
      required: plain === undefined && !made,
    };
  }

  function classSchema(bound: Bound, depth: number): JsonObject | undefined {
    if (bound.kind !== 'class' || depth > DEPTH_MAX) return undefined;
    const { node, module } = bound;
    const parents = argumentsOf(node.getChild('ArgList'), module.text).positional;
    const names = parents.map((parent) => lastName({ node: parent, text: module.text }) ?? '');
    const body = childrenOf(node.getChild('Body') ?? node).filter((one) => one.name === 'AssignStatement');
    if (names.some((name) => /Enum$/.test(name))) return enumeration(body.map((one) => known(one.lastChild!, module)));
    const bases = parents.flatMap((parent): readonly JsonObject[] => {
      const base = evaluator().named(parent, module);
      const schema = base && classSchema(base, depth + 1);
      return schema ? [schema] : [];
    });
    const isModel = names.some((name) => /^(BaseModel|TypedDict|RootModel|BaseSettings)$/.test(name));
    const isData = node.parent
      ?.getChildren('Decorator')
      .some((one) => /dataclass\b/.test(module.text.slice(one.from, one.to)));
    if (!isModel && !isData && bases.length === 0) return undefined;
    const own = body.flatMap((one) => {
      const [first, type] = childrenOf(one);
      if (first?.name !== 'VariableName' || type?.name !== 'TypeDef') return [];
      const name = module.text.slice(first.from, first.to);
      if (name.startsWith('_') || name === 'model_config' || /ClassVar/.test(module.text.slice(type.from, type.to)))
        return [];
      const value = one.getChild('AssignOp') ? one.lastChild! : undefined;
      return [typed(name, childrenOf(type)[1], value, module, depth)];
    });
    return objectOf(own, bases, docstringOf({ node, text: module.text }));
  }

  return { schemaOf, typed, classSchema };
}

/** An object's schema of its fields, after those of the classes that it builds on. */
export function objectOf(
  fields: readonly Typed[],
  bases: readonly JsonObject[] = [],
  description?: string,
): JsonObject {
  const inherited = bases.flatMap((base) => Object.entries((base.properties ?? {}) as JsonObject));
  const properties = Object.fromEntries([...inherited, ...fields.map(({ name, schema }) => [name, schema] as const)]);
  const required = [
    ...new Set([
      ...bases.flatMap((base) => (base.required as string[] | undefined) ?? []),
      ...fields.filter((field) => field.required).map(({ name }) => name),
    ]),
  ];
  return {
    type: 'object',
    ...(description !== undefined && { description }),
    properties,
    ...(required.length > 0 && { required }),
  };
}

function union(members: readonly JsonObject[]): JsonObject {
  const all = members.flatMap((member): readonly Json[] => (Array.isArray(member.anyOf) ? member.anyOf : [member]));
  return { anyOf: all };
}

function enumeration(values: readonly (Json | undefined)[]): JsonObject {
  const all = values.filter((value) => value !== undefined);
  const [first] = all;
  const same = all.every((value) => typeof value === typeof first);
  const type = typeof first === 'string' ? 'string' : typeof first === 'number' ? 'integer' : undefined;
  return { ...(same && type && { type }), enum: all };
}

/** JSON Schema as a value of an expression. */
export function asValue(schema: JsonObject | undefined): Value {
  return schema && asField(schema);
}

function asField(json: Json): Value {
  if (Array.isArray(json)) return json.map(asField);
  if (typeof json !== 'object' || json === null) return json;
  return new Map(Object.entries(json).map(([key, member]) => [key, asField(member)])) as Fields;
}
