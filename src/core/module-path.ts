import { extname, join } from 'node:path';

/**
 * Path of a module of ours that is started as a program or a thread, by its name beside the one that asks or below it:
 * TypeScript in the sources, JavaScript in the package that is built from them.
 */
export function modulePath(from: ImportMeta, name: string): string {
  return join(from.dirname, `${name}${extname(from.filename)}`);
}
