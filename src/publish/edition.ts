import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint } from '#core/hash.ts';

const ROOT = join(import.meta.dirname, '../..');

/** A hash over files of the project, named by patterns from its root: another hash, and they may say something else. */
export function filesHash(patterns: readonly string[], exclude: readonly string[] = []): string {
  const files = globSync(patterns, { cwd: ROOT, exclude }).sort();
  return fingerprint(files.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]));
}
