import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { removeFile } from './files.ts';

/** What a publication did, in files. */
export interface Published {
  readonly written: number;
  readonly unchanged: number;
  readonly removed: number;
}

/** Files that are written together and left alone together: those of one server, one list, one attack. */
export interface Group {
  /** What the group was made from; the same stamp means the same files. */
  readonly stamp: string;
  /** Paths and hashes, one after the other with tabs between: most groups are never looked into. */
  readonly files: string;
}

/** What a whole site was made from: code, data and options, and how far the catalogue had come. */
export interface Made {
  readonly edition: string;
  readonly revision: number;
}

export interface Manifest {
  /** Where the site is, absolute. */
  readonly folder: string;
  /** What the site that stands there was made from; absent where there is none. */
  readonly made: Made | undefined;
  /** Ids of the groups of that site. */
  groups(): Iterable<string>;
  /** A group as it was left; absent where nothing is known of it. What was begun and not ended has no stamp. */
  before(id: string): Group | undefined;
  /** Ids and files of the groups that the new site has so far. */
  now(): Iterable<readonly [string, string]>;
  /** Leaves a group as it is. */
  keep(id: string): void;
  /** Notes a group that was written. Throws where it comes twice: two things would have one address. */
  record(id: string, group: Group, did: Published): void;
  /** Removes what is no longer there and writes the manifest. Only to be called when all went well. */
  finish(made: Made): Published;
}

const NAME = '.plimsoll-site';
const HEAD = 'plimsoll-site 2';

/** Where a publication notes what it is about to write, and what it has written. */
export function journalOf(folder: string): string {
  return join(folder, `${NAME}.journal`);
}

/**
 * What an earlier publication left in a folder, so that nothing else in it is ever touched; the folder is made where
 * there is none. A publication that died has noted every path before it wrote it and every group when it was whole: the
 * next one goes on from there.
 */
export function openManifest(path: string): Manifest {
  const folder = resolve(path);
  mkdirSync(folder, { recursive: true });
  const { made, before, begun } = read(folder);
  const now = new Map<string, Group>();
  const did = { written: 0, unchanged: 0, removed: 0 };
  const remove = (file: string) => {
    if (removeFile(folder, file)) did.removed++;
  };
  return {
    folder,
    made,
    groups: () => before.keys(),
    before(id) {
      const group = before.get(id);
      if (!group || begun.size === 0) return group;
      const files = filesIn(group.files);
      const unsure = [...files.keys()].filter((file) => begun.has(file));
      for (const file of unsure) files.set(file, '');
      return unsure.length === 0 ? group : { stamp: '', files: asText(files) };
    },
    *now() {
      for (const [id, { files }] of now) yield [id, files];
    },
    keep(id) {
      const group = before.get(id)!;
      now.set(id, group);
      did.unchanged += count(group.files);
    },
    record(id, group, { written, unchanged, removed }) {
      if (now.has(id)) throw new Error(`${id} is published twice`);
      now.set(id, group);
      did.written += written;
      did.unchanged += unchanged;
      did.removed += removed;
    },
    finish({ edition, revision }) {
      const gone = new Set(begun);
      for (const [id, { files }] of before) if (!now.has(id)) for (const file of filesIn(files).keys()) gone.add(file);
      // What one group gave up another may have taken over.
      if (gone.size > 0)
        for (const { files } of now.values()) for (const file of filesIn(files).keys()) gone.delete(file);
      for (const file of gone) remove(file);
      const file = join(folder, NAME);
      const lines = Array.from(now, ([id, { stamp, files }]) => `${id}\t${stamp}\t${files}\n`);
      writeFileSync(`${file}.new`, [`${HEAD}\t${edition}\t${revision}\n`, ...lines].join(''));
      renameSync(`${file}.new`, file);
      rmSync(journalOf(folder), { force: true });
      return did;
    },
  };
}

interface Left {
  readonly made: Made | undefined;
  readonly before: Map<string, Group>;
  /** Paths that somebody began to write; what is in them is not known. */
  readonly begun: Set<string>;
}

function read(folder: string): Left {
  const before = new Map<string, Group>();
  const begun = new Set<string>();
  const lines = linesOf(join(folder, NAME));
  const [head, edition, revision] = lines[0]?.split('\t') ?? [];
  const known = head === HEAD;
  if (known) for (const line of lines.slice(1)) before.set(...groupIn(line));
  // An earlier form: a path and a hash on each line.
  else for (const line of lines) begun.add(line.split('\t', 1)[0]!);
  for (const line of linesOf(journalOf(folder)))
    if (line.startsWith('+')) begun.add(line.slice(1));
    else if (line.startsWith('=')) {
      const [id, group] = groupIn(line.slice(1));
      before.set(id, group);
      for (const file of filesIn(group.files).keys()) begun.delete(file);
    }
  return { made: known ? { edition: edition!, revision: Number(revision) } : undefined, before, begun };
}

function groupIn(line: string): [string, Group] {
  const end = line.indexOf('\t');
  const after = line.indexOf('\t', end + 1);
  return [line.slice(0, end), { stamp: line.slice(end + 1, after), files: line.slice(after + 1) }];
}

/** Paths and hashes of a group's text. */
export function filesIn(text: string): Map<string, string> {
  const files = new Map<string, string>();
  const parts = text === '' ? [] : text.split('\t');
  for (let at = 0; at < parts.length; at += 2) files.set(parts[at]!, parts[at + 1] ?? '');
  return files;
}

/** The text of paths and hashes. */
export function asText(files: ReadonlyMap<string, string>): string {
  return Array.from(files, ([path, hash]) => `${path}\t${hash}`).join('\t');
}

function count(files: string): number {
  let tabs = 0;
  for (let at = files.indexOf('\t'); at >= 0; at = files.indexOf('\t', at + 1)) tabs++;
  return (tabs + 1) >> 1;
}

function linesOf(file: string): readonly string[] {
  if (!existsSync(file)) return [];
  // The last line has its end, or was cut off by a crash.
  return readFileSync(file, 'utf8').split('\n').slice(0, -1);
}
