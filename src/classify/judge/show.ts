import { visibleJson } from '#core/visible.ts';
import type { Json, ToolDefinition } from '#domain/tool.ts';
import { DEFINITION_FIELDS } from '#domain/tool.ts';

/** How much of a definition is shown, most first; a smaller measure is taken until it fits. */
const MEASURES = [
  { text: 4_000, keys: 120, depth: 12 },
  { text: 1_000, keys: 40, depth: 6 },
  { text: 300, keys: 15, depth: 4 },
] as const;
/** UTF-16 units of one definition as it is shown. */
const LONGEST = 24_000;

function cut(value: Json, measure: (typeof MEASURES)[number], depth = 0): Json {
  if (typeof value === 'string')
    return value.length > measure.text
      ? `${value.slice(0, measure.text).toWellFormed()} [${value.length - measure.text} more characters are not shown]`
      : value.toWellFormed();
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= measure.depth) return '[not shown]';
  if (Array.isArray(value)) return value.slice(0, measure.keys).map((one: Json) => cut(one, measure, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, measure.keys)
      .map(([key, one]) => [key.slice(0, measure.text).toWellFormed(), cut(one, measure, depth + 1)]),
  );
}

/**
 * JSON on one line in which nothing hides and nothing can close a delimiter or look like a tag: invisible characters
 * and angle brackets are JSON's own escapes.
 */
export function dataJson(value: unknown): string {
  return visibleJson(value, 0).replace(/[<>]/g, (char) => (char === '<' ? '\\u003c' : '\\u003e'));
}

/** A definition as a judge is shown it: the fields that make its fingerprint, cut to a bounded length. */
export function shown(id: string, tool: ToolDefinition): string {
  const fields = Object.fromEntries(
    DEFINITION_FIELDS.filter((field) => tool[field] !== undefined).map((field) => [field, tool[field]!]),
  ) as { readonly [key: string]: Json };
  let text = '';
  for (const measure of MEASURES) {
    text = dataJson({ id, definition: cut(fields, measure) });
    if (text.length <= LONGEST) return text;
  }
  const { name, description } = tool;
  return dataJson({
    id,
    definition: cut({ name, ...(description !== undefined && { description }) }, MEASURES[2]),
  });
}
