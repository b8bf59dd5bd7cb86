import { facesOf, hereAt, textOf } from '../addresses/faces.ts';
import type { StaticLinks } from '../addresses/links.ts';
import type { Key, Path } from '../addresses/paths.ts';
import type { Catalogue } from '../catalogue.ts';
import type { CataloguePage } from '../page.ts';
import { PAGES } from '../registry.ts';
import type { Planned } from './writer.ts';

/** One key of a kind with its files: of a list, all its pages. No files: there is no such page, or none any more. */
export interface Chain {
  readonly group: string;
  readonly files: AsyncIterable<readonly Planned[]>;
}

/** The start of the groups of a kind. */
export function groupsOf(kind: string): string {
  return `@${kind}/`;
}

/** The catalogue pages of a kind, key by key: all, or those that may have changed or gone `since` a revision. */
export async function* chainsOf(
  kind: string,
  catalogue: Catalogue,
  links: StaticLinks,
  since: number | undefined,
): AsyncGenerator<Chain> {
  const { page, path } = PAGES.get(kind)!;
  if (page.of !== 'catalogue' || page.liveOnly) return;
  const touched = since === undefined ? undefined : page.touched?.(catalogue, since);
  const keys = touched ?? page.keys?.(catalogue) ?? [[]];
  for await (const key of keys)
    yield { group: `${groupsOf(kind)}${path.stem(key)}`, files: chain(page, path, key, catalogue, links) };
}

async function* chain(
  page: CataloguePage<unknown>,
  path: Path,
  key: Key,
  catalogue: Catalogue,
  links: StaticLinks,
): AsyncGenerator<readonly Planned[]> {
  const first = path.stem(key);
  // Pictures are drawn for the pages of servers only, which others link to.
  const faces = ['html', ...facesOf(page, links).filter((face) => face !== 'png')] as const;
  let cursor: string | undefined;
  for (let number = 1; ; number++) {
    const loaded = await page.load({ key, parameters: {}, ...(cursor !== undefined && { cursor }) }, catalogue);
    if (!loaded) return;
    const stem = stemOf(first, number);
    const more = loaded.next !== undefined && number < (page.staticPages ?? Number.POSITIVE_INFINITY);
    const following = more ? stemOf(first, number + 1) : undefined;
    yield faces.map((face) => ({
      path: `${stem}.${face}`,
      make() {
        const after = following && links.at(following, face);
        const here = hereAt(page, links, (one) => links.at(stem, one), after);
        return textOf(face, page, loaded.subject, links, here);
      },
    }));
    if (!more) return;
    cursor = loaded.next;
  }
}

/** Where the later pages of a list are: in a folder '-', which is no name of anything. */
function stemOf(first: string, number: number): string {
  if (number === 1) return first;
  return first.replace(/[^/]+$/, (name) => `-/${name === 'index' ? '' : `${name}/`}${number}`);
}
