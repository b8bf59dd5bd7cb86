import type { Json, ToolDefinition } from '#domain/tool.ts';
import type { Quote } from '#domain/verdict.ts';

/** A key as a token of a JSON Pointer (RFC 6901 §3). */
export function pointerToken(key: string): string {
  return key.includes('~') || key.includes('/') ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key;
}

/** The value at a JSON Pointer (RFC 6901) and the last key on the way; undefined where nothing stands there. */
function follow(root: unknown, pointer: string): { readonly value: Json; readonly key: string } | undefined {
  if (!pointer.startsWith('/')) return undefined;
  let value = root;
  let key = '';
  for (const token of pointer.slice(1).split('/')) {
    key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value === undefined ? undefined : { value: value as Json, key };
}

/** Quotes a stretch of a string in the definition; `text` is that whole string. */
export function quote(field: string, text: string, start = 0, end = text.length): Quote {
  return { field, start, end, text: text.slice(start, end) };
}

/** Quotes a key's own name; `field` points at that key's value. */
export function quoteKey(field: string, key: string): Quote {
  return { field, start: 0, end: key.length, text: key, at: 'key' };
}

/** Quotes the name of a sibling on the same server. */
export function quoteSibling(name: string): Quote {
  return { field: '/name', start: 0, end: name.length, text: name, tool: name };
}

/**
 * Whether a quote's words stand verbatim where it says: in the definition, or, where it names a sibling, in that
 * sibling's name, which must be among `siblings`. True or false are the only values quoted without quotation marks.
 */
export function verifyQuote(tool: ToolDefinition, said: Quote, siblings: readonly string[] = []): boolean {
  if (said.start < 0 || said.end <= said.start) return false;
  if (said.tool !== undefined)
    return (
      said.field === '/name' &&
      siblings.includes(said.tool) &&
      said.end <= said.tool.length &&
      said.tool.slice(said.start, said.end) === said.text
    );
  const found = follow(tool, said.field);
  if (!found) return false;
  const whole = said.at === 'key' ? found.key : typeof found.value === 'string' ? found.value : String(found.value);
  if (said.at !== 'key' && typeof found.value === 'object') return false;
  return said.end <= whole.length && whole.slice(said.start, said.end) === said.text;
}
