import { fingerprint } from '#core/hash.ts';
import { filesHash } from '../edition.ts';

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
  return fingerprint([options, filesHash(SOURCES, ['data/gold/**'])]).slice(0, 16);
}
