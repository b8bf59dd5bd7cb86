import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** The Chromium that is installed; undefined where none is: tests that need it say so and are skipped. */
export const CHROMIUM = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
  .find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** Opens a browser; whoever opens it closes it. */
export function openBrowser(): Promise<Browser> {
  // Whatever is not this machine is not found, so a page that asked elsewhere would say so on the console.
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  ];
  return chromium.launch({ executablePath: CHROMIUM!, args });
}

/** A page of its own and everything that went wrong on it: console, scripts that failed, dialogs, what was asked elsewhere. */
export interface Visit {
  readonly page: Page;
  readonly faults: string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** A fresh page that may ask nothing but `origin`. */
export async function visit(browser: Browser, origin: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() !== 'log') faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => void faults.push(`script: ${error.message}`));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`)) faults.push(`asked: ${request.url()}`);
  });
  return { page, faults, [Symbol.asyncDispose]: () => context.close() };
}

// What runs in the page is told as text: the types of this project know no document.
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SERIOUS = `axe.run().then(({ violations }) => violations
  .filter(({ impact }) => impact === 'serious' || impact === 'critical')
  .flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ target, failureSummary }) => id + ': ' + target.join(' ') + ' ' + failureSummary)))`;

/** What axe-core finds serious or worse on a page, a line each. */
export async function barriers(page: Page): Promise<readonly string[]> {
  // Through the protocol, past the page's own policy, which lets in no script but ours.
  await page.evaluate(AXE);
  return page.evaluate<readonly string[]>(SERIOUS);
}

const BEYOND = `(() => {
  const { clientWidth, scrollWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const beyond = [...document.querySelectorAll('body *')].filter(
    (one) => one.getBoundingClientRect().right > clientWidth + 1 && !one.closest('.table'),
  );
  return [scrollWidth + ' px wide', ...beyond.slice(0, 5).map((one) => one.tagName + '.' + one.className)];
})()`;

/** What of a page reaches beyond the right edge of the window, a line each; nothing where the page need not be scrolled. */
export function overflowing(page: Page): Promise<readonly string[]> {
  return page.evaluate<readonly string[]>(BEYOND);
}
