import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ToolDefinition } from '#domain/tool.ts';
import type { Reading } from '../read-tools.ts';
import { openPythonEvaluator } from './evaluate.ts';
import { openPythonModules, type PythonModule } from './modules.ts';
import { openToolReader } from './tools.ts';
import { asValue, openPythonTypes, type PythonTypes } from './types.ts';

const TOOLS_MAX = 5_000;
const ENTRIES_MAX = 20_000;
/** Text without which no file defines a tool; parsing the others would be for nothing. */
const MENTIONS = /tool|inputSchema/i;
/** Files that hold no code of the running server. */
const SKIPPED =
  /(^|\/)(tests?|examples?|docs|benchmarks|node_modules|\.[^/]+)\/|(^|\/)(test_[^/]*|[^/]*_test|conftest|setup)\.py$/i;
/** The protocol's own libraries and frameworks: the tools in them are examples. */
const FRAMEWORKS = /^(mcp|fastmcp|pydantic\w*|langchain\w*|anthropic|openai|google)\//;

/**
 * Reads the tools of the Python source below `folder`: of these files (relative, with forward slashes), or of all.
 * What is imported from beside them is looked into where a name leads there.
 */
export function readPython(
  folder: string,
  files: readonly string[] | undefined,
  options: { readonly skip: ReadonlySet<string>; readonly note: (path: string) => void },
): Reading {
  const modules = openPythonModules(folder, options);
  // Types ask for values, and values for the schemas of classes.
  const types: PythonTypes = openPythonTypes(() => evaluator);
  const evaluator = openPythonEvaluator(modules, (bound, depth) => asValue(types.classSchema(bound, depth)));
  const reader = openToolReader(evaluator, types);
  const found = new Map<string, ToolDefinition>();
  let truncated = false;

  function take(module: PythonModule): void {
    module.root.cursor().iterate((at) => {
      const tool = reader.toolAt(at.node, module);
      if (!tool) return;
      const known = found.get(tool.name);
      if (!known && found.size >= TOOLS_MAX) truncated = true;
      else if (!known || size(tool) > size(known)) found.set(tool.name, tool);
    });
  }

  for (const path of files ?? pythonFiles(folder)) {
    if (SKIPPED.test(path) || FRAMEWORKS.test(path) || !mentions(join(folder, path))) continue;
    const module = modules.load(path);
    if (module) take(module);
  }
  const tools = [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { tools, files: modules.files, truncated: truncated || modules.truncated };
}

/** The same tool is often met twice: what says more is kept. */
function size({ description = '', inputSchema }: ToolDefinition): number {
  return description.length + JSON.stringify(inputSchema ?? {}).length;
}

function mentions(file: string): boolean {
  try {
    return MENTIONS.test(readFileSync(file, 'utf8'));
  } catch {
    return false;
  }
}

function pythonFiles(root: string): readonly string[] {
  const files: string[] = [];
  const folders = [''];
  let left = ENTRIES_MAX;
  for (let folder = folders.pop(); folder !== undefined && left > 0; folder = folders.pop())
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      left -= 1;
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile() && entry.name.endsWith('.py')) files.push(path);
    }
  return files.sort();
}
