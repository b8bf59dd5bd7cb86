import { readFileSync, realpathSync, statSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Class, type ParserOptions, parseSync } from 'oxc-parser';
import type { Binding, Scope } from './scope.ts';
import { fromJson } from './value.ts';
import { type Place, walk } from './walk.ts';

/** One source file, parsed: what it imports and exports, and where in it a tool may be defined. */
export interface Module {
  readonly path: string;
  readonly imports: Set<string>;
  /** By exported name; `*` is what `module.exports` is as a whole. */
  readonly exports: Map<string, Binding>;
  /** Specifiers whose exports are passed on (`export * from`). */
  readonly passes: string[];
  /** What is assigned to a class after its body, as compilers write static fields. */
  readonly statics: Map<Class, Map<string, Binding>>;
  readonly top: Scope;
  readonly places: readonly Place[];
}

/** Bytes of one file, bytes of all, and number of files that are read of one server. */
const FILE_MAX = 8_000_000;
const TOTAL_MAX = 32_000_000;
const FILES_MAX = 3_000;

const LANGUAGES: Readonly<Record<string, NonNullable<ParserOptions['lang']>>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
};

/** Reads the modules under one tree, each once. */
export interface Modules {
  /** The parsed file, or undefined where it cannot be read, is too large or lies outside. */
  load(path: string): Module | undefined;
  /** The file that a specifier means in a module; undefined outside the tree, and for packages that `follows` says no to. */
  resolve(specifier: string, from: Module): string | undefined;
  readonly files: number;
  /** Something was left out for its size. */
  readonly truncated: boolean;
}

/** `skip` holds files that are not to be parsed; `note` is called with a file before it is. */
export function openModules(
  tree: string,
  options: { follows: (packageName: string) => boolean; skip: ReadonlySet<string>; note: (path: string) => void },
): Modules {
  const root = realpathSync(tree) + sep;
  const loaded = new Map<string, Module | undefined>();
  const state = { files: 0, bytes: 0, truncated: false };

  function load(path: string): Module | undefined {
    if (!loaded.has(path)) loaded.set(path, read(path));
    return loaded.get(path);
  }

  function read(path: string): Module | undefined {
    if (options.skip.has(path) || !path.startsWith(root)) return undefined;
    const { size } = statSync(path);
    if (size > FILE_MAX || state.bytes + size > TOTAL_MAX || state.files >= FILES_MAX) {
      state.truncated = true;
      return undefined;
    }
    state.bytes += size;
    state.files += 1;
    const text = readFileSync(path, 'utf8');
    options.note(path);
    try {
      return parse(path, text);
    } catch {
      return undefined;
    }
  }

  /** The file itself, a source file beside it with another ending, or the index of a folder. */
  function asFile(path: string): string | undefined {
    const bare = path.replace(/\.[cm]?jsx?$/, '');
    const tries = [
      path,
      `${path}.js`,
      `${path}.ts`,
      `${bare}.ts`,
      `${bare}.mts`,
      `${bare}.tsx`,
      `${path}.mjs`,
      `${path}.cjs`,
    ];
    for (const candidate of [...tries, join(path, 'index.js'), join(path, 'index.ts')]) {
      try {
        const real = realpathSync(candidate);
        if (real.startsWith(root) && statSync(real).isFile()) return real;
      } catch {
        // Not there: the next one.
      }
    }
    return undefined;
  }

  function resolve(specifier: string, from: Module): string | undefined {
    if (specifier.startsWith('.')) return asFile(join(from.path, '..', specifier));
    const name = /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? '';
    if (!specifier.startsWith('#') && !options.follows(name)) return undefined;
    try {
      const url = import.meta.resolve(specifier, pathToFileURL(from.path).href);
      return url.startsWith('file:') ? asFile(fileURLToPath(url)) : undefined;
    } catch {
      return undefined;
    }
  }

  return {
    load,
    resolve,
    get files() {
      return state.files;
    },
    get truncated() {
      return state.truncated;
    },
  };
}

function parse(path: string, text: string): Module {
  const top: { module: Module; parent: undefined; names: Map<string, Binding> } = {
    module: undefined as never,
    parent: undefined,
    names: new Map(),
  };
  const facts = {
    path,
    imports: new Set<string>(),
    exports: new Map<string, Binding>(),
    passes: [],
    statics: new Map(),
    top,
  };
  const module: { -readonly [K in keyof Module]: Module[K] } = { ...facts, places: [] };
  top.module = module;
  const ending = extname(path);
  if (ending === '.json') module.exports.set('*', { kind: 'value', value: fromJson(JSON.parse(text)) });
  else {
    const lang = LANGUAGES[ending] ?? 'jsx';
    const { program } = parseSync(path, text, { lang, sourceType: 'unambiguous', preserveParens: false });
    module.places = walk(program, top);
  }
  return module;
}
