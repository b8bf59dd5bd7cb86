import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isAlive } from '#core/alive.ts';
import { diskUsage } from '#enumerate/deno/disk.ts';
import { treeUsage } from '#enumerate/processes.ts';

const MB = 1024 * 1024;
/** A child of a second thread, and a deleted file that stays open. */
const PROGRAM = `
const fs = require('node:fs');
const fd = fs.openSync(process.argv[1] + '/x', 'w');
fs.unlinkSync(process.argv[1] + '/x');
fs.writeSync(fd, Buffer.alloc(${3 * MB}));
const { Worker } = require('node:worker_threads');
new Worker("const c = require('node:child_process').spawn('/bin/sleep', ['20']); require('node:worker_threads').parentPort.postMessage(c.pid)", { eval: true })
  .on('message', (pid) => console.log(pid));
setTimeout(() => {}, 20000);`;

describe.skipIf(process.platform !== 'linux')('a process and what it started', () => {
  test('are seen whole: children of other threads, memory, time, deleted files', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-usage-'));
    const parent = spawn(process.execPath, ['-e', PROGRAM, folder], { detached: true });
    try {
      const child = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)));
      const usage = treeUsage(parent.pid!);
      expect(usage.pids).toContain(parent.pid);
      expect(usage.pids).toContain(child);
      expect(usage.memory).toBeGreaterThan(20 * MB);
      expect(usage.cpuTime).toBeGreaterThan(0);
      expect(diskUsage(folder, parent.pid!, 100 * MB)).toBe(3 * MB);
      writeFileSync(join(folder, 'y'), Buffer.alloc(MB));
      mkdirSync(join(folder, 'z'));
      expect(diskUsage(folder, parent.pid!, 100 * MB)).toBe(4 * MB + 2 * 4096);
      expect(diskUsage(folder, parent.pid!, MB)).toBeGreaterThan(MB);
      expect(isAlive(parent.pid!)).toBe(true);
    } finally {
      process.kill(-parent.pid!, 'SIGKILL');
      rmSync(folder, { recursive: true });
    }
    await new Promise((resolve) =>
      parent.exitCode === null && parent.signalCode === null ? parent.once('exit', resolve) : resolve(0),
    );
    expect(isAlive(parent.pid!)).toBe(false);
    expect(treeUsage(parent.pid!)).toEqual({ pids: [], memory: 0, cpuTime: 0 });
  });
});
