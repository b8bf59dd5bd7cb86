import type { Class, Expression, Function as FunctionNode, Node } from 'oxc-parser';
import { keyName, newScope, type Scope } from './scope.ts';
import { type Callable, type Fields, isFields, type Value } from './value.ts';

/** What classes hold. */
export interface Classes {
  /** Fields, getters and methods: inherited, own and static ones, also where a compiler made assignments of them. */
  members(node: Class, scope: Scope): Fields;
  /** Forgets what was found for one question. */
  forget(): void;
}

export function openClasses(evaluator: {
  readonly evaluate: (node: Node, scope: Scope) => Value;
  readonly returned: (node: Callable['node'], scope: Scope) => Value;
}): Classes {
  const { evaluate, returned } = evaluator;
  const known = new Map<Class, Fields>();

  function members(node: Class, scope: Scope): Fields {
    const already = known.get(node);
    if (already) return already;
    const fields = new Map<string, Value>();
    // Before it is full, so that fields that use one another come to an end.
    known.set(node, fields);
    const parent = node.superClass && evaluate(node.superClass, scope);
    if (isFields(parent)) for (const [key, value] of parent) fields.set(key, value);
    const inner = newScope(scope, node);
    for (const element of node.body.body) {
      if (element.type !== 'PropertyDefinition' && element.type !== 'MethodDefinition') continue;
      const key = keyName(element.key, element.computed);
      if (key === undefined || !element.value) continue;
      const getter = element.type === 'MethodDefinition' && element.kind === 'get';
      if (key !== 'constructor')
        fields.set(key, getter ? returned(element.value as FunctionNode, inner) : evaluate(element.value, inner));
      else for (const [name, value] of ownAssignments(element.value)) fields.set(name, evaluate(value, inner));
    }
    for (const [name, binding] of scope.module.statics.get(node) ?? [])
      if (binding.kind === 'expression') fields.set(name, evaluate(binding.node, binding.scope));
    return fields;
  }

  return { members, forget: () => known.clear() };
}

/** `this.a = …` directly in the body of a constructor. */
function ownAssignments(method: Node): readonly (readonly [string, Expression])[] {
  const body = method.type === 'FunctionExpression' ? (method.body?.body ?? []) : [];
  return body.flatMap((statement) => {
    if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression') return [];
    const { left, right } = statement.expression;
    if (left.type !== 'MemberExpression' || left.object.type !== 'ThisExpression') return [];
    const key = keyName(left.property, left.computed);
    return key === undefined ? [] : [[key, right] as const];
  });
}
