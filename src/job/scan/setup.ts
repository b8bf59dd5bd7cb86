import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { WrongUse } from '#core/errors.ts';
import type { Client } from '#setup/client.ts';
import type { Entry } from '#setup/entry.ts';
import { gather, readGiven, type Setup, together } from '#setup/gather.ts';
import type { Around } from '#setup/places.ts';

/**
 * The setup that a scan was called for: that of the user and the workspace where nothing is named, else the files named,
 * those of a workspace for each folder, or one command or address behind `--`. Throws `WrongUse` for a name that is none.
 */
export async function setupOf(
  paths: readonly string[],
  command: readonly string[],
  clients: readonly Client[],
  around: Around,
  as: string | undefined,
): Promise<Setup> {
  if (command.length > 0 && paths.length > 0)
    throw new WrongUse('Name files or folders, or a command behind --, not both.');
  if (command.length > 0) return { entries: [commanded(command)], files: [], broken: [] };
  const known = clients.filter(({ id }) => as === undefined || id === as);
  if (known.length === 0)
    throw new WrongUse(`There is no client '${as}'. Clients are ${clients.map(({ id }) => id).join(', ')}.`);
  if (paths.length === 0) return gather(known, around, ['user', 'workspace']);
  const setups: Setup[] = [];
  for (const path of paths.map((one) => resolve(around.workspace, one))) {
    const there = await stat(path).catch(() => undefined);
    if (!there) throw new WrongUse(`There is no ${path}. A command goes behind --: scan -- npx -y NAME.`);
    setups.push(
      there.isDirectory()
        ? await gather(known, { ...around, workspace: path }, ['workspace'])
        : await readGiven(path, as === undefined ? clients : known),
    );
  }
  return together(setups);
}

/** What is named on the command line itself: whoever typed it means it. */
function commanded([first = '', ...args]: readonly string[]): Entry {
  const base = { client: 'plain', file: '', scope: 'user', path: [], disabled: false, line: 1, column: 1 } as const;
  if (/^https?:\/\//i.test(first) && args.length === 0)
    return {
      ...base,
      name: 'address',
      start: { kind: 'remote', type: 'streamable-http', url: first, headers: new Map() },
    };
  return { ...base, name: 'command', start: { kind: 'command', command: first, args, env: new Map() } };
}
