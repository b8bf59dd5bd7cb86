import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { TooLarge } from '#core/archive.ts';
import { sha256 } from '#core/hash.ts';
import type { Artefact } from '#domain/launch.ts';
import type { Objects } from './objects.ts';
import { pack, unpack } from './pack.ts';

/** What was stored for a tree: the hash and size of the object, and the bytes of the tree itself. */
export interface StoredTree {
  readonly sha256: string;
  readonly bytes: number;
  readonly unpacked: number;
}

/** Which object belongs to a tree: kept where it is trusted, in the catalogue, and not where the objects lie. */
export interface TreeRecords {
  find(key: string): Promise<StoredTree | undefined>;
  save(key: string, stored: StoredTree): Promise<void>;
}

/** Installed trees that workers on all machines share, so that a package version is fetched and installed once. */
export interface SharedTrees {
  /** Fills `folder` with the tree as some worker installed it; false where it has to be built here. Never rejects but for an abort. */
  fetch(key: string, folder: string): Promise<boolean>;
  /** Stores a tree that was built here. What goes wrong is reported and costs the visit nothing. */
  store(key: string, tree: string, unpacked: number): Promise<void>;
}

/** Beyond this a tree is installed on each machine anew. */
const BYTES_MAX = 1e9;
/** Headers and padding of a tar, which the bytes of a tree do not count. */
const TAR_SHARE = 4;
const DEADLINE = 120_000;
/** After so many failures in a row the store is left alone for a while: a visit is not to wait for what is down. */
const FAILURES = 3;
const REST_MS = 60_000;

/** What a tree depends on beside the package: the machine's kind, its C library, and whether it was installed in a sandbox. */
export function sharedKey(kind: string, { purl, version, integrity }: Artefact, confined: boolean): string {
  const { platform, arch, versions } = process;
  return sha256(JSON.stringify([kind, purl, version, integrity, platform, arch, versions.modules, libc(), confined]));
}

let knownLibc: string | undefined;
function libc(): string {
  // A report is costly, and this machine's library does not change.
  knownLibc ??=
    (process.report.getReport() as { header: { glibcVersionRuntime?: string } }).header.glibcVersionRuntime ?? 'other';
  return knownLibc;
}

/** Trees in a store of objects. `scratch` is a folder for what is on its way; `report` hears why something was not to be had. */
export function sharedTrees(
  objects: Objects,
  records: TreeRecords,
  options: { readonly scratch: string; readonly report: (why: string) => void; readonly stop: AbortSignal },
): SharedTrees {
  let failures = 0;
  let restUntil = 0;
  /** Runs it in a folder of its own, unless the store is at rest. */
  async function attempt<T>(what: string, otherwise: T, work: (folder: string, signal: AbortSignal) => Promise<T>) {
    if (Date.now() < restUntil) return otherwise;
    const folder = await mkdtemp(join(options.scratch, `${process.pid}-`));
    try {
      return await work(folder, AbortSignal.any([options.stop, AbortSignal.timeout(DEADLINE)]));
    } catch (error) {
      options.stop.throwIfAborted();
      options.report(`${objects.place}: ${what}: ${reasonOf(error)}`);
      if (++failures >= FAILURES) [failures, restUntil] = [0, Date.now() + REST_MS];
      return otherwise;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return {
    fetch: (key, target) =>
      attempt('a tree could not be fetched and is installed here', false, async (folder, signal) => {
        const known = await records.find(key);
        const found = known && (await objects.read(nameOf(key, known), signal));
        if (!known || !found) return false;
        const file = join(folder, 'object');
        await download(found, file, known, signal);
        await unpack(file, target, TAR_SHARE * known.unpacked + 100e6, signal);
        failures = 0;
        return true;
      }),
    store: (key, tree, unpacked) =>
      attempt('a tree could not be stored', undefined, async (folder, signal) => {
        if (unpacked > BYTES_MAX) return;
        const file = join(folder, 'object');
        const packed = await pack(tree, file, signal);
        const stored = { ...packed, unpacked };
        await objects.write(nameOf(key, stored), { path: file, sha256: packed.sha256 }, signal);
        failures = 0;
        // Last, so that what is recorded is there.
        await records.save(key, stored);
      }),
  };
}

/** By what it is and what it holds: two workers that build the same tree at once do not overwrite one another's. */
function nameOf(key: string, { sha256: hash }: StoredTree): string {
  return `${key.slice(0, 2)}/${key}/${hash}.tar.zst`;
}

/** Writes an object to a file, no more of it than there may be, and throws where it is not what was stored. */
async function download(
  object: AsyncIterable<Uint8Array>,
  file: string,
  { sha256: wanted, bytes }: StoredTree,
  signal: AbortSignal,
): Promise<void> {
  const hash = createHash('sha256');
  let size = 0;
  await pipeline(
    object,
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        size += chunk.byteLength;
        if (size > bytes) throw new TooLarge(`an object of more than the ${bytes} bytes that were stored`);
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(file),
    { signal },
  );
  if (hash.digest('hex') !== wanted) throw new Error('the object is not what was stored (its hash differs)');
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as { readonly message?: string; readonly cause?: { readonly message?: string } };
  return (cause?.message || message || String(error)).slice(0, 200);
}
