import { parse } from 'jsonc-parser';
import type { Input } from '#domain/server.ts';
import { isPlaceholder, isVariableName, soundsSecret } from './inputs.ts';

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
 * `servers`, `context_servers` or bare, as clients take it.
 */
export function readmeStarts(readme: string, name: string, bins: readonly string[]): readonly Start[] {
  const starts: Start[] = [];
  for (const [, block = ''] of [...readme.matchAll(/^[ \t>]*```[^\n]*\n(.*?)^[ \t>]*```/gms)].slice(0, BLOCKS_MAX)) {
    if (block.length > BLOCK_MAX || !block.includes('"command"')) continue;
    const text = block.trim().startsWith('{') ? block : `{${block}}`;
    for (const entry of commands(parse(text, [], { allowTrailingComma: true }), DEPTH_MAX)) {
      const args = argsAfter(entry, name, bins);
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

function commands(value: unknown, depth: number): readonly Entry[] {
  if (typeof value !== 'object' || value === null || depth === 0) return [];
  if ('command' in value) return [value];
  return Object.values(value).flatMap((member) => commands(member, depth - 1));
}

/** The arguments that reach the package's own program; undefined where the command starts something else. */
function argsAfter({ command, args }: Entry, name: string, bins: readonly string[]): readonly string[] | undefined {
  const words = [command, ...(Array.isArray(args) ? args : [])].flat().filter((word) => typeof word === 'string');
  const at = words.findIndex((word) => word === name || word.startsWith(`${name}@`));
  if (at >= 0) return words.slice(at + 1);
  return bins.includes(words[0] ?? '') ? words.slice(1) : undefined;
}

function literal(args: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (const [index, arg] of args.entries()) {
    const next = args[index + 1];
    if (isPlaceholder(arg)) continue;
    // An option goes with the value that stands after it.
    if (/^--?\w[\w-]*$/.test(arg) && next !== undefined && !next.startsWith('-') && isPlaceholder(next)) continue;
    kept.push(arg);
  }
  return kept;
}

function variables(env: unknown): readonly Input[] {
  if (typeof env !== 'object' || env === null) return [];
  return Object.entries(env).flatMap(([name, value]) => {
    if (!isVariableName(name)) return [];
    const known = typeof value === 'string' && !soundsSecret(name) && !isPlaceholder(value);
    return [{ name, ...(known && { default: value.slice(0, 200) }) }];
  });
}
