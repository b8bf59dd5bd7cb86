import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stagedText } from '#enumerate/stage.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-stage-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('whoever reads a staged text meanwhile finds it whole: an engine that met half a profile made no container', async () => {
  const target = join(folder, 'etc', 'profile.json');
  const [one, other] = ['a'.repeat(100_000), 'b'.repeat(100_000)];
  await stagedText(one, target);
  let writing = true;
  const seen = new Set<string>();
  const reader = (async () => {
    while (writing) seen.add(await readFile(target, 'utf8'));
  })();
  for (let turn = 0; turn < 40; turn++)
    await Promise.all([one, other, one, other].map((text) => stagedText(text, target)));
  writing = false;
  await reader;
  for (const text of seen) expect([one, other].indexOf(text), `${text.length} characters`).toBeGreaterThan(-1);
  expect(readdirSync(join(folder, 'etc'))).toEqual(['profile.json']);
});

test('a text that is there already is not written again', async () => {
  const target = join(folder, 'text');
  await stagedText('same', target);
  const before = statSync(target);
  await stagedText('same', target);
  expect(statSync(target).ino).toBe(before.ino);
  expect(before.mode & 0o777).toBe(0o644);
  expect(readFileSync(target, 'utf8')).toBe('same');
});
