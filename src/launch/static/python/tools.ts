import type { SyntaxNode } from '@lezer/common';
import type { JsonObject, ToolDefinition } from '#domain/tool.ts';
import { isFields, schemaOf, toJson, type Value } from '../value.ts';
import type { PythonEvaluator } from './evaluate.ts';
import type { PythonModule } from './modules.ts';
import { argumentsOf, childrenOf, docstringOf, lastName, separated } from './syntax.ts';
import { objectOf, type PythonTypes } from './types.ts';

/** Names that a tool can have; a text that is not wholly known is none. */
const NAME = /^[\w./:-]{1,200}$/;
/** Parameters that the framework fills in. */
const INJECTED = /^(Context|MCPContext|RunContext|Request|RequestContext|CurrentContext)$/;
/** Decorators of other frameworks that are called the same. */
const OTHERS = /^(agent|\w+_agent|llm|chat|crew)$/i;

export interface ToolReader {
  /** The tool that a node of a file defines; undefined where it defines none. */
  toolAt(node: SyntaxNode, module: PythonModule): ToolDefinition | undefined;
}

/** Reads tools in the ways in which Python servers define them: decorated functions, `Tool(…)`, and dictionaries. */
export function openToolReader({ evaluate, named }: PythonEvaluator, types: PythonTypes): ToolReader {
  function toolAt(node: SyntaxNode, module: PythonModule): ToolDefinition | undefined {
    if (node.name === 'DecoratedStatement') return decorated(node, module);
    if (node.name === 'CallExpression') return fromCall(node, module) ?? registered(node, module);
    return node.name === 'DictionaryExpression' ? fromDictionary(node, module) : undefined;
  }

  /** `@mcp.tool(…)` above a function. */
  function decorated(statement: SyntaxNode, module: PythonModule): ToolDefinition | undefined {
    const target = statement.getChild('FunctionDefinition');
    if (!target) return undefined;
    for (const decorator of statement.getChildren('Decorator')) {
      const parts = decorator.getChildren('VariableName').map((part) => module.text.slice(part.from, part.to));
      const isTool = parts.length > 1 ? parts.at(-1) === 'tool' : isImportedTool(parts[0], module);
      if (!isTool || OTHERS.test(parts.at(-2) ?? '')) continue;
      return fromFunction(target, module, argumentsOf(decorator.getChild('ArgList'), module.text), module);
    }
    return undefined;
  }

  /** A bare `@tool` counts where it comes from an MCP framework. */
  function isImportedTool(name: string | undefined, module: PythonModule): boolean {
    return name === 'tool' && /from\s+(fastmcp|mcp|mcp_use|arcade)[\w.]*\s+import\s[^\n]*\btool\b/.test(module.text);
  }

  function fromFunction(
    target: SyntaxNode,
    module: PythonModule,
    { positional, named: options }: ReturnType<typeof argumentsOf>,
    at: PythonModule,
  ): ToolDefinition | undefined {
    const own = target.getChild('VariableName')!;
    const stated = options.get('name') ?? positional.find((one) => /String$|Expression$|VariableName/.test(one.name));
    const name = stated ? evaluate(stated, at) : module.text.slice(own.from, own.to);
    const description = evaluate(options.get('description'), at) ?? docstringOf({ node: target, text: module.text });
    return definition(name, {
      description,
      title: evaluate(options.get('title'), at),
      annotations: evaluate(options.get('annotations'), at),
      inputSchema: parameters(target, module),
    });
  }

  /** The input of a function: its parameters, but for `self` and what the framework gives it. */
  function parameters(target: SyntaxNode, module: PythonModule): JsonObject {
    const list = target.getChild('ParamList');
    const groups = separated(list ? childrenOf(list).slice(1) : []);
    const fields = groups.flatMap((group, index) => {
      const [first, second] = group;
      if (first?.name !== 'VariableName') return [];
      const name = module.text.slice(first.from, first.to);
      const type = second?.name === 'TypeDef' ? childrenOf(second)[1] : undefined;
      const value = group.some((one) => one.name === 'AssignOp') ? group.at(-1) : undefined;
      if ((index === 0 && /^(self|cls)$/.test(name)) || isInjected(type, value, module)) return [];
      return [types.typed(name, type, value, module)];
    });
    return objectOf(fields);
  }

  function isInjected(type: SyntaxNode | undefined, value: SyntaxNode | undefined, module: PythonModule): boolean {
    const text = type ? module.text.slice(type.from, type.to) : '';
    const [head = ''] = text.replace(/^(?:\w+\.)*Optional\[/, '').split(/[[|\s\]]/);
    const given =
      value?.name === 'CallExpression' ? (lastName({ node: value.firstChild!, text: module.text }) ?? '') : '';
    return INJECTED.test(head.split('.').at(-1)!) || /^(Depends|CurrentContext)$/.test(given);
  }

  /** `types.Tool(name=…, description=…, inputSchema=…)`. */
  function fromCall(node: SyntaxNode, module: PythonModule): ToolDefinition | undefined {
    if (!/^(Tool|MCPTool|McpTool)$/.test(lastName({ node: node.firstChild!, text: module.text }) ?? ''))
      return undefined;
    const { named: options } = argumentsOf(node.getChild('ArgList'), module.text);
    // Other libraries' tools are made with what they call.
    if (['func', 'function', 'coroutine', 'function_declarations', 'google_search'].some((key) => options.has(key)))
      return undefined;
    const schema = options.get('inputSchema') ?? options.get('input_schema') ?? options.get('parameters');
    if (!schema && !options.has('description')) return undefined;
    return definition(evaluate(options.get('name'), module), {
      description: evaluate(options.get('description'), module),
      title: evaluate(options.get('title'), module),
      annotations: evaluate(options.get('annotations'), module),
      inputSchema: schemaOf(evaluate(schema, module)),
      outputSchema: schemaOf(evaluate(options.get('outputSchema'), module)),
    });
  }

  /** `mcp.add_tool(function)`, `mcp.tool(…)(function)`, `Tool.from_function(function)`. */
  function registered(node: SyntaxNode, module: PythonModule): ToolDefinition | undefined {
    const callee = node.firstChild!;
    const outer = argumentsOf(node.getChild('ArgList'), module.text);
    const [first] = outer.positional;
    const bound = first && /^(VariableName|MemberExpression)$/.test(first.name) ? named(first, module) : undefined;
    if (bound?.kind !== 'function') return undefined;
    const applied = callee.name === 'CallExpression' ? callee : undefined;
    const how = applied ? applied.firstChild! : callee;
    const text = module.text.slice(how.from, how.to);
    if (
      !(applied ? /\.tool$/ : /\.(add_tool|from_function|tool)$/).test(text) ||
      OTHERS.test(text.split('.').at(-2) ?? '')
    )
      return undefined;
    const options = applied
      ? argumentsOf(applied.getChild('ArgList'), module.text)
      : { ...outer, positional: outer.positional.slice(1) };
    return fromFunction(bound.node, bound.module, options, module);
  }

  /** `{"name": …, "description": …, "inputSchema": …}`. */
  function fromDictionary(node: SyntaxNode, module: PythonModule): ToolDefinition | undefined {
    const text = module.text.slice(node.from, Math.min(node.to, node.from + 20_000));
    if (!/["'](inputSchema|input_schema)["']/.test(text) || !/["']name["']/.test(text)) return undefined;
    const fields = evaluate(node, module);
    if (!isFields(fields)) return undefined;
    const inputSchema = schemaOf(fields.get('inputSchema') ?? fields.get('input_schema'));
    if (!inputSchema || typeof fields.get('description') !== 'string') return undefined;
    return definition(fields.get('name'), {
      description: fields.get('description'),
      title: fields.get('title'),
      annotations: fields.get('annotations'),
      inputSchema,
    });
  }

  return { toolAt };
}

function definition(
  name: Value,
  said: {
    readonly description: Value;
    readonly title: Value;
    readonly annotations: Value;
    readonly inputSchema: JsonObject | undefined;
    readonly outputSchema?: JsonObject | undefined;
  },
): ToolDefinition | undefined {
  if (typeof name !== 'string' || !NAME.test(name)) return undefined;
  const { inputSchema, outputSchema } = said;
  const annotations = isFields(said.annotations) && said.annotations.size > 0 ? toJson(said.annotations) : undefined;
  return {
    name,
    ...(typeof said.title === 'string' && { title: said.title }),
    ...(typeof said.description === 'string' && { description: said.description }),
    ...(inputSchema && { inputSchema }),
    ...(outputSchema && { outputSchema }),
    ...(annotations !== undefined && { annotations: annotations as JsonObject }),
  };
}
