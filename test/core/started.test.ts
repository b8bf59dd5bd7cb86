import { expect, test } from 'vitest';
import { asStarted } from '#core/started.ts';

test.each([
  ['npm run plimsoll -- work --stages classify', 'plimsoll work --stages classify'],
  ['PLIMSOLL_CATALOGUE=x npm run --silent plimsoll -- mcp', 'PLIMSOLL_CATALOGUE=x plimsoll mcp'],
  ['npm run crawl -- --limit 0', 'plimsoll nightly --limit 0'],
  ['npm run crawl', 'plimsoll nightly'],
  ['npm run serve', 'plimsoll serve'],
  ['First npm run plimsoll -- discover, then npm run serve', 'First plimsoll discover, then plimsoll serve'],
  ['npm run image makes it', 'npm run image makes it'],
])('%s is %s without the source', (text, command) => {
  expect(asStarted(text, false)).toBe(command);
  expect(asStarted(text, true)).toBe(text);
});
