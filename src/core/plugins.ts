import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The ids of a folder's plug-ins, without loading any. */
export function pluginIds(folder: string): readonly string[] {
  return pluginFiles(folder).map(idOf);
}

function pluginFiles(folder: string): readonly string[] {
  return globSync('*.{ts,js}', { cwd: folder })
    .filter((file) => !file.endsWith('.d.ts'))
    .sort();
}

function idOf(file: string): string {
  return basename(file).replace(/\.[tj]s$/, '');
}

/**
 * The default exports of every file in a folder, in order of file name: dropping a file in adds a plug-in.
 * `only` loads that one alone. Throws, naming the file, when one has no default export or an `id` other than its file name.
 */
export async function plugins<T extends { readonly id: string }>(folder: string, only?: string): Promise<readonly T[]> {
  const files = pluginFiles(folder).filter((file) => only === undefined || idOf(file) === only);
  return Promise.all(
    files.map(async (file) => {
      const path = join(folder, file);
      const { default: plugin } = (await import(pathToFileURL(path).href)) as { default?: T };
      const id = idOf(file);
      if (plugin?.id !== id) throw new Error(`${path}: the default export must be a plug-in whose id is '${id}'`);
      return plugin;
    }),
  );
}
