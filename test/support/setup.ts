import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Around } from '#setup/places.ts';

/** A person's home folder and workspace, with files in them, and folders for Plimsoll's own. */
export interface Person extends Disposable {
  readonly around: Around;
  /** Settings of a Plimsoll that keeps its files here and starts no containers. */
  readonly env: Readonly<Record<string, string>>;
  /** Writes a file; paths begin with `home/` or `work/`. Answers its path. */
  put(path: string, content: string | object): string;
}

export function person(env: Readonly<Record<string, string>> = {}): Person {
  const root = mkdtempSync(join(tmpdir(), 'plimsoll-person-'));
  // Else a crawler that is root stages elsewhere, and would leave that behind.
  chmodSync(root, 0o755);
  const around = { platform: 'linux', home: join(root, 'home'), workspace: join(root, 'work'), env } as const;
  for (const folder of [around.home, around.workspace]) mkdirSync(folder);
  return {
    around,
    env: {
      PLIMSOLL_HOME: join(root, 'plimsoll'),
      PLIMSOLL_CONTAINER_IMAGE: 'plimsoll-none-in-tests',
      PLIMSOLL_CONCURRENCY: '2',
    },
    put(path, content) {
      const file = join(root, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
      return file;
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}
