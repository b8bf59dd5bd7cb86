import { fileName, filePath, pageSegment, segment, slugPath, unpageSegment, unsegment } from './address.ts';

/** Values of a path's placeholders, in their order. */
export type Key = readonly string[];

/** Where the pages of one kind are, live and as files. */
export interface Path {
  /** How many placeholders it has. */
  readonly names: number;
  /** The live address. */
  live(key: Key): string;
  /** The file of a page on disk without its extension; a path that ends in a slash is a folder's `index`. */
  stem(key: Key): string;
  /** The key of a raw live address without its extension; undefined where it is no address of this kind. */
  match(raw: string): Key | undefined;
}

/**
 * A path such as `/attacks/:id` or `/servers/*slug/-/tools/:name`: `:x` stands for one name, `*x` for a slug with
 * slashes of its own. A slash at the end says that the page is a folder of the static site, with others below it.
 * Different keys have different addresses, and different files also on disks that ignore case.
 */
export function pathOf(pattern: string): Path {
  const parts = pattern.split('/').filter((part) => part !== '');
  const folder = pattern.endsWith('/');
  const shape = new RegExp(`^/${parts.map(shapeOf).join('/')}$`);
  const last = parts.length - 1;
  return {
    names: parts.filter(isName).length,
    live(key) {
      let at = 0;
      return `/${parts.map((part, place) => (isName(part) ? spelt(part, key[at++]!, place === last) : part)).join('/')}`;
    },
    stem(key) {
      let at = 0;
      const names = parts.map((part) => {
        if (!isName(part)) return part;
        return part.startsWith('*') ? filePath(key[at++]!) : fileName(key[at++]!);
      });
      return [...names, ...(folder ? ['index'] : [])].join('/');
    },
    match(raw) {
      const found = shape.exec(raw);
      const names = parts.filter(isName);
      const key = found?.slice(1).map((text, at) => read(text, names[at]!, names[at] === parts[last]));
      return key?.includes(undefined) ? undefined : (key as Key | undefined);
    },
  };
}

function isName(part: string): boolean {
  return part.startsWith(':') || part.startsWith('*');
}

function shapeOf(part: string): string {
  if (part.startsWith(':')) return '([^/]+)';
  // No segment of a slug is '-': that is how what is below a server is told from the server.
  if (part.startsWith('*')) return '((?!-(?:/|$))[^/]+(?:/(?!-(?:/|$))[^/]+)*)';
  return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function spelt(part: string, name: string, last: boolean): string {
  if (part.startsWith('*')) return last ? slugPath(name, pageSegment) : slugPath(name);
  return last ? pageSegment(name) : segment(name);
}

function read(raw: string, part: string, last: boolean): string | undefined {
  const segments = part.startsWith('*') ? raw.split('/') : [raw];
  const names = segments.map((one, at) => (last && at === segments.length - 1 ? unpageSegment(one) : unsegment(one)));
  return names.includes(undefined) ? undefined : names.join('/');
}
