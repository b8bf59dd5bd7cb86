import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** No user of this machine has it, as in a container that runs under a number alone. */
const NOBODY = 61_734;

test.skipIf(process.getuid?.() !== 0)('a user without a home and a name starts without a cache', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-start-'));
  try {
    chmodSync(folder, 0o755);
    const start = join(folder, 'start.ts');
    copyFileSync(join(import.meta.dirname, '../../src/core/quick-start.ts'), start);
    const { status, stderr } = spawnSync(process.execPath, [start], {
      cwd: folder,
      env: {},
      uid: NOBODY,
      gid: NOBODY,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
