import type { Here, Page } from '../page.ts';
import { FACES, type Face } from './address.ts';
import { atom } from './feeds.ts';
import type { Links } from './links.ts';

/** The faces that pages of a kind have on a site. */
export function facesOf(page: Page, links: Links): readonly Face[] {
  const has = { md: true, svg: page.badge, atom: page.feed, png: page.picture };
  return FACES.filter((face) => has[face] && links.faces.has(face));
}

/** What a page is told of its place; `at` gives the address of the page itself (`html`) and of its faces. */
export function hereAt(page: Page, links: Links, at: (face: Face | 'html') => string, next?: string): Here {
  const faces = facesOf(page, links).filter((face) => face !== 'svg');
  return {
    address: at('html'),
    ...(next !== undefined && { next }),
    faces: Object.fromEntries(faces.map((face) => [face, at(face)])),
  };
}

/** A page or one of its faces as text; pictures are not text. `self` is the address of the face. */
export function textOf(
  face: Exclude<Face, 'png'> | 'html',
  page: Page,
  subject: unknown,
  links: Links,
  here: Here,
): string {
  switch (face) {
    case 'html':
      return page.render(subject, links, here).toString();
    case 'md':
      return page.markdown(subject, links, here).toString();
    case 'svg':
      return page.badge!(subject);
    case 'atom':
      return atom(page.feed!(subject, links), {
        origin: links.origin,
        page: here.address!,
        self: here.faces!.atom!,
      });
  }
}

/** Media types of faces. */
export const MEDIA_TYPES: Readonly<Record<Face | 'html', string>> = {
  html: 'text/html; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  atom: 'application/atom+xml; charset=utf-8',
};
