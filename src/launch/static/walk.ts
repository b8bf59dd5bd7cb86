import { type CallExpression, type Class, type Node, type ObjectExpression, visitorKeys } from 'oxc-parser';
import { bindPattern, keyName, lookUp, newScope, type Scope } from './scope.ts';

/** A piece of code that may define a tool, and where it stands. */
export interface Place<T extends Node = CallExpression | ObjectExpression | Class> {
  readonly node: T;
  readonly scope: Scope;
  /** The name of the property whose value it is. */
  readonly key?: string;
}

/** Nodes looked at in one file: bundles of 6 MB have about 2 million. */
const NODES_MAX = 4_000_000;

interface Visit {
  readonly node: Node;
  readonly scope: Scope;
  readonly key?: string;
}

/**
 * One pass over a file: fills the scopes with what names stand for, records exports and imports in the module, and answers
 * the calls, objects and classes in order. The stack is our own, so that deep nesting costs memory, not the process.
 */
export function walk(root: Node, top: Scope): readonly Place[] {
  const places: Place[] = [];
  const assigned: Visit[] = [];
  const stack: Visit[] = [{ node: root, scope: top }];
  let left = NODES_MAX;
  for (let visit = stack.pop(); visit && left > 0; visit = stack.pop(), left -= 1) {
    const { node, scope, key } = visit;
    if (node.type === 'CallExpression' || node.type === 'ObjectExpression')
      places.push({ node, scope, ...(key !== undefined && { key }) });
    else if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') places.push({ node, scope });
    else if (node.type === 'AssignmentExpression') assigned.push(visit);
    else if (node.type.startsWith('TS') && /Type|Interface/.test(node.type)) continue;
    const inner = declare(node, scope);
    const children: Visit[] = [];
    for (const name of visitorKeys[node.type] ?? []) {
      const child = (node as unknown as Record<string, Node | (Node | null)[] | null>)[name];
      const property = keyFor(visit, name);
      for (const one of Array.isArray(child) ? child : [child])
        if (one) children.push({ node: one, scope: inner, ...(property !== undefined && { key: property }) });
    }
    stack.push(...children.reverse());
  }
  for (const { node, scope } of assigned) assign(node, scope);
  return places;
}

/** The key that a child stands under: a property's value, also through one call around it (`find: tool({ … })`). */
function keyFor({ node, key }: Visit, child: string): string | undefined {
  if (node.type === 'Property' && child === 'value') return keyName(node.key, node.computed);
  return node.type === 'CallExpression' && child === 'arguments' && node.arguments.length === 1 ? key : undefined;
}

/** Notes what a node declares; answers the scope of what is inside it. */
function declare(node: Node, scope: Scope): Scope {
  switch (node.type) {
    case 'VariableDeclarator':
      bindPattern(scope, node.id, node.init ? { kind: 'expression', node: node.init, scope } : { kind: 'opaque' });
      return scope;
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression': {
      if (node.type === 'FunctionDeclaration' && node.id)
        scope.names.set(node.id.name, { kind: 'expression', node, scope });
      const inner = newScope(scope);
      for (const parameter of node.params) bindPattern(inner, parameter);
      return inner;
    }
    case 'ClassDeclaration':
    case 'ClassExpression':
      if (node.id) scope.names.set(node.id.name, { kind: 'expression', node, scope });
      return newScope(scope, node);
    case 'BlockStatement':
    case 'ForStatement':
    case 'ForOfStatement':
    case 'ForInStatement':
    case 'CatchClause':
    case 'StaticBlock':
      return newScope(scope);
    case 'TSEnumDeclaration': {
      const members = node.body.members.flatMap(({ id, initializer }) =>
        initializer?.type === 'Literal' &&
        typeof initializer.value === 'string' &&
        (id.type === 'Identifier' || id.type === 'Literal')
          ? [[id.type === 'Identifier' ? id.name : String(id.value), initializer.value] as const]
          : [],
      );
      scope.names.set(node.id.name, { kind: 'value', value: new Map(members) });
      return scope;
    }
    case 'ImportDeclaration':
      scope.module.imports.add(node.source.value);
      for (const specifier of node.specifiers) {
        const name =
          specifier.type === 'ImportSpecifier'
            ? specifier.imported.type === 'Identifier'
              ? specifier.imported.name
              : specifier.imported.value
            : specifier.type === 'ImportDefaultSpecifier'
              ? 'default'
              : '*';
        scope.names.set(specifier.local.name, { kind: 'import', from: node.source.value, name });
      }
      return scope;
    case 'ExportNamedDeclaration':
    case 'ExportDefaultDeclaration':
    case 'ExportAllDeclaration':
      noteExport(node, scope);
      return scope;
    case 'CallExpression':
    case 'ImportExpression': {
      const source = node.type === 'ImportExpression' ? node.source : node.arguments[0];
      const requires =
        node.type === 'ImportExpression' || (node.callee.type === 'Identifier' && node.callee.name === 'require');
      if (requires && source?.type === 'Literal' && typeof source.value === 'string')
        scope.module.imports.add(source.value);
      return scope;
    }
    default:
      return scope;
  }
}

function noteExport(node: Extract<Node, { type: `Export${string}` }>, scope: Scope): void {
  const { exports, imports, passes } = scope.module;
  if (node.type === 'ExportAllDeclaration') {
    imports.add(node.source.value);
    if (!node.exported) passes.push(node.source.value);
    else if (node.exported.type === 'Identifier')
      exports.set(node.exported.name, { kind: 'import', from: node.source.value, name: '*' });
  } else if (node.type === 'ExportDefaultDeclaration') {
    const { declaration } = node;
    if (!declaration.type.startsWith('TS'))
      exports.set('default', { kind: 'expression', node: declaration as never, scope });
  } else if (node.type === 'ExportNamedDeclaration') {
    if (node.source) imports.add(node.source.value);
    for (const { local, exported } of node.specifiers) {
      const [from, to] = [local, exported].map((name) => (name.type === 'Literal' ? name.value : name.name)) as [
        string,
        string,
      ];
      if (node.source) exports.set(to, { kind: 'import', from: node.source.value, name: from });
      else if (local.type === 'Identifier') exports.set(to, { kind: 'expression', node: local as never, scope });
    }
    // What `export const` declares is found under its own name in the module's scope.
  }
}

/** `exports.a = …`, `module.exports = …`, and a variable that is declared first and filled later, as bundlers write it. */
function assign(node: Node, scope: Scope): void {
  if (node.type !== 'AssignmentExpression' || node.operator !== '=') return;
  const { left, right } = node;
  const value = { kind: 'expression', node: right, scope } as const;
  if (left.type === 'Identifier') {
    for (let at: Scope | undefined = scope; at; at = at.parent)
      if (at.names.get(left.name)?.kind === 'opaque') {
        at.names.set(left.name, value);
        return;
      } else if (at.names.has(left.name)) return;
  }
  if (left.type !== 'MemberExpression' || left.property.type !== 'Identifier' || left.computed) return;
  const { object, property } = left;
  const owner = object.type === 'Identifier' ? lookUp(scope, object.name) : undefined;
  if (
    owner?.kind === 'expression' &&
    (owner.node.type === 'ClassDeclaration' || owner.node.type === 'ClassExpression')
  ) {
    const { statics } = scope.module;
    statics.set(owner.node, (statics.get(owner.node) ?? new Map()).set(property.name, value));
  }
  if (object.type === 'Identifier' && object.name === 'module' && property.name === 'exports')
    scope.module.exports.set('*', value);
  const ofExports =
    (object.type === 'Identifier' && object.name === 'exports') ||
    (object.type === 'MemberExpression' && object.property.type === 'Identifier' && object.property.name === 'exports');
  // TypeScript writes `exports.a = void 0` first.
  if (ofExports && right.type !== 'UnaryExpression') scope.module.exports.set(property.name, value);
}
