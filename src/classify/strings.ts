import type { Json, ToolDefinition } from '#domain/tool.ts';
import type { Quote } from '#domain/verdict.ts';
import { pointerToken, quote, quoteKey } from './quote.ts';

/** A string anywhere in a definition, and how a stretch of it is quoted. */
export interface Said {
  readonly text: string;
  readonly field: string;
  quote(start: number, end: number): Quote;
}

/** Limits of what is read of one definition, so that a hostile one costs no more than a large honest one. */
const MOST_STRINGS = 4_000;
const MOST_CHARACTERS = 200_000;
const MOST_DEEP = 60;
/** Read of one string. */
const REACH = 20_000;

/**
 * Every string of a definition: name, title, description, annotations, and in both schemas every key and every value,
 * as enums, defaults, constants and examples. Pure; reads a bounded part of any definition, outermost first.
 */
export function* stringsOf(tool: ToolDefinition): Iterable<Said> {
  const queue: { readonly value: Json; readonly field: string; readonly depth: number }[] = [];
  for (const key of ['name', 'title', 'description', 'annotations', 'inputSchema', 'outputSchema'] as const)
    if (tool[key] !== undefined) queue.push({ value: tool[key], field: `/${key}`, depth: 0 });
  let strings = 0;
  let characters = 0;
  for (let at = 0; at < queue.length && strings < MOST_STRINGS && characters < MOST_CHARACTERS; at++) {
    const { value, field, depth } = queue[at]!;
    if (typeof value === 'string') {
      strings++;
      const text = value.slice(0, REACH);
      characters += text.length;
      yield { text, field, quote: (start, end) => quote(field, value, start, end) };
    } else if (typeof value === 'object' && value !== null && depth < MOST_DEEP && queue.length < MOST_STRINGS * 2) {
      const isList = Array.isArray(value);
      for (const key of Object.keys(value).slice(0, MOST_STRINGS)) {
        const inner = `${field}/${pointerToken(key)}`;
        if (!isList && depth > 0) {
          strings++;
          characters += key.length;
          yield { text: key, field: inner, quote: () => quoteKey(inner, key) };
        }
        queue.push({ value: (value as Record<string, Json>)[key]!, field: inner, depth: depth + 1 });
      }
    }
  }
}
