import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isAbandoned, OWNER, PID_SPACE } from '#core/owner.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-owner-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function left(name: string, hoursAgo = 0): string {
  const path = join(folder, name);
  mkdirSync(path);
  const at = new Date(Date.now() - hoursAgo * 3_600_000);
  utimesSync(path, at, at);
  return path;
}

async function deadPid(): Promise<number> {
  const child = spawn('true');
  await once(child, 'exit');
  return child.pid!;
}

test('what a living process left is not abandoned, what a dead one left is', async () => {
  expect(await isAbandoned(left(`${OWNER}abc123`, 100))).toBe(false);
  expect(await isAbandoned(left(`building-${OWNER}abc123`))).toBe(false);
  const pid = await deadPid();
  expect(await isAbandoned(left(`building-${pid}-${PID_SPACE && `${PID_SPACE}-`}abc123`))).toBe(true);
  // As versions before named it.
  expect(await isAbandoned(left(`${pid}-abc123`))).toBe(true);
});

test.runIf(process.platform === 'linux')(
  'what a process of another container left is not taken for a dead one’s of ours: two workers of compose took each other’s scratch away',
  async () => {
    const pid = await deadPid();
    expect(await isAbandoned(left(`${pid}-0123abcd-abc123`, 23))).toBe(false);
    expect(await isAbandoned(left(`${process.pid}-0123abcd-abc124`, 25))).toBe(true);
  },
);

test('what nobody is named as owner of stays', async () => {
  expect(await isAbandoned(left('node', 100))).toBe(false);
  expect(await isAbandoned(join(folder, 'gone'))).toBe(false);
});
