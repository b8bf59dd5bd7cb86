import { hash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { removeFile, sizeOf, within } from './files.ts';
import { asText, filesIn, type Group, journalOf, type Published } from './manifest.ts';

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

/**
 * Writes groups of files into the folder of a site; each thread opens its own. Content is compared by hash with what was
 * written before, and only what changed is written. Synchronous: a page is made and written in less time than a thread
 * pool takes to answer.
 */
export function openWriter(folder: string): Writer {
  const journal = openSync(journalOf(folder), 'a');
  const encoded = encoder();
  /** Writes a file unless it is as it was; `last` is the hash of what was written there, empty where nobody knows. */
  const put = (path: string, made: string | Buffer, last: string | undefined) => {
    const file = within(folder, path);
    const content = typeof made === 'string' ? encoded(made) : made;
    const print = hash('sha256', content, 'base64url').slice(0, 16);
    if (last === print && sizeOf(file) === content.length) return { print, changed: false };
    if (last !== undefined || !created(file, content)) replaced(file, content);
    return { print, changed: true };
  };
  return {
    begin(before) {
      const known = filesIn(before?.files ?? '');
      const now = new Map<string, string>();
      let written = 0;
      return {
        add(planned) {
          writeSync(journal, planned.map(({ path }) => `+${path}\n`).join(''));
          for (const { path, make } of planned) {
            if (now.has(path)) throw new Error(`${path} is published twice`);
            const { print, changed } = put(path, make(), known.get(path));
            known.delete(path);
            now.set(path, print);
            if (changed) written++;
          }
        },
        end(id, stamp) {
          let removed = 0;
          for (const path of known.keys()) if (removeFile(folder, path)) removed++;
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

/** Writes a file that was not there; false where one is. Nobody reads it yet, and the journal knows of it. */
function created(file: string, content: Buffer): boolean {
  for (let tries = 0; ; tries++) {
    try {
      write(file, 'wx', content);
      return true;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') return false;
      if (code !== 'ENOENT' || tries > 0) throw error;
      mkdirSync(dirname(file), { recursive: true });
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
