import type { Node } from 'oxc-parser';
import type { Module, Modules } from './modules.ts';
import { type Binding, lookUp, type Scope } from './scope.ts';
import { isFields, isSchema, type Value } from './value.ts';

/** How much one question may cost: a real tool takes a few hundred steps, hostile code has no end. */
export interface Budget {
  steps: number;
  depth: number;
}

/** Expressions looked at for one question, and levels of nesting. */
const STEPS_MAX = 20_000;
const DEPTH_MAX = 80;

/** Takes one step; false once there is none left. */
export function spend(budget: Budget): boolean {
  budget.steps += 1;
  return budget.steps <= STEPS_MAX && budget.depth <= DEPTH_MAX;
}

/** What names hold, in their own file and across the files of a package. */
export interface Names {
  /** What a name is, seen from a scope. */
  named(name: string, scope: Scope): Value;
  /** What `object.key` is; `whole` says what the object is where it is no module. */
  member(object: Node, key: string, scope: Scope, whole: () => Value): Value;
}

export function openNames(modules: Modules, budget: Budget, evaluate: (node: Node, scope: Scope) => Value): Names {
  function named(name: string, scope: Scope): Value {
    const binding = lookUp(scope, name);
    return binding?.kind === 'import' ? exported(binding.from, binding.name, scope.module) : held(binding);
  }

  function member(object: Node, key: string, scope: Scope, whole: () => Value): Value {
    if (object.type === 'Identifier') {
      const binding = lookUp(scope, object.name);
      const required = binding?.kind === 'expression' ? requiredBy(binding.node) : undefined;
      if (binding?.kind === 'import' && binding.name === '*') return exported(binding.from, key, scope.module);
      if (required !== undefined) return exported(required, key, scope.module);
      if (object.name === 'exports') return held(scope.module.exports.get(key));
    }
    return part(whole(), key);
  }

  function held(binding: Binding | undefined): Value {
    if (!spend(budget)) return undefined;
    switch (binding?.kind) {
      case 'value':
        return binding.value;
      case 'expression':
        return evaluate(binding.node, binding.scope);
      case 'member': {
        const { of, key } = binding;
        const required = of.kind === 'expression' ? requiredBy(of.node) : undefined;
        return required !== undefined && of.kind === 'expression'
          ? exported(required, key, of.scope.module)
          : part(held(of), key);
      }
      default:
        return undefined;
    }
  }

  function exported(specifier: string, name: string, from: Module): Value {
    const found = exportOf(specifier, name, from);
    return found && held(found);
  }

  /** The binding behind an exported name, followed through modules that pass it on. */
  function exportOf(specifier: string, name: string, from: Module): Binding | undefined {
    if (!spend(budget)) return undefined;
    const path = modules.resolve(specifier, from);
    const module = path === undefined ? undefined : modules.load(path);
    if (!module) return undefined;
    budget.depth += 1;
    try {
      const whole = module.exports.get('*');
      if (name === '*' || (name === 'default' && !module.exports.has('default'))) return whole ?? namespace(module);
      const own = module.exports.get(name) ?? module.top.names.get(name);
      if (own?.kind === 'import') return exportOf(own.from, own.name, module);
      if (own) return own;
      if (whole) return { kind: 'member', of: whole, key: name };
      for (const passed of module.passes) {
        const found = exportOf(passed, name, module);
        if (found) return found;
      }
      return undefined;
    } finally {
      budget.depth -= 1;
    }
  }

  function namespace(module: Module): Binding {
    return { kind: 'value', value: new Map([...module.exports].map(([key, binding]) => [key, held(binding)])) };
  }

  return { named, member };
}

function part(value: Value, key: string): Value {
  if (isFields(value)) return value.get(key);
  if (isSchema(value)) return key === 'shape' ? value.fields : key === 'enum' ? value : undefined;
  if (Array.isArray(value)) return /^\d+$/.test(key) ? value[Number(key)] : undefined;
  return undefined;
}

/** The specifier of `require('…')`, also inside the helpers that compilers put around it. */
function requiredBy(node: Node): string | undefined {
  if (node.type !== 'CallExpression') return undefined;
  const [only] = node.arguments;
  if (only?.type === 'CallExpression') return requiredBy(only);
  const requires = node.callee.type === 'Identifier' && node.callee.name === 'require';
  return requires && only?.type === 'Literal' && typeof only.value === 'string' ? only.value : undefined;
}
