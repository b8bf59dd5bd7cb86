import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { publishSite } from '#publish/site/publish.ts';
import { sourceOf } from '../support/publishing.ts';

/** Files of a site with what is in them, without what publishing notes for itself. */
function contents(folder: string): ReadonlyMap<string, string> {
  const files = globSync('**/*', { cwd: folder }).filter((file) => statSync(join(folder, file)).isFile());
  return new Map(files.sort().map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

/** Publishes in a process of its own and kills it once so many servers were written; how many were at its death. */
async function kill(folder: string, edition: string, after: number): Promise<number> {
  const script = join(import.meta.dirname, '../support/publishing.ts');
  const child = spawn(process.execPath, [script, folder, edition], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  let written = 0;
  for await (const _ of createInterface({ input: child.stdout })) if (++written === after) child.kill('SIGKILL');
  expect((await gone)[1]).toBe('SIGKILL');
  return written;
}

test.each([1, 15, 39])(
  'a publication killed after %s of 40 servers leaves every page that was there whole, and the next one ends it',
  async (servers) => {
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-killed-'));
    try {
      const [before, after] = ['before', 'after'].map((name) => join(folder, name)) as [string, string];
      await publishSite(sourceOf('before'), before);
      await publishSite(sourceOf('after'), after);
      const [old, wanted] = [contents(before), contents(after)];

      const written = await kill(before, 'after', servers);
      const left = contents(before);
      let changed = 0;
      for (const [file, text] of old) {
        expect(left.has(file), file).toBe(true);
        if (left.get(file) === text) continue;
        expect(left.get(file), file).toBe(wanted.get(file));
        changed++;
      }
      expect(written).toBeGreaterThanOrEqual(servers);
      expect(changed).toBeGreaterThan(servers);

      const { unchanged } = await publishSite(sourceOf('after'), before);
      expect(contents(before)).toEqual(wanted);
      // What was written before the death is not written again.
      expect(unchanged).toBeGreaterThanOrEqual(changed);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  60_000,
);
