import { closeSync, linkSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { holds, removeFile, within } from './files.ts';
import { type Group, journalOf, type Published } from './manifest.ts';
import { asText, pathsIn } from './path-list.ts';

/** A file to be: its content is made when it is its turn, so that one at a time is in memory. */
export interface Planned {
  readonly path: string;
  make(): string | Buffer;
  /** Many files of the site say the very same, as badges do: those stand on disk once, under all of their names. */
  readonly common?: true;
}

export interface Wrote {
  readonly group: Group;
  readonly did: Published;
}

export interface GroupWriter {
  /** Throws where a path would leave the folder or comes twice. */
  add(planned: readonly Planned[]): void;
  /** Removes what the group had and has no more. */
  end(id: string, stamp: string): Wrote;
}

export interface Writer extends Disposable {
  /** Begins a group; `before` is what it was. */
  begin(before: Group | undefined): GroupWriter;
}

/** Folders that are known to be there. */
const FOLDERS = 1000;
/** Contents that are known to stand somewhere. */
const CONTENTS = 200;

/**
 * Writes groups of files into the folder of a site; each thread opens its own. What stands there already is compared with
 * what is to be, and only what changed is written. Synchronous: a page is made and written in less time than a thread
 * pool takes to answer.
 */
export function openWriter(folder: string): Writer {
  const journal = openSync(journalOf(folder), 'a');
  const encoded = encoder();
  const folders = new Set<string>();
  const linked = linker(folders);
  /** Writes a file unless it holds that already; false where it does. `stood`: there was one. */
  const put = ({ path, make, common }: Planned, stood: boolean) => {
    const file = within(folder, path);
    const made = make();
    if (common && !stood && linked(file, made)) return true;
    const content = typeof made === 'string' ? encoded(made) : made;
    if (!stood && created(file, content, folders)) {
      if (common) linked.standsIn(file, made);
      return true;
    }
    if (holds(file, content)) return false;
    replaced(file, content);
    return true;
  };
  return {
    begin(before) {
      const left = new Set(pathsIn(before?.files ?? ''));
      const now = new Set<string>();
      let written = 0;
      return {
        add(planned) {
          writeSync(journal, planned.map(({ path }) => `+${path}\n`).join(''));
          for (const one of planned) {
            const { path } = one;
            if (now.has(path)) throw new Error(`${path} is published twice`);
            now.add(path);
            if (put(one, left.delete(path))) written++;
          }
        },
        end(id, stamp) {
          let removed = 0;
          for (const path of left) if (removeFile(folder, path)) removed++;
          const group = { stamp, files: asText(now) };
          writeSync(journal, `=${id}\t${stamp}\t${group.files}\n`);
          return { group, did: { written, unchanged: now.size - written, removed } };
        },
      };
    },
    [Symbol.dispose]: () => closeSync(journal),
  };
}

/** Makes UTF-8 of texts in a buffer that the next text overwrites. */
function encoder(): (text: string) => Buffer {
  let bytes = Buffer.allocUnsafe(1 << 18);
  return (text) => {
    // No unit of a text takes more than three bytes.
    if (text.length * 3 > bytes.length) bytes = Buffer.allocUnsafe(text.length * 4);
    return bytes.subarray(0, bytes.write(text));
  };
}

/**
 * Gives files that hold what another holds a second name on disk, which takes half the time and no room. A file that
 * later holds something else is written beside and takes the name's place (`replaced`), so the others stay what they are.
 */
function linker(folders: Set<string>) {
  const stand = new Map<string | Buffer, string>();
  /** False where it must be written: nothing of the kind stands yet, or the disk takes no more names for it, or none at all. */
  const linked = (file: string, made: string | Buffer): boolean => {
    const other = stand.get(made);
    if (other === undefined) return false;
    mkdirAbove(file, folders);
    try {
      linkSync(other, file);
      return true;
    } catch {
      // The next one is written, and the others are named after that.
      stand.delete(made);
      return false;
    }
  };
  return Object.assign(linked, {
    standsIn(file: string, made: string | Buffer): void {
      if (stand.size >= CONTENTS) stand.clear();
      stand.set(made, file);
    },
  });
}

/**
 * Writes a file that was not there; false where one is. Nobody reads it yet, and the journal knows of it. `folders`: those
 * that need not be made, or had better be made again where they went in the meantime.
 */
function created(file: string, content: Buffer, folders: Set<string>): boolean {
  for (let tries = 0; ; tries++) {
    const above = mkdirAbove(file, folders);
    try {
      write(file, 'wx', content);
      return true;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') return false;
      if (code !== 'ENOENT' || tries > 0) throw error;
      folders.delete(above);
    }
  }
}

/** Makes the folder of a file unless it is known to be there, and tells which it is. */
function mkdirAbove(file: string, folders: Set<string>): string {
  const above = file.slice(0, file.lastIndexOf(sep));
  if (folders.has(above)) return above;
  mkdirSync(above, { recursive: true });
  if (folders.size >= FOLDERS) folders.clear();
  folders.add(above);
  return above;
}

/** Readers never see half a page: the new one takes the old one's place at once. */
function replaced(file: string, content: Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  write(`${file}.new`, 'w', content);
  renameSync(`${file}.new`, file);
}

function write(file: string, flags: 'w' | 'wx', content: Buffer): void {
  const descriptor = openSync(file, flags);
  try {
    for (let at = 0; at < content.length; ) at += writeSync(descriptor, content, at);
  } finally {
    closeSync(descriptor);
  }
}
