import { closeSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { holds, removeFile, within } from './files.ts';
import { type Group, journalOf, type Published } from './manifest.ts';
import { asText, pathsIn } from './path-list.ts';

/** A file to be: its content is made when it is its turn, so that one at a time is in memory. */
export interface Planned {
  readonly path: string;
  make(): string | Buffer;
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

/**
 * Writes groups of files into the folder of a site; each thread opens its own. What stands there already is compared with
 * what is to be, and only what changed is written. Synchronous: a page is made and written in less time than a thread
 * pool takes to answer.
 */
export function openWriter(folder: string): Writer {
  const journal = openSync(journalOf(folder), 'a');
  const encoded = encoder();
  const folders = new Set<string>();
  /** Writes a file unless it holds that already; false where it does. `stood`: there was one. */
  const put = (path: string, made: string | Buffer, stood: boolean) => {
    const file = within(folder, path);
    const content = typeof made === 'string' ? encoded(made) : made;
    if (!stood && created(file, content, folders)) return true;
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
          for (const { path, make } of planned) {
            if (now.has(path)) throw new Error(`${path} is published twice`);
            now.add(path);
            if (put(path, make(), left.delete(path))) written++;
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
 * Writes a file that was not there; false where one is. Nobody reads it yet, and the journal knows of it. `folders`: those
 * that need not be made, or had better be made again where they went in the meantime.
 */
function created(file: string, content: Buffer, folders: Set<string>): boolean {
  const above = file.slice(0, file.lastIndexOf(sep));
  for (let tries = 0; ; tries++) {
    if (!folders.has(above)) {
      mkdirSync(above, { recursive: true });
      if (folders.size >= FOLDERS) folders.clear();
      folders.add(above);
    }
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
