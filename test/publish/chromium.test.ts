import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '#api/app.ts';
import { loadClassifier } from '#classify/assess.ts';
import type { CatalogueServer } from '#domain/catalogue.ts';
import { liveLinks } from '#publish/addresses/links.ts';
import { catalogueServer } from '../recommend/sample.ts';
import { barriers, CHROMIUM, openBrowser, overflowing, visit } from '../support/browser.ts';
import { literalCatalogue } from '../support/catalogue.ts';
import { hostileServer, hugeTools } from './hostile-server.ts';

const links = liveLinks();

/** A server as it might be, judged by the rules. */
async function judged(): Promise<CatalogueServer> {
  const classifier = await loadClassifier();
  const path = { type: 'string', description: 'Path of the file, below the root.' };
  const sample = catalogueServer([
    {
      name: 'delete_file',
      description: 'Permanently deletes the file at the path. This cannot be undone.',
      inputSchema: { type: 'object', properties: { path, ids: { type: 'array', maxItems: 100 } }, required: ['path'] },
      annotations: { readOnlyHint: true },
    },
    { name: 'read_file', description: 'Reads any file.', inputSchema: { type: 'object', properties: { path } } },
    {
      name: 'run_command',
      description: 'Runs a shell command.',
      inputSchema: { type: 'object', properties: { command: { type: 'string' } } },
    },
    { name: 'create_refund', description: 'Refunds a payment.' },
  ]);
  const names = sample.tools.map(({ definition }) => definition.name);
  return {
    ...sample,
    tools: sample.tools.map((tool) => ({
      ...tool,
      assessment: {
        ...{ fingerprint: tool.fingerprint, siblings: 's', rules: classifier.rules, prompt: '', model: '' },
        assessedAt: tool.lastSeen,
        verdict: classifier.assess(tool.definition, names),
      },
    })),
  };
}

// Skipped, and named as such, where no Chromium is installed.
describe.skipIf(!CHROMIUM)(CHROMIUM ? 'in Chromium' : 'in Chromium (skipped: none found)', () => {
  const hostile = { ...hostileServer(), id: 'srv_hostile', slug: 'evil/one' };
  const huge = catalogueServer(hugeTools().slice(-6), { id: 'srv_huge', slug: 'evil/huge' });
  let browser: Browser;
  let server: ReturnType<typeof serve>;
  let origin: string;
  let files: CatalogueServer;

  beforeAll(async () => {
    files = await judged();
    const statistics = { servers: 3, tools: 4, byOutcome: {}, unassessed: 0, static: 0 };
    const byCategory = { Read: 1, Write: 0, Execute: 1, Destructive: 1, Financial: 1 };
    const byRisk = { low: 0, medium: 0, high: 2, critical: 2 };
    const app = createApp(literalCatalogue([files, hostile, huge], { ...statistics, byCategory, byRisk }), {});
    server = serve({ hostname: '127.0.0.1', port: 0, fetch: app.fetch });
    await new Promise<void>((resolve) => server.once('listening', () => resolve()));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await new Promise((resolve) => server.close(resolve));
  });

  const open = (options?: Parameters<typeof visit>[2]) => visit(browser, origin, options);
  const tool = (name: string, of = files) => origin + links.tool(of.slug, name);

  test.each(['light', 'dark'] as const)(
    'a tool and a server have no barrier and fit a phone, %s',
    async (colorScheme) => {
      await using wide = await open({ colorScheme });
      await using phone = await open({ colorScheme, viewport: { width: 320, height: 640 } });
      for (const address of [tool('delete_file'), origin + links.server(files.slug)]) {
        await wide.page.goto(address);
        expect(await barriers(wide.page), address).toEqual([]);
        await phone.page.goto(address);
        expect(await overflowing(phone.page), address).toEqual([]);
      }
      const ground = await wide.page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
      expect(ground).toBe(colorScheme === 'dark' ? 'rgb(18, 24, 27)' : 'rgb(251, 250, 247)');
      expect([...wide.faults, ...phone.faults]).toEqual([]);
    },
  );

  test('without script a format opens and closes the one before it', async () => {
    await using shown = await open({ javaScriptEnabled: false });
    const { page } = shown;
    await page.goto(tool('delete_file'));
    const rule = page.locator('#format-claude-code pre');
    expect(await rule.isVisible()).toBe(false);
    expect(await page.locator('#format-plimsoll pre').isVisible()).toBe(true);
    await page.getByText('Claude Code settings (JSON)', { exact: true }).click();
    expect(await rule.isVisible()).toBe(true);
    expect(await page.locator('#format-plimsoll pre').isVisible()).toBe(false);
    expect(await page.locator('button.copy').count()).toBe(0);
    expect(await rule.textContent()).toContain('mcp__example-files__delete_file');
    expect(shown.faults).toEqual([]);
  });

  test('by keyboard alone the evidence is followed, a format opened, and its rule copied', async () => {
    await using shown = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
    const { page } = shown;
    await page.goto(tool('delete_file'));
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
    await page.keyboard.press('Enter');
    const reach = async (wanted: string) => {
      for (let step = 0; step < 80; step++) {
        await page.keyboard.press('Tab');
        if (await page.evaluate(`document.activeElement.matches('${wanted}')`)) return;
      }
      throw new Error(`${wanted} is not reached by the keyboard`);
    };
    await reach('.quote a');
    await page.keyboard.press('Enter');
    expect(await page.evaluate("document.querySelector(':target').tagName")).toBe('MARK');
    await reach('#format-claude-code > summary');
    await page.keyboard.press('Enter');
    await reach('#format-claude-code .copy');
    await page.keyboard.press('Enter');
    await page.locator('#format-claude-code .copy', { hasText: 'Copied' }).waitFor();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(JSON.parse(copied)).toEqual({ permissions: { ask: ['mcp__example-files__delete_file'] } });
    expect(shown.faults).toEqual([]);
  });

  test('pages of hostile definitions run nothing, ask nothing and keep their shape on a phone', async () => {
    await using phone = await open({ viewport: { width: 320, height: 640 } });
    const tools = [hostile, huge].flatMap((of) => of.tools.map(({ definition }) => tool(definition.name, of)));
    for (const address of [
      ...tools.filter((_, at) => at % 4 === 0),
      ...[hostile, huge].map(({ slug }) => origin + links.server(slug)),
    ]) {
      const answer = await phone.page.goto(address);
      expect(answer?.status(), address).toBe(200);
      expect(await overflowing(phone.page), address.slice(0, 200)).toEqual([]);
      expect(await phone.page.locator('main').count(), address).toBe(1);
    }
    expect(await barriers(phone.page)).toEqual([]);
    expect(phone.faults).toEqual([]);
  });
});
