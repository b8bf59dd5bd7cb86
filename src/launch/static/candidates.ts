import type { CallExpression, Class, Node, ObjectExpression } from 'oxc-parser';
import type { JsonObject, ToolDefinition } from '#domain/tool.ts';
import type { Evaluator } from './evaluate.ts';
import { keyName, type Scope } from './scope.ts';
import { type Fields, isCallable, isFields, isSchema, schemaOf, toJson, type Value } from './value.ts';
import type { Place } from './walk.ts';

/** Functions that make a tool known: the SDK's and FastMCP's, and what servers call their own around them. */
const REGISTERS =
  /^(tool|registerTool|addTool|defineTool|createTool|registerAppTool|makeTool|mcpTool|(register|add|define|create)\w*Tool|registerToolTask)$/;
/** The keys under which servers keep a tool's input schema, likeliest first. */
const INPUT_KEYS = [
  'inputSchema',
  'input_schema',
  'parameters',
  'paramsSchema',
  'argsSchema',
  'argsShape',
  'inputShape',
  'schema',
  'input',
  'getInputSchema',
];
/** Keys of other things that have a name, a description and a schema: OpenAPI parameters, prompts, resources, commands. */
const OTHER_KEYS = [
  'in',
  'uri',
  'uriTemplate',
  'arguments',
  'mimeType',
  'paths',
  'responses',
  'operationId',
  'options',
];
/** Keys of the above that other things have as well. */
const WEAK_KEYS = new Set(['schema', 'input']);
/** Keys under which a tool's definition stands whose name is elsewhere. */
const NO_NAMES = /^(default|config|definition|tool|spec|schema|meta|metadata|options|info|function|value)$/i;
/** A name that a client can call. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_./:-]{0,127}$/;

/** The tool that a piece of code defines, if it does. */
export function toolAt(place: Place, evaluator: Evaluator): ToolDefinition | undefined {
  const { node, scope, key } = place;
  evaluator.begin();
  switch (node.type) {
    case 'CallExpression':
      return fromCall(node, scope, evaluator);
    case 'ObjectExpression':
      return fromObject(node, scope, key, evaluator);
    default:
      return fromClass(node, scope, evaluator);
  }
}

/** `server.tool(name, description?, shape?, annotations?, run)`, `registerTool(name, {…}, run)` and their like. */
function fromCall(node: CallExpression, scope: Scope, { evaluate }: Evaluator): ToolDefinition | undefined {
  const { callee } = node;
  const name =
    callee.type === 'MemberExpression'
      ? keyName(callee.property, callee.computed)
      : callee.type === 'Identifier'
        ? callee.name
        : undefined;
  if (name === undefined || !REGISTERS.test(name) || node.arguments.length < 2) return undefined;
  // A plain function may take the server first: `registerAppTool(server, name, …)`.
  const isMethod = callee.type === 'MemberExpression';
  const start = isMethod || literalName(node.arguments[0]!, scope, evaluate) !== undefined ? 0 : 1;
  const [first, ...others] = node.arguments.slice(start);
  const toolName = first && literalName(first, scope, evaluate);
  if (toolName === undefined || others.length === 0) return undefined;
  const values = others.map((arg) => (isFunction(arg) ? undefined : evaluate(arg, scope)));
  const config = values.find((value): value is Fields => isFields(value) && isConfig(value));
  const description = values.find((value) => typeof value === 'string');
  if (config) return definition(toolName, config, description);
  const [shape, annotations] = values.filter((value) => isSchema(value) || isFields(value));
  const described = description === undefined ? [] : [['description', description] as const];
  const [input, hints] = isFields(shape) && isAnnotations(shape) ? [undefined, shape] : [shape, annotations];
  if (description === undefined && input === undefined && !others.some(isFunction)) return undefined;
  const fields = new Map<string, Value>([...described, ['inputSchema', input ?? new Map()], ['annotations', hints]]);
  return definition(toolName, fields, undefined);
}

/** `{ name, description, inputSchema }`, or `name: { description, inputSchema }`. */
function fromObject(
  node: ObjectExpression,
  scope: Scope,
  key: string | undefined,
  { evaluate }: Evaluator,
): ToolDefinition | undefined {
  const keys = new Set(
    node.properties.flatMap((property) =>
      property.type === 'Property' ? (keyName(property.key, property.computed) ?? []) : [],
    ),
  );
  const hasInput = INPUT_KEYS.some((name) => keys.has(name));
  if (!keys.has('description') || !hasInput || OTHER_KEYS.some((other) => keys.has(other))) return undefined;
  const fields = evaluate(node, scope);
  if (!isFields(fields)) return undefined;
  const name = keys.has('name') ? fields.get('name') : key;
  // A command line's own commands list their parameters.
  const lists = INPUT_KEYS.some((key) => Array.isArray(fields.get(key)));
  const plain = INPUT_KEYS.some((key) => isPlainlySchema(fields.get(key)));
  if (typeof name !== 'string' || lists || !isConfig(fields)) return undefined;
  if (!plain && !INPUT_KEYS.some((key) => keys.has(key) && !WEAK_KEYS.has(key))) return undefined;
  // Named by its key alone it must be beyond doubt: much else has a description and parameters.
  if (!keys.has('name') && (!plain || NO_NAMES.test(name))) return undefined;
  return definition(name, fields, undefined);
}

/** `class FindTool extends Tool { name = 'find'; description = …; argsShape = … }`. */
function fromClass(node: Class, scope: Scope, { evaluate, result }: Evaluator): ToolDefinition | undefined {
  const parent = node.superClass?.type === 'Identifier' ? node.superClass.name : '';
  if (!/Tool/.test(`${node.id?.name ?? ''} ${parent}`)) return undefined;
  const fields = evaluate(node, scope);
  if (!isFields(fields)) return undefined;
  const name = fields.get('toolName') ?? fields.get('name');
  if (typeof name !== 'string' || typeof fields.get('description') !== 'string') return undefined;
  const called = [...fields].map(
    ([key, value]) => [key, isCallable(value) && INPUT_KEYS.includes(key) ? result(value) : value] as const,
  );
  return definition(name, new Map(called), undefined);
}

function literalName(node: Node, scope: Scope, evaluate: Evaluator['evaluate']): string | undefined {
  const value = isFunction(node) ? undefined : evaluate(node, scope);
  return typeof value === 'string' && NAME.test(value) ? value : undefined;
}

function isFunction(node: Node): boolean {
  return node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression';
}

function isConfig(fields: Fields): boolean {
  const description = fields.get('description');
  return (typeof description === 'string' && INPUT_KEYS.some((name) => fields.has(name))) || isSdkConfig(fields);
}

/** What `registerTool` takes also without a description. */
function isSdkConfig(fields: Fields): boolean {
  return (
    typeof (fields.get('description') ?? fields.get('title')) === 'string' ||
    schemaOf(fields.get('inputSchema')) !== undefined
  );
}

function isPlainlySchema(value: Value): boolean {
  return !(isFields(value) && value.size === 0) && schemaOf(value)?.type === 'object';
}

function isAnnotations(fields: Fields): boolean {
  return fields.size > 0 && [...fields.keys()].every((key) => key === 'title' || key.endsWith('Hint'));
}

function definition(name: string, fields: Fields, described: Value): ToolDefinition | undefined {
  if (!NAME.test(name) || name.includes('…')) return undefined;
  const text = (value: Value) => (typeof value === 'string' ? value : undefined);
  const [inputSchema] = INPUT_KEYS.map((key) => schemaOf(fields.get(key))).filter((schema) => schema !== undefined);
  const title = text(fields.get('title'));
  const description = text(fields.get('description')) ?? text(described);
  const outputSchema = schemaOf(fields.get('outputSchema'));
  const annotations = toJson(fields.get('annotations'));
  return {
    name,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(inputSchema && { inputSchema }),
    ...(outputSchema && { outputSchema }),
    ...(typeof annotations === 'object' &&
      annotations !== null &&
      !Array.isArray(annotations) &&
      Object.keys(annotations).length > 0 && { annotations: annotations as JsonObject }),
  };
}
