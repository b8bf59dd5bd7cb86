import type { SyntaxNode } from '@lezer/common';
import { type Fields, isFields, type Value } from '../value.ts';
import type { Bound, PythonModule, PythonModules } from './modules.ts';
import { argumentsOf, childrenOf, cleaned, lastName, separated, unquote } from './syntax.ts';

export interface PythonEvaluator {
  readonly modules: PythonModules;
  /** What an expression is known to be without running it. What is not known of a text is `…`. */
  evaluate(node: SyntaxNode | null | undefined, module: PythonModule, depth?: number): Value;
  /** What a dotted expression names. */
  named(node: SyntaxNode, module: PythonModule): Bound | undefined;
}

/** Levels of nesting, of expressions and of names that stand for others, that are looked into. */
const DEPTH_MAX = 40;
const UNKNOWN = '…';

/** Evaluates literals, names that are assigned once, members of enumerations, and the few calls that shape texts. */
export function openPythonEvaluator(
  modules: PythonModules,
  schemaOfClass: (bound: Bound, depth: number) => Value,
): PythonEvaluator {
  function evaluate(node: SyntaxNode | null | undefined, module: PythonModule, depth = 0): Value {
    if (!node || depth > DEPTH_MAX) return undefined;
    const text = module.text.slice(node.from, node.to);
    const inner = (child: SyntaxNode | null | undefined) => evaluate(child, module, depth + 1);
    switch (node.name) {
      case 'String':
        return unquote(text);
      case 'ContinuedString':
        return joined(childrenOf(node).map(inner));
      case 'FormatString':
        return formatted(node, module, depth);
      case 'Number':
        return /^[\d_.eE+-]+$/.test(text) ? Number(text.replaceAll('_', '')) : undefined;
      case 'Boolean':
        return text === 'True';
      case 'None':
        return null;
      case 'ParenthesizedExpression':
        return inner(childrenOf(node)[1]);
      case 'ArrayExpression':
      case 'TupleExpression':
      case 'SetExpression':
        return separated(childrenOf(node).slice(1)).flatMap((group) => spread(group, inner));
      case 'DictionaryExpression':
        return dictionary(node, inner);
      case 'UnaryExpression': {
        const value = inner(node.lastChild);
        return text.startsWith('-') && typeof value === 'number' ? -value : undefined;
      }
      case 'BinaryExpression':
        return combined(node, inner, module);
      case 'VariableName':
      case 'MemberExpression':
        return fromName(node, module, depth);
      case 'CallExpression':
        return called(node, module, depth);
      default:
        return undefined;
    }
  }

  function formatted(node: SyntaxNode, module: PythonModule, depth: number): Value {
    const raw = module.text.slice(node.from, node.to);
    let said = '';
    let at = 0;
    for (const part of node.getChildren('FormatReplacement')) {
      const value = evaluate(childrenOf(part)[1], module, depth + 1);
      said += raw.slice(at, part.from - node.from);
      // Escaped once more, since the whole is about to be unquoted.
      said +=
        typeof value === 'string' ? value.replace(/[\\"']/g, '\\$&') : typeof value === 'number' ? value : UNKNOWN;
      at = part.to - node.from;
    }
    return unquote(
      (said + raw.slice(at))
        .replace(/^([a-z]*)f([a-z]*)/i, '$1$2')
        .replaceAll('{{', '{')
        .replaceAll('}}', '}'),
    );
  }

  function named(node: SyntaxNode, module: PythonModule): Bound | undefined {
    if (node.name === 'VariableName') return modules.lookUp(module.text.slice(node.from, node.to), node, module);
    if (node.name !== 'MemberExpression' || node.lastChild?.name !== 'PropertyName') return undefined;
    const owner = named(node.firstChild!, module);
    const name = module.text.slice(node.lastChild.from, node.lastChild.to);
    if (owner?.kind === 'module') return modules.member(owner.module, name);
    const body = owner?.kind === 'class' ? owner.node.getChild('Body') : undefined;
    const statement =
      body &&
      childrenOf(body).find(
        (one) => one.name === 'AssignStatement' && owner!.module.text.slice(one.from, one.firstChild!.to) === name,
      );
    return statement?.lastChild && owner?.kind === 'class'
      ? { kind: 'value', node: statement.lastChild, module: owner.module }
      : undefined;
  }

  function fromName(node: SyntaxNode, module: PythonModule, depth: number): Value {
    const bound = named(node, module);
    if (bound?.kind === 'value') return evaluate(bound.node, bound.module, depth + 1);
    if (node.name !== 'MemberExpression') return undefined;
    const [object, , key] = childrenOf(node);
    // `Color.RED.value` is what RED is.
    if (lastName({ node, text: module.text }) === 'value' && object) return evaluate(object, module, depth + 1);
    const owner = evaluate(object, module, depth + 1);
    const index = evaluate(key, module, depth + 1);
    if (isFields(owner) && typeof index === 'string') return owner.get(index);
    return Array.isArray(owner) && typeof index === 'number' ? owner[index] : undefined;
  }

  function called(node: SyntaxNode, module: PythonModule, depth: number): Value {
    const callee = node.firstChild!;
    const name = lastName({ node: callee, text: module.text }) ?? '';
    const { positional, named: options } = argumentsOf(node.getChild('ArgList'), module.text);
    const inner = (child: SyntaxNode | null | undefined) => evaluate(child, module, depth + 1);
    if (/^(model_json_schema|schema)$/.test(name)) {
      const owner = named(callee.firstChild!, module);
      return owner && schemaOfClass(owner, depth + 1);
    }
    if (/^(dedent|cleandoc)$/.test(name)) return shaped(inner(positional[0]), cleaned);
    if (/^(strip|lstrip|rstrip|format)$/.test(name) && callee.name === 'MemberExpression')
      return shaped(inner(callee.firstChild), (said) => (name === 'format' ? said : said.trim()));
    if (name === 'dict' || /^ToolAnnotations$/.test(name))
      return new Map([...options].map(([key, value]) => [key, inner(value)] as const));
    return undefined;
  }

  return { modules, evaluate, named };
}

function shaped(value: Value, shape: (text: string) => string): Value {
  return typeof value === 'string' ? shape(value) : undefined;
}

function joined(parts: readonly Value[]): Value {
  return parts.some((part) => typeof part === 'string')
    ? parts.map((part) => (typeof part === 'string' ? part : UNKNOWN)).join('')
    : undefined;
}

/** An element, or all of a list that is unpacked there. */
function spread(group: readonly SyntaxNode[], inner: (node: SyntaxNode) => Value): readonly Value[] {
  const value = inner(group.at(-1)!);
  if (group.length === 1) return [value];
  return group[0]!.name === '*' && Array.isArray(value) ? value : [];
}

function dictionary(node: SyntaxNode, inner: (node: SyntaxNode) => Value): Fields {
  const fields = new Map<string, Value>();
  for (const group of separated(childrenOf(node).slice(1))) {
    const value = inner(group.at(-1)!);
    if (group[0]!.name === '**') for (const [key, member] of isFields(value) ? value : []) fields.set(key, member);
    else if (group[1]?.name === ':') {
      const key = inner(group[0]!);
      if (typeof key === 'string') fields.set(key, value);
    }
  }
  return fields;
}

function combined(node: SyntaxNode, inner: (node: SyntaxNode | null) => Value, module: PythonModule): Value {
  const [left, right] = [inner(node.firstChild), inner(node.lastChild)];
  const operator = childrenOf(node)[1];
  const sign = operator ? module.text.slice(operator.from, operator.to) : '';
  if (sign === '+' && Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
  if (sign === '|' && isFields(left) && isFields(right)) return new Map([...left, ...right]);
  return sign === '+' ? joined([left, right]) : undefined;
}
