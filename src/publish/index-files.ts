import { join } from 'node:path';
import { plugins } from '#core/plugins.ts';
import type { Catalogue } from './catalogue.ts';
import type { StaticLinks } from './links.ts';

/**
 * Files that lie beside the pages of a static site for its scripts, since nobody is there to answer: one file in
 * `indexes/`, its id the file's name. Made anew with every publication, so they must be cheap.
 */
export interface IndexFiles {
  readonly id: string;
  files(catalogue: Catalogue, links: StaticLinks): AsyncIterable<{ readonly path: string; make(): string }>;
}

/** Every kind of index there is. */
export const INDEXES: readonly IndexFiles[] = await plugins<IndexFiles>(join(import.meta.dirname, 'indexes'));
