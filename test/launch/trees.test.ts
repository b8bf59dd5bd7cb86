import { chmod, lstat, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { Artefact } from '#domain/launch.ts';
import type { Installed } from '#launch/resolver.ts';
import { listTrees, obtainTree, removeOtherVersions, removeTree, trimTrees } from '#launch/trees.ts';

const root = await mkdtemp(join(tmpdir(), 'launch-trees-'));
let stage: string;
beforeEach(async () => {
  stage = await mkdtemp(join(root, 'stage-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const artefact = (name: string, version = '1.0.0'): Artefact => ({
  purl: `pkg:npm/${name}`,
  name,
  version,
  integrity: `sha512-${name}`,
});
const fill = async (folder: string): Promise<undefined> => {
  await writeFile(join(folder, 'file'), 'x'.repeat(1_000));
};
const obtain = async (name: string, version?: string, build: Parameters<typeof obtainTree>[3] = fill) =>
  (await obtainTree({ stage }, 'npm', artefact(name, version), build)) as Installed;

/** Makes a tree look unused for so many minutes. */
async function age({ tree }: Installed, minutes: number): Promise<void> {
  const time = new Date(Date.now() - minutes * 60_000);
  await utimes(join(tree, '.plimsoll.json'), time, time);
}

test('a tree is built once and then reused', async () => {
  const first = await obtain('a');
  expect(first).toMatchObject({ bytes: 1_000, reused: false });
  const again = await obtain('a', undefined, () => expect.unreachable());
  expect(again).toEqual({ ...first, reused: true });
  expect(await listTrees(stage)).toMatchObject([
    { purl: 'pkg:npm/a', version: '1.0.0', bytes: 1_000, path: first.tree },
  ]);
});

test('what was refused or failed leaves nothing', async () => {
  const refusal = { phase: 'install', reason: 'integrity', detail: 'x', temporary: false } as const;
  expect(await obtain('a', undefined, (folder) => fill(folder).then(() => refusal))).toEqual(refusal);
  await expect(obtain('a', undefined, () => Promise.reject(new Error('bug')))).rejects.toThrow('bug');
  expect(await readdir(join(stage, 'npm'))).toEqual([]);
});

test('two builders at once end with one tree', async () => {
  const both = await Promise.all([obtain('a'), obtain('a')]);
  expect(both[0]!.tree).toBe(both[1]!.tree);
  expect(await readdir(join(stage, 'npm'))).toHaveLength(1);
});

test('what a process that is gone was building is removed, what a living one builds is not', async () => {
  await mkdir(join(stage, 'npm/building-999999999-abc'), { recursive: true });
  await mkdir(join(stage, `npm/building-${process.pid}-abc`), { recursive: true });
  await obtain('a');
  const names = await readdir(join(stage, 'npm'));
  expect(names.filter((name) => name.startsWith('building-'))).toEqual([`building-${process.pid}-abc`]);
});

test('a tree without its record is not complete and is built anew', async () => {
  const { tree } = await obtain('a');
  await rm(join(tree, '.plimsoll.json'));
  await writeFile(join(tree, 'left-over'), '');
  expect(await obtain('a')).toMatchObject({ tree, reused: false });
  expect(await readdir(tree)).not.toContain('left-over');
});

test('set-uid bits, links that lead out and unreadable files do not survive', async () => {
  const { tree } = await obtain('a', undefined, async (folder) => {
    await writeFile(join(folder, 'suid'), '', { mode: 0o700 });
    await chmod(join(folder, 'suid'), 0o4777);
    await writeFile(join(folder, 'secret'), '', { mode: 0o600 });
    await mkdir(join(folder, 'sub'), { mode: 0o700 });
    await symlink('../secret', join(folder, 'sub/inside'));
    await symlink('../../outside', join(folder, 'sub/outside'));
    await symlink('/etc/passwd', join(folder, 'sub/absolute'));
    return undefined;
  });
  const mode = async (path: string) => (await lstat(join(tree, path))).mode & 0o7777;
  expect([await mode('suid'), await mode('secret'), await mode('sub')]).toEqual([0o755, 0o644, 0o755]);
  expect(await readdir(join(tree, 'sub'))).toEqual(['inside']);
});

test('other versions go, but not one in use, nor another package', async () => {
  await age(await obtain('a', '1.0.0'), 60);
  await obtain('a', '1.1.0');
  await age(await obtain('b', '1.0.0'), 60);
  await obtain('a', '2.0.0');
  await removeOtherVersions(stage, artefact('a', '2.0.0'));
  const left = (await listTrees(stage)).map(({ purl, version }) => `${purl}@${version}`);
  expect(left.sort()).toEqual(['pkg:npm/a@1.1.0', 'pkg:npm/a@2.0.0', 'pkg:npm/b@1.0.0']);
});

test('trimming takes the longest unused until the rest fits', async () => {
  for (const [name, minutes] of [
    ['a', 30],
    ['b', 60],
    ['c', 20],
    ['d', 0],
  ] as const)
    await age(await obtain(name), minutes);
  expect((await trimTrees(stage, 2_500)).map((tree) => tree.purl)).toEqual(['pkg:npm/b', 'pkg:npm/a']);
  expect((await trimTrees(stage, 0)).map((tree) => tree.purl)).toEqual(['pkg:npm/c']);
  expect(await listTrees(stage)).toHaveLength(1);
});

test('removing refuses what is no tree', async () => {
  await expect(removeTree(stage)).rejects.toThrow('not the folder of an installed tree');
});

test('of builders that end together one places its tree, and nobody takes it away from under a launch', async () => {
  for (let round = 0; round < 10; round++) {
    const name = `at-once-${round}`;
    const places = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const { tree } = await obtain(name);
        return (await lstat(tree)).ino;
      }),
    );
    expect(new Set(places).size).toBe(1);
    const { tree } = await obtain(name);
    expect((await lstat(tree)).ino).toBe(places[0]);
  }
});
