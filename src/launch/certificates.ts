import { readFile } from 'node:fs/promises';

/** The texts of certificate files, by where a sandbox is to see them; those that cannot be read are left out. */
export async function certificates(
  files: Readonly<Record<string, string | undefined>>,
): Promise<Readonly<Record<string, string>>> {
  const read = Object.entries(files).map(async ([inside, path]) => {
    const text = path === undefined ? '' : await readFile(path, 'utf8').catch(() => '');
    return text === '' ? [] : [[inside, text] as const];
  });
  return Object.fromEntries((await Promise.all(read)).flat());
}
