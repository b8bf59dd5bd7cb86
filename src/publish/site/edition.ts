import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint } from '#core/hash.ts';

const ROOT = join(import.meta.dirname, '../../..');
/** Everything that decides what a page says of the same facts. */
const SOURCES = [
  'package-lock.json',
  'data/**/*.*',
  'src/{domain,core,discover,classify,recommend,publish,setup}/**/*.*',
];

/**
 * What decides pages beside the catalogue: code, data and how the site is wanted. Another edition writes everything
 * again.
 */
export function siteEdition(options: object): string {
  // The gold set and its like are for measuring; no page reads them.
  const files = globSync(SOURCES, { cwd: ROOT, exclude: ['data/gold/**'] }).sort();
  return fingerprint([options, ...files.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')])]).slice(0, 16);
}
