import { execFile } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { serve } from '@hono/node-server';
import { describe, expect, test } from 'vitest';
import { liveLinks } from '#publish/addresses/links.ts';
import { app } from './sample.ts';

const run = promisify(execFile);

function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = folders.flatMap((folder) =>
    ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)),
  );
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const chromium = findChromium();
const links = liveLinks();
const pages = [
  '/',
  '/servers?q=a',
  links.server('example/files'),
  links.tool('example/files', '</script><script>alert(1)</script>'),
  links.tool('example/files', '<img src=x onerror=alert(1)>'),
];

// Skipped, and named as such, where no Chromium is installed.
describe.skipIf(!chromium)(chromium ? 'in Chromium' : 'in Chromium (skipped: none found)', () => {
  test('pages load whole, fetch nothing from elsewhere, and the console stays silent', async () => {
    const asked: string[] = [];
    const site = app();
    const server = serve({
      hostname: '127.0.0.1',
      port: 0,
      fetch: (request) => {
        asked.push(new URL(request.url).pathname);
        return site.fetch(request);
      },
    });
    const profile = mkdtempSync(join(tmpdir(), 'plimsoll-chromium-'));
    try {
      await new Promise<void>((resolve) => server.once('listening', () => resolve()));
      const { port } = server.address() as AddressInfo;
      for (const page of pages) {
        const { stdout, stderr } = await run(
          chromium!,
          [
            '--headless',
            '--no-sandbox',
            '--disable-gpu',
            '--disable-dev-shm-usage',
            '--enable-logging=stderr',
            // Whatever is not this server is not found, so a page that asked elsewhere would say so on the console.
            '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
            `--user-data-dir=${profile}`,
            '--dump-dom',
            `http://127.0.0.1:${port}${page}`,
          ],
          { timeout: 30_000, killSignal: 'SIGKILL', maxBuffer: 16 * 1024 * 1024 },
        );
        expect(stdout, page).toContain('</footer>');
        expect(
          stderr.split('\n').filter((line) => /CONSOLE/.test(line)),
          page,
        ).toEqual([]);
      }
      const known = /^\/($|servers|assets\/(style|mark|copy)\.[0-9a-f]{12}\.(css|svg|js)$)/;
      expect(asked.filter((path) => !known.test(path))).toEqual([]);
      expect(asked.some((path) => path.endsWith('.css'))).toBe(true);
    } finally {
      await new Promise((resolve) => server.close(resolve));
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }
  });
});
