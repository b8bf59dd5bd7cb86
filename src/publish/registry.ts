import { join } from 'node:path';
import { plugins } from '#core/plugins.ts';
import { type Path, pathOf } from './addresses/paths.ts';
import type { Page } from './page.ts';

/** A kind of page with its path ready to be used. */
export interface Placed {
  readonly page: Page;
  readonly path: Path;
}

/** Every kind of page there is, by id, in order of id. */
export const PAGES: ReadonlyMap<string, Placed> = new Map(
  (await plugins<Page>(join(import.meta.dirname, 'pages'))).map((page) => [page.id, { page, path: pathOf(page.path) }]),
);

/** The kind of page of this id. Throws where there is none: a page would lead nowhere. */
export function placed(id: string): Placed {
  const found = PAGES.get(id);
  if (!found) throw new Error(`there is no kind of page '${id}'`);
  return found;
}
