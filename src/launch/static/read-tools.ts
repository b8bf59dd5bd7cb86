import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { ToolDefinition } from '#domain/tool.ts';
import { programs } from '../npm/programs.ts';
import { sourceFiles } from '../package-files.ts';
import { isOfSameMakers } from '../same-makers.ts';
import { toolAt } from './candidates.ts';
import { openEvaluator } from './evaluate.ts';
import { type Module, openModules } from './modules.ts';

export interface Reading {
  readonly tools: readonly ToolDefinition[];
  /** Source files that were read. */
  readonly files: number;
  /** Something was left out for its size or number. */
  readonly truncated: boolean;
}

/** Tools of one server that are kept. */
const TOOLS_MAX = 5_000;
/** Text without which no file defines a tool; parsing the others would be for nothing. */
const MENTIONS = /tool|inputSchema/i;

/**
 * Reads the tools of the package in `folder`, which lies in `tree`, out of its source: the files that its programs reach, in its own
 * package and in those of its makers; where that finds none, every source file of the package.
 * `skip` are files not to be parsed, `note` is told a file before it is.
 */
export async function readTools(
  folder: string,
  tree: string,
  name: string,
  options: { readonly skip: ReadonlySet<string>; readonly note: (path: string) => void },
): Promise<Reading> {
  const modules = openModules(tree, { follows: (other) => isOfSameMakers(name, other), ...options });
  const evaluator = openEvaluator(modules);
  const found = new Map<string, ToolDefinition>();
  let truncated = false;

  function collect(paths: readonly string[]): void {
    const queue = [...paths];
    const seen = new Set(queue);
    for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
      const module = modules.load(path);
      if (!module) continue;
      take(module);
      for (const specifier of module.imports) {
        const next = modules.resolve(specifier, module);
        if (next !== undefined && !seen.has(next)) {
          seen.add(next);
          queue.push(next);
        }
      }
    }
  }

  function take(module: Module): void {
    for (const place of module.places) {
      const tool = toolAt(place, evaluator);
      if (!tool) continue;
      const known = found.get(tool.name);
      if (!known && found.size >= TOOLS_MAX) truncated = true;
      else if (!known || richness(tool) > richness(known)) found.set(tool.name, tool);
    }
  }

  collect(entries(folder));
  if (found.size === 0) {
    const files = await sourceFiles(folder);
    collect(files.filter((file) => MENTIONS.test(readFileSync(file, 'utf8'))));
  }
  const tools = [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { tools, files: modules.files, truncated: truncated || modules.truncated };
}

/** The same tool is often met twice, as a stub and in full: what says more is kept. */
function richness({ description = '', inputSchema, annotations }: ToolDefinition): number {
  const properties = Object.keys(Object(inputSchema?.properties) as object).length;
  return (description === '' ? 0 : 4) + (inputSchema ? 2 : 0) + (properties > 0 ? 2 : 0) + (annotations ? 1 : 0);
}

/** The files that a package starts from: its programs and its main file. */
function entries(folder: string): readonly string[] {
  let json: { main?: unknown; module?: unknown } = {};
  try {
    json = Object(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  } catch {
    return [];
  }
  const named = programs(json).map((program) => program.file);
  const library = [json.module, json.main].filter((file): file is string => typeof file === 'string');
  return [...new Set([...named, ...library])].flatMap((file) => {
    const path = [file, `${file}.js`, join(file, 'index.js')].map((ending) => join(folder, ending)).find(isSourceFile);
    return path === undefined ? [] : [realpathSync(path)];
  });
}

function isSourceFile(path: string): boolean {
  return existsSync(path) && /\.[cm]?[jt]s$/.test(path);
}
