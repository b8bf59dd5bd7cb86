import { NPM_PROGRAM } from '#core/npm-network.ts';
import { type BareErrand, runBare } from '../bare.ts';

/** Runs the pinned npm under this Node, outside of any sandbox, with nothing of this process's environment. */
export function runNpm(
  args: readonly string[],
  { folder, ...options }: Omit<BareErrand, 'command' | 'cwd'> & { readonly folder: string },
) {
  return runBare({ command: [process.execPath, NPM_PROGRAM, ...args], cwd: folder, ...options });
}
