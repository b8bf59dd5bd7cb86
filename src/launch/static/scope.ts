import type { Class, Expression, Function as FunctionNode, Node, ParamPattern } from 'oxc-parser';
import type { Module } from './modules.ts';
import type { Value } from './value.ts';

/** What a name stands for. */
export type Binding =
  | { readonly kind: 'expression'; readonly node: Expression | FunctionNode | Class; readonly scope: Scope }
  /** A member of what an expression is, as `const { a } = b` takes it. */
  | { readonly kind: 'member'; readonly of: Binding; readonly key: string }
  | { readonly kind: 'import'; readonly from: string; readonly name: string }
  | { readonly kind: 'value'; readonly value: Value }
  /** Declared, but what it holds is not to be seen: parameters, loop variables. */
  | { readonly kind: 'opaque' };

export interface Scope {
  readonly module: Module;
  readonly parent: Scope | undefined;
  readonly names: Map<string, Binding>;
  /** The class whose body this is, for `this`. */
  readonly self?: Class;
}

export function newScope(parent: Scope, self?: Class): Scope {
  return { module: parent.module, parent, names: new Map(), ...(self && { self }) };
}

/** The binding of a name, seen from a scope outwards. */
export function lookUp(scope: Scope, name: string): Binding | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const found = at.names.get(name);
    if (found) return found;
  }
  return undefined;
}

/** The class that `this` means in a scope. */
export function selfOf(scope: Scope): Class | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) if (at.self) return at.self;
  return undefined;
}

/** The static name of a property or member, if it has one. */
export function keyName(key: Node, computed: boolean): string | undefined {
  if (key.type === 'Identifier' && !computed) return key.name;
  if (key.type === 'PrivateIdentifier') return `#${key.name}`;
  if (key.type === 'Literal' && (typeof key.value === 'string' || typeof key.value === 'number'))
    return String(key.value);
  return undefined;
}

/** Binds every name of a pattern: to parts of `of`, or opaquely where nothing is known of it. */
export function bindPattern(scope: Scope, pattern: ParamPattern | Node, of: Binding = { kind: 'opaque' }): void {
  switch (pattern.type) {
    case 'Identifier':
      scope.names.set(pattern.name, of);
      break;
    case 'AssignmentPattern':
      bindPattern(scope, pattern.left, of.kind === 'opaque' ? { kind: 'expression', node: pattern.right, scope } : of);
      break;
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        if (property.type === 'RestElement') {
          bindPattern(scope, property.argument);
          continue;
        }
        const key = keyName(property.key, property.computed);
        const known = key !== undefined && of.kind !== 'opaque';
        bindPattern(scope, property.value, known ? { kind: 'member', of, key } : { kind: 'opaque' });
      }
      break;
    case 'ArrayPattern':
      for (const element of pattern.elements)
        if (element) bindPattern(scope, element.type === 'RestElement' ? element.argument : element);
      break;
    case 'RestElement':
      bindPattern(scope, pattern.argument);
      break;
    case 'TSParameterProperty':
      bindPattern(scope, pattern.parameter);
  }
}
