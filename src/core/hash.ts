import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** SHA-256 of text or bytes, in lower-case hex. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/**
 * A value in the one form that RFC 8785 gives it, so that equal values have equal bytes.
 * Throws a TypeError for what JSON cannot carry (functions, cycles, NaN).
 */
export function canonical(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('value cannot be written as JSON');
  return text;
}

/** SHA-256 of a value's RFC 8785 form. */
export function fingerprint(value: unknown): string {
  return sha256(canonical(value));
}
