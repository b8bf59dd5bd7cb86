import { join } from 'node:path';
import cacache from 'cacache';

/** As cacache has it since 2021; its published types lack the third argument. */
const removeEntry: (cache: string, key: string, options: { removeFully: boolean }) => Promise<unknown> =
  cacache.rm.entry;

/** Where npm and pacote keep what they fetched; npm adds `_cacache`, pacote is told it. */
export function npmCache(home: string): { readonly npm: string; readonly pacote: string } {
  const npm = join(home, 'npm-cache');
  return { npm, pacote: join(npm, '_cacache') };
}

/**
 * Removes the oldest entries of the package cache until the rest fits `bytes`; npm's cache has no limit of its own.
 * What is gone is fetched again when it is asked for. Not for while something installs.
 */
export async function trimCache(home: string, bytes: number): Promise<void> {
  const cache = npmCache(home).pacote;
  const entries = Object.values(await cacache.ls(cache));
  let total = 0;
  for (const { size } of entries) total += size;
  for (const { key, integrity, size } of entries.sort((a, b) => a.time - b.time)) {
    if (total <= bytes) return;
    // The entry first: one without content is an error to npm, content without an entry is only unused.
    // `removeFully`: a mere mark would let npm find an older answer under the same key.
    await removeEntry(cache, key, { removeFully: true });
    await cacache.rm.content(cache, integrity);
    total -= size;
  }
}
