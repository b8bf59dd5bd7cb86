import type { Rejection } from '#domain/launch.ts';
import { DEFINITION_FIELDS, type JsonObject, type ToolDefinition } from '#domain/tool.ts';
import type { Limits } from './limits.ts';

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Why a value cannot be kept, or undefined: it nests deeper than `most`, or holds a number too large for JSON's readers
 * (`1e999` is read as infinite). Walks without recursion: a hostile value must not break the stack.
 */
function shapeFault(value: unknown, most: number): string | undefined {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > most) return `it nests deeper than ${most} levels`;
    const next: unknown[] = [];
    for (const one of level)
      for (const part of Object.values(one as object))
        if (typeof part === 'object' && part !== null) next.push(part);
        else if (typeof part === 'number' && !Number.isFinite(part)) return 'it holds a number that JSON cannot carry';
    level = next;
  }
  return undefined;
}

/** What a server says of itself, or undefined where that is too deep or too large to be kept. */
export function readFacts(facts: unknown, limits: Limits): JsonObject | undefined {
  if (!isObject(facts) || shapeFault(facts, limits.depth) !== undefined) return undefined;
  return Buffer.byteLength(JSON.stringify(facts)) > limits.factBytes ? undefined : facts;
}

/** Why something that a server listed is no tool definition, or undefined. */
function fault(tool: unknown, limits: Limits): string | undefined {
  if (!isObject(tool)) return 'it is not an object';
  const { name, title, description, inputSchema, outputSchema, annotations } = tool as Record<string, unknown>;
  if (typeof name !== 'string' || name === '') return 'it has no name';
  if (name.length > limits.nameLength) return `its name is longer than ${limits.nameLength} characters`;
  if (name.includes('\0') || !name.isWellFormed()) return 'its name is not text that can be written down';
  for (const [field, value] of Object.entries({ title, description }))
    if (value != null && typeof value !== 'string') return `its ${field} is not text`;
  for (const [field, value] of Object.entries({ inputSchema, outputSchema, annotations }))
    if (value != null && !isObject(value)) return `its ${field} is not an object`;
  const shape = shapeFault(tool, limits.depth);
  if (shape !== undefined) return shape;
  if (Buffer.byteLength(JSON.stringify(tool)) > limits.toolBytes) return `it is larger than ${limits.toolBytes} bytes`;
  return undefined;
}

/** Sorts what a server listed into definitions and rejections; each is judged alone, a bad one costs the others nothing. */
export function readTools(
  listed: readonly unknown[],
  limits: Limits,
): { readonly tools: readonly ToolDefinition[]; readonly rejections: readonly Rejection[] } {
  const tools = new Map<string, ToolDefinition>();
  const rejections: Rejection[] = [];
  for (const [index, one] of listed.entries()) {
    const given = isObject(one) && typeof one.name === 'string' ? one.name : undefined;
    const name = given === undefined ? {} : { name: given.slice(0, limits.nameLength) };
    const why = index >= limits.tools ? `the list is longer than ${limits.tools} tools` : fault(one, limits);
    if (why !== undefined) rejections.push({ index, ...name, reason: why });
    else if (tools.has(given!)) rejections.push({ index, ...name, reason: 'another tool has this name' });
    else tools.set(given!, definition(one as JsonObject));
    if (index >= limits.tools) break;
  }
  return { tools: [...tools.values()], rejections };
}

function definition(tool: JsonObject): ToolDefinition {
  const fields = DEFINITION_FIELDS.flatMap((field) => (tool[field] == null ? [] : [[field, tool[field]] as const]));
  return Object.fromEntries(fields) as unknown as ToolDefinition;
}
