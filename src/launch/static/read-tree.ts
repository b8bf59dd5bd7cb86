import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { readDistribution } from '../pypi/programs.ts';
import { readPython } from './python/read-python.ts';
import { type Reading, readTools } from './read-tools.ts';

/**
 * Reads the tools out of what lies in a tree, in the language that it is written in: a Python distribution under `site`,
 * a bundle under `bundle`, else an npm package. `skip` are files not to be parsed, `note` is told a file before it is.
 */
export async function readTree(
  given: string,
  name: string,
  options: { readonly skip: ReadonlySet<string>; readonly note: (path: string) => void },
): Promise<Reading> {
  const tree = realpathSync(given);
  const [site, bundle] = [join(tree, 'site'), join(tree, 'bundle')];
  if (existsSync(site)) return readPython(site, (await readDistribution(site, name))?.files, options);
  if (!existsSync(bundle)) return readTools(join(tree, 'node_modules', name), tree, name, options);
  const script = await readTools(bundle, tree, name, options);
  return script.tools.length > 0 ? script : readPython(bundle, undefined, options);
}
