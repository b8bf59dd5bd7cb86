import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** SHA-256 of text or bytes, in lower-case hex. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/**
 * A value in the one form that RFC 8785 gives it, so that equal values have equal bytes.
 * The RFC has no form for text that is not Unicode; a lone surrogate is written as U+FFFD, so that no text of a
 * stranger's can keep itself from being hashed. Throws for what JSON cannot carry (functions, cycles, NaN).
 */
export function canonical(value: unknown): string {
  const text = canonicalize(wellFormed(value));
  if (text === undefined) throw new TypeError('value cannot be written as JSON');
  return text;
}

function wellFormed(value: unknown): unknown {
  if (JSON.stringify(value)?.search(/\\u[dD][89abAB]/) === -1) return value;
  return JSON.parse(JSON.stringify(value), (_, part: unknown) => {
    if (typeof part === 'string') return part.toWellFormed();
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([key, one]) => [key.toWellFormed(), one]));
  });
}

/** SHA-256 of a value's RFC 8785 form. */
export function fingerprint(value: unknown): string {
  return sha256(canonical(value));
}
