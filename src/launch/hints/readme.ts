import { parse } from 'jsonc-parser';
import { parse as parseYaml } from 'yaml';
import type { Input } from '#domain/server.ts';
import { isPlaceholder, isVariableName, soundsSecret } from './inputs.ts';
import { argsAfter, literal } from './words.ts';

/** How documentation says a server is started. */
export interface Start {
  /** Literal arguments after the package's name; placeholders and the options they belong to are left out. */
  readonly args: readonly string[];
  readonly env: readonly Input[];
}

/** Characters of one code block, and depth, beyond which it is no client configuration. */
const BLOCK_MAX = 20_000;
const DEPTH_MAX = 5;
const BLOCKS_MAX = 60;

/**
 * The starts of a package that the configuration blocks of a README show, in order: JSON with comments under `mcpServers`,
 * `servers`, `context_servers` or bare, as clients take it, and the YAML of those that take that.
 */
export function readmeStarts(readme: string, name: string, bins: readonly string[]): readonly Start[] {
  const starts: Start[] = [];
  for (const [, block = ''] of [...readme.matchAll(/^[ \t>]*```[^\n]*\n(.*?)^[ \t>]*```/gms)].slice(0, BLOCKS_MAX)) {
    if (block.length > BLOCK_MAX) continue;
    for (const entry of commands(dataOf(block), DEPTH_MAX)) {
      const args = argsAfter(wordsOf(entry), name, bins);
      if (args) starts.push({ args: literal(args), env: variables(entry.env) });
    }
  }
  return starts;
}

interface Entry {
  readonly command: unknown;
  readonly args?: unknown;
  readonly env?: unknown;
}

/** A block as data: JSON with comments, with or without its outer braces, or the YAML that Continue takes. */
function dataOf(block: string): unknown {
  if (block.includes('"command"')) {
    const text = block.trim().startsWith('{') ? block : `{${block}}`;
    return parse(text, [], { allowTrailingComma: true });
  }
  try {
    return /^\s*(- )?command:/m.test(block) ? parseYaml(block, { maxAliasCount: 0 }) : undefined;
  } catch {
    return undefined;
  }
}

function wordsOf({ command, args }: Entry): readonly string[] {
  return [command, ...(Array.isArray(args) ? args : [])].flat().filter((word) => typeof word === 'string');
}

function commands(value: unknown, depth: number): readonly Entry[] {
  if (typeof value !== 'object' || value === null || depth === 0) return [];
  if ('command' in value) return [value];
  return Object.values(value).flatMap((member) => commands(member, depth - 1));
}

function variables(env: unknown): readonly Input[] {
  if (typeof env !== 'object' || env === null) return [];
  return Object.entries(env).flatMap(([name, value]) => {
    if (!isVariableName(name)) return [];
    const known = typeof value === 'string' && !soundsSecret(name) && !isPlaceholder(value);
    return [{ name, ...(known && { default: value.slice(0, 200) }) }];
  });
}
