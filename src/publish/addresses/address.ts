import { sha256 } from '#core/hash.ts';

/**
 * A name as one segment of a URL path. Percent-encoded; names that clients would fold away or that the routes use
 * themselves ('', '.', '..', '-') get a '~' in front, and so do those that begin so already. Injective but for
 * lone surrogates, which no URL can carry.
 */
export function segment(name: string): string {
  return encodeURIComponent((/^~*(?:\.{0,2}|-)$/.test(name) ? `~${name}` : name).toWellFormed());
}

/** The name that a raw segment stands for; undefined where it is not valid percent-encoding. */
export function unsegment(raw: string): string | undefined {
  try {
    return unescapeName(decodeURIComponent(raw));
  } catch {
    return undefined;
  }
}

/** The name that a segment stands for, once it has been decoded. */
export function unescapeName(text: string): string {
  return /^~+(?:\.{0,2}|-)$/.test(text) ? text.slice(1) : text;
}

/** What a page is also written as: the same address with one of these at its end. */
export const FACES = ['md', 'svg', 'png', 'atom'] as const;
export type Face = (typeof FACES)[number];

/** A name as the last segment of a page's address: one that ends like a face of a page gets a '~' behind it. */
export function pageSegment(name: string): string {
  return segment(/\.(?:md|svg|png|atom)~*$/.test(name) ? `${name}~` : name);
}

/** The name that the last segment of a page's address stands for. */
export function unpageSegment(raw: string): string | undefined {
  return unsegment(raw)?.replace(/(\.(?:md|svg|png|atom)~*)~$/, '$1');
}

/** A slug as the segments of a path: its slashes are the path's. */
export function slugPath(slug: string, spellLast = segment): string {
  const parts = slug.split('/');
  return parts.map((part, at) => (at === parts.length - 1 ? spellLast : segment)(part)).join('/');
}

// The devices of Windows, and the names that the site itself uses beside a server's.
const TAKEN = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)|^index(?:\.|$)|^policy\.json$/;

/**
 * A name as a file name: itself where every disk keeps it as it is, else readable letters and a hash of the whole.
 * Injective also on disks that ignore case, and never a way out of a folder.
 */
export function fileName(name: string): string {
  if (/^@?[a-z0-9][a-z0-9._-]{0,59}$/.test(name) && !name.endsWith('.') && !TAKEN.test(name)) return name;
  return hashed(name);
}

/** A slug as a path of file names, at most 8 deep and 200 long. */
export function filePath(slug: string): string {
  if (last.slug === slug) return last.path;
  const parts = slug.split('/').map(fileName);
  const joined = parts.join('/');
  const path = parts.length <= 8 && joined.length <= 200 ? joined : hashed(slug);
  last = { slug, path };
  return path;
}
// All pages of one server are made one after another, and each leads to the others many times.
let last: { readonly slug?: string; readonly path: string } = { path: '' };

function hashed(name: string): string {
  const readable = name
    .slice(0, 60)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);
  // JSON writes lone surrogates as escapes; bytes of UTF-8 would make them all alike.
  return `${readable || 'x'}~${sha256(JSON.stringify(name)).slice(0, 20)}`;
}
