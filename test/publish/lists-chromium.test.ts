import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { serve } from '@hono/node-server';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '#api/app.ts';
import type { CatalogueServer } from '#domain/catalogue.ts';
import { CATEGORIES } from '#domain/verdict.ts';
import { liveLinks } from '#publish/addresses/links.ts';
import { factsOf } from '#publish/facts/facts.ts';
import { publishSite, serverWriter } from '#publish/site/publish.ts';
import { catalogueServer } from '../recommend/sample.ts';
import { barriers, CHROMIUM, openBrowser, overflowing, visit } from '../support/browser.ts';
import { literalCatalogue } from '../support/catalogue.ts';

const links = liveLinks();

function server(
  id: string,
  purl: string,
  tools: readonly string[],
  facets: Readonly<Record<string, string>>,
): CatalogueServer {
  const made = catalogueServer(
    tools.map((name, at) => ({ name, category: CATEGORIES[at % 2]!, description: `What ${name} does.` })),
    { id, slug: id, name: id, title: id, packages: [{ purl }] },
  );
  const shows = (name: string) =>
    Object.fromEntries(
      (facets[name]?.split(' ') ?? []).map((facet) => [
        facet,
        { value: true, evidence: made.tools[0]!.assessment!.verdict.evidence },
      ]),
    );
  return {
    ...made,
    tools: made.tools.map((tool) => ({
      ...tool,
      assessment: {
        ...tool.assessment!,
        verdict: { ...tool.assessment!.verdict, facets: shows(tool.definition.name) },
      },
    })),
  };
}
const servers = [
  server('notes', 'pkg:npm/%40acme/notes', ['readNote', 'create_note', 'search_notes'], {
    readNote: 'reads-private-data',
  }),
  server('post', 'pkg:npm/post-mcp', ['fetch_page', 'send_mail'], {
    fetch_page: 'reads-untrusted-content',
    send_mail: 'sends-out',
  }),
];
const SECRETS = ['sk-verysecret-0123456789', 'hunter2', 'Bearer abc.def', 'tok_in_address', '/home/me/private'];
const SETUP = `{
  // what a client keeps
  "mcpServers": {
    "my notes": { "command": "npx", "args": ["-y", "@acme/notes@1.2.3", "--key", "${SECRETS[0]}", "${SECRETS[4]}"], "env": { "PASSWORD": "${SECRETS[1]}" } },
    "mail": { "command": "/usr/bin/npx", "args": ["post-mcp"], "headers": { "Authorization": "${SECRETS[2]}" } },
    "far": { "url": "https://me:${SECRETS[1]}@mcp.acme.dev/mcp?token=${SECRETS[3]}" },
    "own": { "command": "/home/me/private/server", "args": ["${SECRETS[0]}"], },
  },
}`;

/** Every link of a part of a page leads to a page. */
async function allAnswer(page: Page, selector: string): Promise<void> {
  const hrefs = await page.evaluate<string[]>(`[...document.querySelectorAll('${selector}')].map((one) => one.href)`);
  expect(hrefs.length).toBeGreaterThan(0);
  for (const href of hrefs) expect((await page.request.get(href)).status(), href).toBe(200);
}

// Skipped, and named as such, where no Chromium is installed.
describe.skipIf(!CHROMIUM)(CHROMIUM ? 'lists in Chromium' : 'lists in Chromium (skipped: none found)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-lists-'));
  let browser: Browser;
  let live: ReturnType<typeof serve>;
  let files: Server;
  let origin: string;
  let still: string;

  beforeAll(async () => {
    const byCategory = { Read: 3, Write: 2, Execute: 0, Destructive: 0, Financial: 0 };
    const byRisk = { low: 3, medium: 2, high: 0, critical: 0 };
    const statistics = { servers: 2, tools: 5, byOutcome: { listed: 2 }, byCategory, byRisk, unassessed: 0, static: 0 };
    const catalogue = literalCatalogue(servers, statistics, {
      'purl:pkg:npm/%40acme/notes': 'notes',
      'purl:pkg:npm/post-mcp': 'post',
    });
    live = serve({ hostname: '127.0.0.1', port: 0, fetch: createApp(catalogue, { patience: 60_000 }).fetch });
    await publishSite(
      {
        catalogue,
        stamps: async () => servers.map(({ id, slug }) => ({ id, slug, stamp: id })),
        async *write(tasks, into, options) {
          using writer = serverWriter(into, options);
          for (const task of tasks) yield writer.write(task, factsOf(servers.find(({ id }) => id === task.id)!, []));
        },
      },
      folder,
    );
    files = createServer((request, response) => {
      const path = decodeURIComponent(new URL(request.url!, 'http://x').pathname);
      try {
        const content = readFileSync(join(folder, path.endsWith('/') ? `${path}index.html` : path));
        const types: Record<string, string> = {
          '.css': 'text/css',
          '.js': 'text/javascript',
          '.svg': 'image/svg+xml',
          '.json': 'application/json',
        };
        response.setHeader('Content-Type', types[extname(path)] ?? 'text/html; charset=utf-8').end(content);
      } catch {
        response.writeHead(404).end();
      }
    }).listen(0, '127.0.0.1');
    for (const one of [live, files])
      if (!one.listening) await new Promise<void>((resolve) => one.once('listening', () => resolve()));
    [origin, still] = [live, files].map((one) => `http://127.0.0.1:${(one.address() as AddressInfo).port}`) as [
      string,
      string,
    ];
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([live, files].map((one) => new Promise((resolve) => one.close(resolve))));
    rmSync(folder, { recursive: true });
  });

  test('from a search to a tool to its policy, copied', async () => {
    await using shown = await visit(browser, origin, { permissions: ['clipboard-read', 'clipboard-write'] });
    const { page } = shown;
    await page.goto(origin);
    await page.getByRole('searchbox').fill('create_note');
    await page.keyboard.press('Enter');
    await page.locator('main .tools a', { hasText: 'create_note' }).click();
    await page.waitForURL(origin + links.tool('notes', 'create_note'));
    await page.locator('#format-plimsoll .copy').click();
    const copied = JSON.parse(await page.evaluate<string>('navigator.clipboard.readText()'));
    expect(Object.keys(copied.tools)).toEqual(['create_note']);
    expect(shown.faults).toEqual([]);
  });

  test('a site of files finds names and servers by words, and every answer leads to a page', async () => {
    await using shown = await visit(browser, still);
    const { page } = shown;
    await page.goto(`${still}/search.html?q=note`);
    const found = page.locator('#found');
    await found.locator('a', { hasText: 'create_note' }).waitFor();
    expect(await found.locator('a').allTextContents()).toEqual(['notes', 'readNote', 'create_note', 'search_notes']);
    await allAnswer(page, '#found a');
    await page.locator('#q').fill('read note');
    await page.keyboard.press('Enter');
    await expect.poll(() => found.locator('code').allTextContents()).toEqual(['readNote']);
    await page.locator('#q').fill('zzz');
    await page.keyboard.press('Enter');
    await found.getByText('No tool is named so.').waitFor();
    // The index has no part for letters that begin no word.
    expect(shown.faults.filter((fault) => !fault.includes('404'))).toEqual([]);
  });

  test.each(['live', 'files'] as const)(
    'a pasted setup is answered as a whole and nothing secret leaves: %s',
    async (kind) => {
      const at = kind === 'live' ? origin : still;
      await using shown = await visit(browser, at);
      const { page } = shown;
      const sent: string[] = [];
      page.on('request', (request) =>
        sent.push(`${request.url()} ${request.postData() ?? ''} ${JSON.stringify(request.headers())}`),
      );
      await page.goto(kind === 'live' ? `${at}/check` : `${at}/check.html`);
      await page.locator('#paste').fill(SETUP);
      const kept = await page.locator('#kept').textContent();
      expect(kept?.split('\n')).toEqual([
        'my notes: npx @acme/notes@1.2.3',
        'mail: npx post-mcp',
        'far: https://mcp.acme.dev/mcp',
        'own: starts something of its own; not looked up',
      ]);
      await page.getByRole('button', { name: 'Look up' }).click();
      const answer = page.locator('#answer');
      await answer.getByText('What all of them can do together').waitFor();
      expect(await answer.locator('.servers > li').allTextContents()).toEqual([
        expect.stringContaining('my notes is notes'),
        expect.stringContaining('mail is post'),
        expect.stringContaining('farNot in the catalogue'),
        expect.stringContaining('ownNot in the catalogue'),
      ]);
      await answer.getByText('No server makes it alone').waitFor();
      await allAnswer(page, '#answer a');
      expect(await barriers(page)).toEqual([]);
      for (const secret of SECRETS) expect(sent.join('\n')).not.toContain(secret);
      expect(sent.join('\n')).not.toContain('my notes');
      expect(shown.faults.filter((fault) => !fault.includes('404'))).toEqual([]);
    },
  );

  test.each(['light', 'dark'] as const)(
    'no kind of list has a barrier or reaches beyond a phone: %s',
    async (colorScheme) => {
      await using phone = await visit(browser, origin, { colorScheme, viewport: { width: 320, height: 640 } });
      const kinds = [
        'home',
        'browse',
        'names',
        'changes',
        'statistics',
        'accuracy',
        'status',
        'search',
        'check',
        'api',
      ];
      const addresses = [
        ...kinds.map((kind) => links.to(kind)),
        links.to('category', 'read'),
        links.to('facet', 'sends-out'),
        links.to('combination', 'lethal-trifecta'),
        links.to('source', 'npm'),
        links.to('name', 'createnote'),
        links.to('shelf', 'cr'),
        links.to('server-changes', 'notes'),
        '/search?q=note',
        '/404',
      ];
      // Statistics in the dark too; the rest shares its colours with them.
      for (const address of colorScheme === 'light' ? addresses : ['/', '/statistics', '/search?q=note', '/check']) {
        await phone.page.goto(origin + address);
        expect(await overflowing(phone.page), address).toEqual([]);
        expect(await barriers(phone.page), address).toEqual([]);
      }
      expect(phone.faults.filter((fault) => !fault.includes('404'))).toEqual([]);
    },
  );

  test('without script a site of files shows its lists by letter', async () => {
    await using shown = await visit(browser, still, { javaScriptEnabled: false });
    const { page } = shown;
    await page.goto(`${still}/search.html`);
    await page.locator('#found a', { hasText: 'letters' }).click();
    await page.locator('.letters a', { hasText: 'cr' }).click();
    await page.locator('.names a', { hasText: 'create_note' }).click();
    await page.locator('main .tools a', { hasText: 'create_note' }).click();
    expect(await page.locator('h1').textContent()).toContain('create_note');
    await page.goto(`${still}/check.html`);
    expect(await page.locator('#check').isVisible()).toBe(false);
    expect(await page.locator('noscript').textContent()).toContain('nothing is sent');
    expect(shown.faults).toEqual([]);
  });
});
