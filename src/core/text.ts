import { stripVTControlCharacters } from 'node:util';
import { withoutSecrets } from './secrets.ts';

const LONGEST = 4000;
/** Escapes included; taking them out is quadratic in the worst case. */
const LONGEST_RAW = 4 * LONGEST;

/**
 * What a stranger's program wrote to a person, made fit to be kept and shown: escape sequences and control characters
 * out, this machine's `paths` replaced by what stands for them, everything that looks like a credential removed, and
 * no more than its last 4,000 characters.
 */
export function scrub(text: string, paths: readonly (readonly [path: string, name: string])[] = []): string {
  let clean = stripVTControlCharacters(text.slice(-LONGEST_RAW).toWellFormed())
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{C}\n\t]/gu, '');
  for (const [path, name] of paths) if (path !== '') clean = clean.replaceAll(path, name);
  return withoutSecrets(clean).trim().slice(-LONGEST);
}
