import type { CallExpression, Expression, Function as FunctionNode, Node } from 'oxc-parser';
import { callBuiltIn } from './built-in.ts';
import { openClasses } from './classes.ts';
import type { Modules } from './modules.ts';
import { type Budget, openNames, spend } from './names.ts';
import { bindPattern, keyName, newScope, type Scope, selfOf } from './scope.ts';
import { type Callable, type Fields, isCallable, isFields, isSchema, type Value } from './value.ts';
import { makeSchema, refineSchema } from './zod.ts';

/** Says what expressions are, as far as that follows from the source; `undefined` is 'not known'. */
export interface Evaluator {
  evaluate(node: Node, scope: Scope): Value;
  /** What a function returns when it is called without arguments. */
  result(called: Callable): Value;
  /** Forgets how much the last question cost; to be called before each. */
  begin(): void;
}

/** Characters that a computed text may have. */
const TEXT_MAX = 100_000;

export function openEvaluator(modules: Modules): Evaluator {
  const budget: Budget = { steps: 0, depth: 0 };
  const names = openNames(modules, budget, evaluate);
  const classes = openClasses({ evaluate, returned });

  function evaluate(node: Node, scope: Scope): Value {
    if (!spend(budget)) return undefined;
    budget.depth += 1;
    try {
      return look(node, scope);
    } finally {
      budget.depth -= 1;
    }
  }

  function look(node: Node, scope: Scope): Value {
    switch (node.type) {
      case 'Literal':
        return node.value === null || ['string', 'number', 'boolean'].includes(typeof node.value)
          ? (node.value as Value)
          : undefined;
      case 'TemplateLiteral':
        return template(
          node.quasis.map((quasi) => quasi.value.cooked ?? quasi.value.raw),
          node.expressions,
          scope,
        );
      case 'TaggedTemplateExpression':
        return template(
          node.quasi.quasis.map((quasi) => quasi.value.cooked ?? quasi.value.raw),
          node.quasi.expressions,
          scope,
        );
      case 'Identifier':
        return names.named(node.name, scope);
      case 'ThisExpression': {
        const self = selfOf(scope);
        return self && classes.members(self, scope);
      }
      case 'MemberExpression': {
        const key = node.computed ? evaluate(node.property, scope) : keyName(node.property, false);
        return typeof key === 'string' || typeof key === 'number'
          ? names.member(node.object, String(key), scope, () => evaluate(node.object, scope))
          : undefined;
      }
      case 'ObjectExpression':
        return object(node.properties, scope);
      case 'ArrayExpression':
        return node.elements.flatMap((element): readonly Value[] => {
          if (!element) return [];
          if (element.type !== 'SpreadElement') return [evaluate(element, scope)];
          const spread = evaluate(element.argument, scope);
          return Array.isArray(spread) ? spread : [];
        });
      case 'BinaryExpression': {
        if (node.operator !== '+') return undefined;
        const [left, right] = [evaluate(node.left, scope), evaluate(node.right, scope)];
        return typeof left === 'string' && typeof right === 'string' ? (left + right).slice(0, TEXT_MAX) : undefined;
      }
      case 'UnaryExpression': {
        const operand = evaluate(node.argument, scope);
        if (node.operator === '!')
          return typeof operand === 'number' || typeof operand === 'boolean' ? !operand : undefined;
        return node.operator === '-' && typeof operand === 'number' ? -operand : undefined;
      }
      case 'ConditionalExpression':
        return evaluate(node.consequent, scope) ?? evaluate(node.alternate, scope);
      case 'LogicalExpression':
        return evaluate(node.left, scope) ?? evaluate(node.right, scope);
      case 'SequenceExpression':
        return evaluate(node.expressions.at(-1)!, scope);
      case 'AssignmentExpression':
        return evaluate(node.right, scope);
      case 'AwaitExpression':
        return evaluate(node.argument, scope);
      case 'ChainExpression':
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'TSTypeAssertion':
        return evaluate(node.expression, scope);
      case 'CallExpression':
        return call(node, scope);
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        return { kind: 'function', node, scope };
      case 'ClassDeclaration':
      case 'ClassExpression':
        return classes.members(node, scope);
      default:
        return undefined;
    }
  }

  /** Parts that are not known stand as `…`, so that a description is not lost for one number in it. */
  function template(texts: readonly string[], holes: readonly Expression[], scope: Scope): string {
    return texts
      .map((text, index) => {
        const hole = holes[index] && evaluate(holes[index], scope);
        return text + (index >= holes.length ? '' : typeof hole === 'string' || typeof hole === 'number' ? hole : '…');
      })
      .join('')
      .slice(0, TEXT_MAX);
  }

  function object(properties: readonly Node[], scope: Scope): Fields {
    const fields = new Map<string, Value>();
    for (const property of properties)
      if (property.type === 'SpreadElement') {
        const spread = evaluate(property.argument, scope);
        if (isFields(spread)) for (const [key, value] of spread) fields.set(key, value);
      } else if (property.type === 'Property') {
        const key = property.computed ? evaluate(property.key, scope) : keyName(property.key, false);
        const value =
          property.kind === 'get' ? returned(property.value as FunctionNode, scope) : evaluate(property.value, scope);
        if (typeof key === 'string' || typeof key === 'number') fields.set(String(key), value);
      }
    return fields;
  }

  function call(node: CallExpression, scope: Scope): Value {
    const callee = node.callee.type === 'SequenceExpression' ? node.callee.expressions.at(-1)! : node.callee;
    const args = () => node.arguments.map((arg) => (arg.type === 'SpreadElement' ? undefined : evaluate(arg, scope)));
    if (callee.type === 'MemberExpression' && !callee.computed && callee.property.type === 'Identifier') {
      const method = callee.property.name;
      const self = evaluate(callee.object, scope);
      if (isSchema(self)) return refineSchema(self, method, args());
      const built = callBuiltIn(callee.object, method, self, args);
      if (built.done) return built.value;
      return makeSchema(method, args) ?? apply(callee, node, scope);
    }
    if (callee.type === 'Identifier' && /^zodToJsonSchema|^toJSONSchema/i.test(callee.name)) return args()[0];
    return apply(callee, node, scope);
  }

  /** What a call of a function gives whose body only returns something; one that wraps an object gives the object. */
  function apply(callee: Node, node: CallExpression, scope: Scope): Value {
    const target = evaluate(callee, scope);
    if (isCallable(target)) {
      const inner = newScope(target.scope);
      for (const [index, parameter] of target.node.params.entries()) {
        const arg = node.arguments[index];
        const given =
          arg && arg.type !== 'SpreadElement' ? ({ kind: 'expression', node: arg, scope } as const) : undefined;
        bindPattern(inner, parameter, given);
      }
      const value = returned(target.node, inner);
      if (value !== undefined) return value;
    }
    const [only] = node.arguments;
    const wrapped =
      node.arguments.length === 1 && only && only.type !== 'SpreadElement' ? evaluate(only, scope) : undefined;
    return isFields(wrapped) || isSchema(wrapped) ? wrapped : undefined;
  }

  function returned(node: Callable['node'], scope: Scope): Value {
    if (node.type === 'ArrowFunctionExpression' && node.expression) return evaluate(node.body, scope);
    const last = node.body?.type === 'BlockStatement' ? node.body.body.at(-1) : undefined;
    return last?.type === 'ReturnStatement' && last.argument ? evaluate(last.argument, scope) : undefined;
  }

  return {
    evaluate,
    result: ({ node, scope }) => returned(node, scope),
    begin() {
      budget.steps = 0;
      budget.depth = 0;
      classes.forget();
    },
  };
}
