import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { InUse, takeLock } from '#store/engine/lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a lock is held until it is released', async () => {
  const path = join(folder, 'lock');
  const release = await takeLock(path);
  expect(readFileSync(path, 'utf8')).toMatch(new RegExp(`^${process.pid} \\d+ [0-9a-f]{8}\\n$`));
  await expect(takeLock(path)).rejects.toThrow(InUse);
  await expect(takeLock(path)).rejects.toThrow(`process ${process.pid}`);
  release();
  expect(existsSync(path)).toBe(false);
  (await takeLock(path))();
});

test('a living holder keeps it, a dead one does not', async () => {
  const path = join(folder, 'lock');
  const holder = spawn('sleep', ['60']);
  try {
    writeFileSync(path, `${holder.pid}\n`);
    await expect(takeLock(path)).rejects.toThrow(`process ${holder.pid}`);
  } finally {
    holder.kill('SIGKILL');
    await new Promise((resolve) => holder.once('exit', resolve));
  }
  (await takeLock(path))();
});

test('a pid that somebody else has got meanwhile does not keep it', async () => {
  const path = join(folder, 'lock');
  writeFileSync(path, `${process.pid} 1\n`);
  (await takeLock(path))();
  // Nor does a file that a crash left empty.
  writeFileSync(path, '');
  (await takeLock(path))();
});

test('a holder in another container, whose process cannot be seen, keeps it as long as it shows that it lives', async () => {
  const path = join(folder, 'lock');
  writeFileSync(path, '999999999 5 0123abcd\n');
  await expect(takeLock(path)).rejects.toThrow('process 999999999 of another container');
  const past = new Date(Date.now() - 121_000);
  utimesSync(path, past, past);
  (await takeLock(path))();
});

test('a holder shows every five seconds that it lives', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const path = join(folder, 'lock');
    const release = await takeLock(path);
    const past = new Date(Date.now() - 121_000);
    utimesSync(path, past, past);
    vi.advanceTimersByTime(5001);
    expect(Date.now() - statSync(path).mtimeMs).toBeLessThan(60_000);
    release();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
