import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import { childrenOf } from './syntax.ts';

/** A parsed Python file. */
export interface PythonModule {
  /** Relative to the folder that packages are installed in, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly root: SyntaxNode;
}

/** What a name stands for: what is assigned to it, a class or function of that name, or a module. */
export type Bound =
  | { readonly kind: 'value' | 'class' | 'function'; readonly node: SyntaxNode; readonly module: PythonModule }
  | { readonly kind: 'module'; readonly module: PythonModule };

export interface PythonModules {
  load(path: string): PythonModule | undefined;
  /** What a name means where `node` stands; undefined for what is not known. */
  lookUp(name: string, node: SyntaxNode, module: PythonModule): Bound | undefined;
  /** A name at the top of a module. */
  member(module: PythonModule, name: string): Bound | undefined;
  readonly files: number;
  readonly truncated: boolean;
}

const FILE_MAX = 2_000_000;
const TOTAL_MAX = 24_000_000;
const FILES_MAX = 3_000;
/** Modules that pass a name on to one another before the search for it is given up. */
const HOPS = 8;

/** Reads modules in `folder`, each once; `note` is called with a file before it is parsed, `skip` holds those not to be. */
export function openPythonModules(
  folder: string,
  options: { readonly skip: ReadonlySet<string>; readonly note: (path: string) => void },
): PythonModules {
  const loaded = new Map<string, PythonModule | undefined>();
  const tables = new WeakMap<PythonModule, Map<number, Map<string, SyntaxNode>>>();
  const state = { files: 0, bytes: 0, truncated: false };

  function load(path: string): PythonModule | undefined {
    if (!loaded.has(path)) loaded.set(path, read(path));
    return loaded.get(path);
  }

  function read(path: string): PythonModule | undefined {
    const file = join(folder, path);
    const stats = statSync(file, { throwIfNoEntry: false });
    if (!stats?.isFile() || options.skip.has(file)) return undefined;
    if (stats.size > FILE_MAX || state.bytes + stats.size > TOTAL_MAX || state.files >= FILES_MAX) {
      state.truncated = true;
      return undefined;
    }
    state.bytes += stats.size;
    state.files += 1;
    const text = readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
    options.note(file);
    return { path, text, root: parser.parse(text).topNode };
  }

  /** The names that the statements of one body bind, by what binds them last. */
  function namesIn(body: SyntaxNode, module: PythonModule): ReadonlyMap<string, SyntaxNode> {
    const bodies = tables.get(module) ?? new Map<number, Map<string, SyntaxNode>>();
    tables.set(module, bodies);
    const known = bodies.get(body.from);
    if (known) return known;
    const names = new Map<string, SyntaxNode>();
    bodies.set(body.from, names);
    const queue = [...childrenOf(body)];
    for (let next = queue.shift(); next; next = queue.shift()) {
      // What is bound under a condition is bound all the same.
      if (/^(Try|If|With)Statement$/.test(next.name)) {
        queue.unshift(...next.getChildren('Body').flatMap((inner) => childrenOf(inner)));
        continue;
      }
      const statement = next.name === 'DecoratedStatement' ? next.lastChild! : next;
      if (statement.name === 'ImportStatement')
        for (const [name] of imported(module.text.slice(statement.from, statement.to))) names.set(name, statement);
      const first = statement.name === 'AssignStatement' ? statement.firstChild : statement.getChild('VariableName');
      if (
        /^(AssignStatement|ClassDefinition|FunctionDefinition)$/.test(statement.name) &&
        first?.name === 'VariableName'
      )
        names.set(module.text.slice(first.from, first.to), statement);
    }
    return names;
  }

  function bound(name: string, statement: SyntaxNode, module: PythonModule, hops: number): Bound | undefined {
    if (statement.name === 'ClassDefinition') return { kind: 'class', node: statement, module };
    if (statement.name === 'FunctionDefinition') return { kind: 'function', node: statement, module };
    if (statement.name === 'AssignStatement')
      return statement.lastChild ? { kind: 'value', node: statement.lastChild, module } : undefined;
    const found = imported(module.text.slice(statement.from, statement.to)).get(name);
    if (!found || hops === 0) return undefined;
    const source = resolve(found.from, module);
    const own = source && found.name !== undefined ? inModule(source, found.name, hops - 1) : undefined;
    if (own) return own;
    const whole =
      found.name === undefined ? source : resolve(`${found.from.replace(/[^.]$/, '$&.')}${found.name}`, module);
    return whole && { kind: 'module', module: whole };
  }

  function inModule(module: PythonModule, name: string, hops: number): Bound | undefined {
    const statement = namesIn(module.root, module).get(name);
    return statement && bound(name, statement, module, hops);
  }

  /** The file of a dotted module; leading dots count from where `from` lies. */
  function resolve(dotted: string, from: PythonModule): PythonModule | undefined {
    const [, dots = '', rest = ''] = /^(\.*)(.*)$/.exec(dotted) ?? [];
    const here = from.path.split('/').slice(0, -dots.length);
    if (dots.length > from.path.split('/').length) return undefined;
    const path = [...(dots === '' ? [] : here), ...rest.split('.').filter(Boolean)].join('/');
    return load(`${path}.py`) ?? load(path === '' ? '__init__.py' : `${path}/__init__.py`);
  }

  return {
    load,
    lookUp(name, node, module) {
      for (let at = node.parent; at; at = at.parent)
        if (at.name === 'Body' || at.name === 'Script') {
          const statement = namesIn(at, module).get(name);
          if (statement) return bound(name, statement, module, HOPS);
        }
      return undefined;
    },
    member: (module, name) => inModule(module, name, HOPS),
    get files() {
      return state.files;
    },
    get truncated() {
      return state.truncated;
    },
  };
}

/** The names that an import binds: from which module, and which name of it (none for the module itself). */
function imported(statement: string): ReadonlyMap<string, { readonly from: string; readonly name?: string }> {
  const names = new Map<string, { from: string; name?: string }>();
  const plain = statement
    .replace(/#[^\n]*/g, '')
    .replace(/[\s\\()]+/g, ' ')
    .trim();
  const [, from, list = ''] =
    /^from (\.*[\w.]*) ?import (.+)$/.exec(plain.replace(/^from (\.+) (?=\w)/, 'from $1')) ?? [];
  const [, modules = ''] = from === undefined ? (/^import (.+)$/.exec(plain) ?? []) : [];
  for (const item of (from === undefined ? modules : list).split(',')) {
    const [, name = '', alias] = /^\s*([\w.]+)(?: as (\w+))?\s*$/.exec(item) ?? [];
    if (name === '') continue;
    if (from !== undefined) names.set(alias ?? name, { from, name });
    else if (alias !== undefined || !name.includes('.')) names.set(alias ?? name, { from: name });
  }
  return names;
}
