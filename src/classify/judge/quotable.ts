import type { Json, ToolDefinition } from '#domain/tool.ts';
import type { Quote } from '#domain/verdict.ts';
import { pointerToken, quote, quoteKey, verifyQuote } from '../quote.ts';

/** Shorter words than this stand in nearly every text; only a whole key or value may be as short. */
const SHORTEST = 4;
/** Strings and keys that are looked through for words whose place was given wrongly. */
const MOST = 5_000;

/** Every string and key of a definition with its place, in order; at most `MOST`. */
function* texts(root: Json): Iterable<{ readonly field: string; readonly text: string; readonly key: boolean }> {
  const open: [field: string, value: Json][] = [['', root]];
  for (let seen = 0; open.length > 0 && seen < MOST; seen++) {
    const [field, value] = open.shift()!;
    if (typeof value === 'string') yield { field, text: value, key: false };
    if (typeof value !== 'object' || value === null) continue;
    const list = Array.isArray(value);
    for (const [key, inner] of Object.entries(value)) {
      const place = `${field}/${pointerToken(key)}`;
      // The definition's own fields and the keywords of JSON Schema are not its author's words.
      if (!list && field.includes('/properties')) yield { field: place, text: key, key: true };
      open.push([place, inner]);
    }
  }
}

function within(text: string, words: string): boolean {
  return text === words || (words.trim().length >= SHORTEST && text.includes(words));
}

/**
 * Where words that a judge quotes stand verbatim in a definition: at the JSON Pointer that it gave, else at the first
 * place that holds them. Undefined where they stand nowhere.
 */
export function findQuote(tool: ToolDefinition, field: string, words: string): Quote | undefined {
  if (words.trim() === '') return undefined;
  let elsewhere: Quote | undefined;
  for (const { field: at, text, key } of texts(tool as unknown as Json)) {
    if (!within(text, words)) continue;
    const start = text.indexOf(words);
    const found = !key ? quote(at, text, start, start + words.length) : text === words ? quoteKey(at, text) : undefined;
    if (!found || !verifyQuote(tool, found)) continue;
    if (at === field) return found;
    elsewhere ??= found;
  }
  return elsewhere;
}
