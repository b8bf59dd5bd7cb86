import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { removeFile } from './files.ts';
import { countIn, pathsIn } from './path-list.ts';

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
  /** Their paths, as `path-list.ts` writes them: most groups are never looked into. */
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
  /** Whether the new site so far has the very files that the old one had, but for the groups named. */
  sameFiles(...but: readonly string[]): boolean;
  /** Leaves a group as it is. */
  keep(id: string): void;
  /** Notes a group that was written. Throws where it comes twice: two things would have one address. */
  record(id: string, group: Group, did: Published): void;
  /** Removes what is no longer there and writes the manifest. Only to be called when all went well. */
  finish(made: Made): Published;
}

const NAME = '.plimsoll-site';
const HEAD = 'plimsoll-site 3';
/** Characters of the manifest that are written at a time. */
const PIECE = 1 << 20;

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
      return pathsIn(group.files).some((file) => begun.has(file)) ? { ...group, stamp: '' } : group;
    },
    *now() {
      for (const [id, { files }] of now) yield [id, files];
    },
    sameFiles(...but) {
      if (begun.size > 0) return false;
      const rest = (groups: ReadonlyMap<string, Group>) => groups.size - but.filter((id) => groups.has(id)).length;
      if (rest(before) !== rest(now)) return false;
      for (const [id, { files }] of now) if (!but.includes(id) && before.get(id)?.files !== files) return false;
      return true;
    },
    keep(id) {
      const group = before.get(id)!;
      now.set(id, group);
      did.unchanged += countIn(group.files);
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
      for (const [id, { files }] of before) if (!now.has(id)) for (const file of pathsIn(files)) gone.add(file);
      // What one group gave up another may have taken over.
      if (gone.size > 0) for (const { files } of now.values()) for (const file of pathsIn(files)) gone.delete(file);
      for (const file of gone) remove(file);
      const file = join(folder, NAME);
      save(`${file}.new`, `${HEAD}\t${edition}\t${revision}\n`, now);
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

/** Writes a manifest a piece at a time: that of a large site is longer than anything else that is held in memory. */
function save(file: string, head: string, groups: ReadonlyMap<string, Group>): void {
  const descriptor = openSync(file, 'w');
  try {
    let piece = head;
    for (const [id, { stamp, files }] of groups) {
      piece += `${id}\t${stamp}\t${files}\n`;
      if (piece.length < PIECE) continue;
      writeSync(descriptor, piece);
      piece = '';
    }
    writeSync(descriptor, piece);
  } finally {
    closeSync(descriptor);
  }
}

function read(folder: string): Left {
  const before = new Map<string, Group>();
  const begun = new Set<string>();
  const lines = linesOf(join(folder, NAME));
  const [head, edition, revision] = lines[0]?.split('\t') ?? [];
  const known = head === HEAD;
  if (known) for (const line of lines.slice(1)) before.set(...groupIn(line));
  else for (const path of earlierPaths(lines)) begun.add(path);
  for (const line of linesOf(journalOf(folder)))
    if (line.startsWith('+')) begun.add(line.slice(1));
    else if (line.startsWith('=')) {
      const [id, group] = groupIn(line.slice(1));
      before.set(id, group);
      for (const file of pathsIn(group.files)) begun.delete(file);
    }
  return { made: known ? { edition: edition!, revision: Number(revision) } : undefined, before, begun };
}

/** Paths of a manifest in an earlier form: each with a hash behind it, in the second after id and stamp of its group. */
function earlierPaths(lines: readonly string[]): readonly string[] {
  const second = lines[0]?.startsWith('plimsoll-site 2\t') === true;
  return lines
    .slice(second ? 1 : 0)
    .flatMap((line) => line.split('\t').slice(second ? 2 : 0))
    .filter((_, at) => at % 2 === 0);
}

function groupIn(line: string): [string, Group] {
  const end = line.indexOf('\t');
  const after = line.indexOf('\t', end + 1);
  return [line.slice(0, end), { stamp: line.slice(end + 1, after), files: line.slice(after + 1) }];
}

function linesOf(file: string): readonly string[] {
  if (!existsSync(file)) return [];
  // The last line has its end, or was cut off by a crash.
  return readFileSync(file, 'utf8').split('\n').slice(0, -1);
}
