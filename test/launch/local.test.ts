import { chmodSync, existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LocalProgram } from '#launch/local/locate.ts';
import { localResolver } from '#launch/local.ts';
import { type Person, person } from '../support/setup.ts';

let me: Person;
beforeEach(() => {
  me = person();
});
afterEach(() => me[Symbol.dispose]());

/** Installs a program as a scan does; answers how it would be started and what lies in its copy. */
async function copied(
  program: Partial<LocalProgram> & Pick<LocalProgram, 'file'>,
  look: (tree: string) => void = () => {},
) {
  const { home } = me.around;
  await using resolver = localResolver({ args: [], folder: home, path: [join(home, 'bin')], home, ...program });
  const options = { home, stage: join(me.env.PLIMSOLL_HOME!, 'stage') };
  const artefact = await resolver.current({ purl: 'pkg:generic/x' }, options);
  if ('reason' in artefact) return artefact.reason;
  const got = await resolver.install(artefact, options);
  if ('reason' in got) return got.reason;
  look(got.tree);
  const [launch] = await resolver.launches(artefact, got.tree, { purl: '', args: ['x'] });
  return { runtime: launch!.runtime, entry: launch!.entry, args: launch!.args, tree: got.tree };
}

test('a project is copied whole, without what may hold credentials, and the copy goes', async () => {
  me.put('home/project/package.json', '{}');
  me.put('home/project/packages/a/package.json', '{}');
  const file = me.put('home/project/packages/a/dist/index.js', '1');
  me.put('home/project/node_modules/dep/index.js', '2');
  for (const secret of ['.env', '.env.local', '.npmrc', 'server.key', '.git/config', 'data.sqlite'])
    me.put(`home/project/${secret}`, 'secret');
  me.put('home/beside.txt', 'not of the project');
  const made = await copied({ runtime: 'node', file }, (tree) => {
    expect(readdirSync(join(tree, 'bundle')).toSorted()).toEqual(['node_modules', 'package.json', 'packages']);
    expect(readFileSync(join(tree, 'bundle/node_modules/dep/index.js'), 'utf8')).toBe('2');
  });
  expect(made).toMatchObject({ runtime: 'node', entry: 'bundle/packages/a/dist/index.js', args: ['x'] });
  expect(existsSync((made as { tree: string }).tree)).toBe(false);
});

test('a file that lies in the home folder comes alone', async () => {
  me.put('home/server.py', 'print(1)');
  me.put('home/.ssh/id_rsa', 'secret');
  me.put('home/taxes.txt', 'secret');
  const made = await copied({ file: '~/server.py' }, (tree) => {
    expect(readdirSync(join(tree, 'bundle'))).toEqual(['server.py']);
    expect(readFileSync(join(tree, 'run/start.py'), 'utf8')).toContain('server.py');
  });
  expect(made).toMatchObject({ runtime: 'python', entry: 'run/start.py' });
});

test('a program by its name is found where it was installed, and what it is for is told by its first line', async () => {
  const file = me.put('home/lib/node_modules/server/cli', '#!/usr/bin/env node\n1');
  me.put('home/lib/node_modules/server/package.json', '{}');
  me.put('home/lib/node_modules/other/index.js', 'not of the package');
  chmodSync(file, 0o755);
  me.put('home/bin/x', '');
  symlinkSync(file, join(me.around.home, 'bin', 'server'));
  const made = await copied({ file: 'server' }, (tree) => {
    expect(readdirSync(join(tree, 'bundle')).toSorted()).toEqual(['cli', 'package.json']);
  });
  expect(made).toMatchObject({ runtime: 'node', entry: 'bundle/cli' });
});

test('links that lead out of a project are not followed', async () => {
  me.put('home/.ssh/id_rsa', 'secret');
  me.put('home/project/package.json', '{}');
  const file = me.put('home/project/index.js', '1');
  symlinkSync(join(me.around.home, '.ssh'), join(me.around.home, 'project', 'keys'));
  await copied({ runtime: 'node', file }, (tree) => expect(existsSync(join(tree, 'bundle/keys'))).toBe(false));
});

test.each(['nothing.js', './nothing', 'x', '/'])('%s is no program', async (file) => {
  me.put('home/bin/x', 'not to be run');
  expect(await copied({ file })).toBe('not-found');
});
