import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { docker } from './images.ts';

const root = join(import.meta.dirname, '..', '..');

const plugin = spawnSync('docker', ['compose', 'version']).status === 0;
const program = spawnSync('docker-compose', ['version']).status === 0;

/** Why there is no compose here; empty where there is one, as a plug-in of docker or as the program of before. */
export const noCompose = plugin || program ? '' : 'there is neither docker compose nor docker-compose';

/** A service of compose.yaml in a folder and under a name of its own. */
export interface Composed {
  readonly folder: string;
  /** Runs a command of the guide as it is written, in that folder. */
  type(command: string, minutes?: number): { readonly status: number | null; readonly said: string };
  /** The containers of a service, running or not. */
  containers(service: string): readonly string[];
  /** Waits until what it asks for holds, with what was seen last as the reason where it never does. */
  until<T>(what: string, look: () => T | Promise<T>, holds: (seen: T) => boolean, seconds?: number): Promise<T>;
  dispose(): void;
}

/** What the Dockerfile and compose.yaml take, in a folder of its own, so that nothing is written into this one. */
export function composed(name: string): Composed {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-compose-'));
  const let_through = readFileSync(join(root, '.dockerignore'), 'utf8').matchAll(/^!(.+)$/gm);
  for (const file of [...[...let_through].map(([, one]) => one!), 'Dockerfile', 'compose.yaml', '.dockerignore'])
    cpSync(join(root, file), join(folder, file), { recursive: true });
  const programs = join(folder, 'programs');
  mkdirSync(programs);
  // The guide writes `docker compose`; the program of before takes the same.
  const real = spawnSync('which', ['docker'], { encoding: 'utf8' }).stdout.trim();
  const shim = `#!/bin/sh\n[ "$1" = compose ] && shift && exec docker-compose "$@"\nexec ${real} "$@"\n`;
  if (!plugin) writeFileSync(join(programs, 'docker'), shim, { mode: 0o755 });
  const env = { ...process.env, PATH: `${programs}:${process.env.PATH}`, COMPOSE_PROJECT_NAME: name };
  const self: Composed = {
    folder,
    type(command, minutes = 10) {
      const options = { cwd: folder, env, encoding: 'utf8', timeout: minutes * 60_000, maxBuffer: 64e6 } as const;
      const { status, stdout, stderr } = spawnSync('bash', ['-c', `set -o pipefail\n${command}`], options);
      return { status, said: `${stdout}${stderr}` };
    },
    containers: (service) =>
      docker(
        'ps',
        '--all',
        '--quiet',
        '--filter',
        `label=com.docker.compose.project=${name}`,
        '--filter',
        `label=com.docker.compose.service=${service}`,
        '--filter',
        'label=com.docker.compose.oneoff=False',
      )
        .stdout.split('\n')
        .filter(Boolean),
    async until(what, look, holds, seconds = 120) {
      for (const end = Date.now() + seconds * 1000; ; await sleep(500)) {
        const seen = await look();
        if (holds(seen)) return seen;
        if (Date.now() > end) throw new Error(`${what}: ${JSON.stringify(seen)} after ${seconds} s`);
      }
    },
    dispose() {
      self.type('docker compose --profile crawl down --volumes --remove-orphans');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return self;
}
