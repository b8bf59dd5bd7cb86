import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { sha256 } from '#core/hash.ts';

/** What a publication did, in files. */
export interface Published {
  readonly written: number;
  readonly unchanged: number;
  readonly removed: number;
}

export interface Disk {
  /** Writes a file where its content changed. Throws where a path would leave the folder or comes twice. */
  write(path: string, content: string): void;
  /** Removes what an earlier publication wrote and this one did not. Only to be called when all went well. */
  finish(): Published;
}

/** Lists the files that are ours, so that nothing else in the folder is ever touched. */
const MANIFEST = '.plimsoll-site';

/**
 * A folder that holds a published site. The manifest is a journal: a path is noted before it is written and its hash
 * at the end, so a publication that died leaves files that the next one rewrites or removes.
 */
export function openDisk(folder: string): Disk {
  const root = resolve(folder);
  const manifest = join(root, MANIFEST);
  mkdirSync(root, { recursive: true });
  const before = readManifest(manifest);
  const now = new Map<string, string>();
  let written = 0;

  return {
    write(path, content) {
      const file = within(root, path);
      if (now.has(path)) throw new Error(`${path} is published twice`);
      const size = Buffer.byteLength(content);
      const hash = `${size}-${sha256(content).slice(0, 32)}`;
      now.set(path, hash);
      if (before.get(path) === hash && sizeOf(file) === size) return;
      appendFileSync(manifest, `${path}\n`);
      mkdirSync(dirname(file), { recursive: true });
      // Readers never see half a page: the new one takes the old one's place at once.
      const draft = `${file}.new`;
      writeFileSync(draft, content);
      renameSync(draft, file);
      written++;
    },
    finish() {
      let removed = 0;
      for (const path of before.keys()) if (!now.has(path) && remove(root, within(root, path))) removed++;
      const draft = `${manifest}.new`;
      writeFileSync(draft, [...now].map(([path, hash]) => `${path}\t${hash}\n`).join(''));
      renameSync(draft, manifest);
      return { written, unchanged: now.size - written, removed };
    },
  };
}

function readManifest(file: string): Map<string, string> {
  const entries = new Map<string, string>();
  if (!existsSync(file)) return entries;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [path, hash] = line.split('\t');
    if (path) entries.set(path, hash ?? '');
  }
  return entries;
}

function within(root: string, path: string): string {
  const file = resolve(root, path);
  if (!file.startsWith(root + sep) || relative(root, file) !== path.replaceAll('/', sep))
    throw new Error(`'${path}' is not a plain path inside the site`);
  return file;
}

function sizeOf(file: string): number | undefined {
  return lstatSync(file, { throwIfNoEntry: false })?.size;
}

/** Removes a file and the folders that it leaves empty; false where it was gone already. */
function remove(root: string, file: string): boolean {
  if (sizeOf(file) === undefined) return false;
  rmSync(file);
  for (let folder = dirname(file); folder !== root; folder = dirname(folder)) {
    try {
      rmdirSync(folder);
    } catch {
      break;
    }
  }
  return true;
}
