import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BadSetting, readSettings, SETTINGS } from '#config.ts';
import { pluginIds } from '#core/plugins.ts';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

test('README lists every setting as the table has it', () => {
  const rows = Object.values(SETTINGS).map(({ env, shown, about }) => `| \`${env}\` | ${shown} | ${about} |`);
  const table = ['| variable | default | what it is |', '| --- | --- | --- |', ...rows].join('\n');
  expect(readme).toContain(`<!-- settings -->\n${table}\n<!-- /settings -->`);
});

test('README names every job and no other', () => {
  const commands = readme.slice(readme.indexOf('\n## Commands'), readme.indexOf('\n## Settings'));
  const named = [...commands.matchAll(/^\| `([a-z]+)` \|/gm)].map(([, id]) => id);
  expect(named.sort()).toEqual(pluginIds(join(root, 'jobs')));
});

test('settings come from the environment, and a bad one is named with what it should be', () => {
  expect(readSettings({}).port).toBe(4400);
  expect(readSettings({ PLIMSOLL_PORT: '' }).port).toBe(4400);
  expect(readSettings({ PLIMSOLL_HOME: '/x/../y' }).home).toBe('/y');
  expect(() => readSettings({ PLIMSOLL_PORT: 'many' })).toThrow(BadSetting);
  expect(() => readSettings({ DATABASE_URL: 'mysql://u:secret@h/db' })).toThrow(/DATABASE_URL .*postgres:/);
  expect(() => readSettings({ DATABASE_URL: 'mysql://u:secret@h/db' })).not.toThrow(/secret/);
});
