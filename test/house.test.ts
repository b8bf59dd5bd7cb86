import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** The floors of the house, lowest first. Rooms on one floor do not know one another; imports go down only. */
const FLOORS = [
  ['src/domain'],
  ['src/setting-values.ts'],
  ['src/config.ts'],
  ['src/core'],
  [
    'src/discover',
    'src/launch',
    'src/enumerate',
    'src/classify',
    'src/recommend',
    'src/setup',
    'src/store',
    'src/queue',
    'src/observe',
  ],
  ['src/world.ts', 'src/pipeline', 'src/api', 'src/publish'],
  ['src/job'],
  ['jobs'],
  ['src/program.ts', 'src/index.ts'],
  ['src/cli.ts'],
];
/** Rooms of one floor that may look into one another. */
const NEIGHBOURS = new Set([
  'src/api>src/publish',
  'src/pipeline>src/world.ts',
  'src/pipeline>src/publish',
  'src/api>src/world.ts',
]);

function place(file: string): { floor: number; room: string } | undefined {
  for (const [floor, rooms] of FLOORS.entries())
    for (const room of rooms) if (file === room || file.startsWith(`${room}/`)) return { floor, room };
  return undefined;
}

const files = globSync('{src,jobs}/**/*.ts', { cwd: root });

test('every source file stands on a floor', () => {
  expect(files.length).toBeGreaterThan(10);
  expect(files.filter((file) => !place(file))).toEqual([]);
});

test('imports go down the floors only', () => {
  const climbs: string[] = [];
  for (const file of files) {
    const from = place(file)!;
    const text = readFileSync(join(root, file), 'utf8');
    for (const [, target] of text.matchAll(/(?:from|import\()\s*'([^']+)'/g)) {
      const path = target!.startsWith('#')
        ? `src/${target!.slice(1)}`
        : target!.startsWith('.')
          ? join(file, '..', target!)
          : undefined;
      const to = path && place(path);
      if (!to || to.room === from.room) continue;
      if (to.floor > from.floor || (to.floor === from.floor && !NEIGHBOURS.has(`${from.room}>${to.room}`)))
        climbs.push(`${file} → ${path}`);
    }
  }
  expect(climbs).toEqual([]);
});

test('the lock file is whole: npm ci takes it on every platform', () => {
  const { status, stderr } = spawnSync(process.execPath, ['.ci/lock.mjs', '--check'], { cwd: root, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
