import { join } from 'node:path';
import { plugins } from '#core/plugins.ts';
import type { AddressedServer, ToolName } from '#domain/lists.ts';
import { LEGS } from '../browse/legs.ts';
import type { Catalogue } from '../catalogue.ts';
import type { StaticLinks } from './links.ts';

/**
 * Files that lie beside the pages of a static site for its scripts, since nobody is there to answer: one file in
 * `indexes/`, its id the file's name. Made anew with every publication, so they must be cheap.
 */
export interface IndexFiles {
  readonly id: string;
  files(content: IndexContent, links: StaticLinks): Iterable<{ readonly path: string; make(): string }>;
}

/** What indexes are made of, read once for all of them. */
export interface IndexContent {
  readonly names: readonly ToolName[];
  readonly servers: readonly AddressedServer[];
}

export async function indexContent(catalogue: Catalogue): Promise<IndexContent> {
  const facets = new Set([...LEGS.values()].flatMap(({ marks = [] }) => marks));
  return { names: await catalogue.names(), servers: await catalogue.addressed([...facets]) };
}

/** Every kind of index there is. */
export const INDEXES: readonly IndexFiles[] = await plugins<IndexFiles>(join(import.meta.dirname, '../indexes'));
