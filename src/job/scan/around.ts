import { homedir } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import type { Around } from '#setup/places.ts';

/** This machine and whoever runs this. Their environment is read for what configurations refer to, and nothing else. */
export function aroundHere(workspace: string = process.cwd()): Around {
  const { platform } = process;
  const known = platform === 'darwin' || platform === 'win32' ? platform : 'linux';
  const absolute = isAbsolute(workspace) ? workspace : resolve(workspace);
  return { platform: known, home: homedir(), workspace: absolute, env: process.env };
}
