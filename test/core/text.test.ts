import { describe, expect, test } from 'vitest';
import { scrub } from '#core/text.ts';

/** Made of pieces, so that no scanner takes this file for a leak; each holds the word that must not be left. */
const R = 'a1B2c3D4e5F6g7H8';
const X = '0f1e2d3c4b5a6978';
const join = (...parts: readonly string[]) => parts.join('');

const SECRETS: Readonly<Record<string, string>> = {
  openai: join('sk', '-', R, R, R),
  'openai project': join('sk', '-proj-', R, R, '_', R),
  anthropic: join('sk', '-ant-api03-', R, R, '-', R, 'AA'),
  'github classic': join('gh', 'p_', R, R, 'abcd'),
  'github server': join('gh', 's_', R, R, 'abcd'),
  'github fine-grained': join('github', '_pat_', R, '_', R, R),
  gitlab: join('gl', 'pat-', R, 'abcd'),
  'slack bot': join('xox', 'b-123456789012-123456789012-', R),
  'slack app': join('xapp', '-1-A0123456789-1234567890123-', X, X),
  'slack webhook': join('https://hooks.slack', '.com/services/T00000000/B00000000/', R),
  'discord webhook': join('https://discord', '.com/api/webhooks/123456789012345678/', R, R),
  'discord bot': join('MTIzNDU2Nzg5MDEyMzQ1Njc4', '.', 'GabcdE', '.', R, 'abcdefghijklmn'),
  'telegram bot': join('123456789', ':', 'AA', R, R, 'b'),
  'aws key id': join('AK', 'IA', 'ABCDEFGHIJ234567'),
  'aws secret': join('wJalr', 'XUtnFEMI', '/K7MDENG/', 'bPxRfiCY', 'EXAMPLEKEY'),
  'google api': join('AI', 'za', 'SyA1b2', R, R),
  'google oauth': join('ya29', '.', R, '-', R),
  'google client secret': join('GOC', 'SPX-', R, 'abcdefgh'),
  'stripe live': join('sk', '_live_', R, R),
  'stripe restricted': join('rk', '_live_', R, R),
  'stripe webhook': join('whsec', '_', R, R),
  sendgrid: join('SG', '.', R, 'abcdef', '.', R, R),
  mailgun: join('key', '-', X, X),
  npm: join('npm', '_', R, R, 'abcd'),
  pypi: join('pypi', '-AgEIcHlwaS5vcmc', R, R),
  'hugging face': join('hf', '_', R, R),
  shopify: join('shp', 'at_', X, X),
  digitalocean: join('dop', '_v1_', X, X, X, X),
  sentry: join('sntry', 's_', R, R),
  linear: join('lin', '_api_', R, R),
  notion: join('secret', '_', R, R, 'abc'),
  figma: join('fig', 'd_', R, '-', R),
  databricks: join('da', 'pi', X, X),
  vault: join('hv', 's.', R, R),
  supabase: join('sb', 'p_', X, X),
  grafana: join('gl', 'sa_', R, R, '_', '1a2b3c4d'),
  atlassian: join('AT', 'ATT3x', R, R, '=', '1A2B3C4D'),
  airtable: join('pat', 'AbCdEfGh1jKlMn', '.', X, X, X, X),
  'web token': join('ey', 'JhbGciOiJIUzI1NiJ9', '.', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', '.', R, R),
  'private key': join('-----BEGIN RSA PRIV', 'ATE KEY-----\n', R, R, '\n', R, '\n-----END RSA PRIV', 'ATE KEY-----'),
  'half a private key': join('-----BEGIN OPENSSH PRIV', 'ATE KEY-----\n', R, '\n', R),
  'password in an address': join('postgres://app:', 'hunter2', '@db.example:5432/x'),
  'token in an address': join('https://', R, R, '@git.example/x.git'),
  'query string': join('https://api.example/v1?page=2&api', '_key=', 'k', R, '&x=1'),
  'authorization header': join('Authorization: Basic ', 'dXNlcjpwYXNz', 'd29yZA=='),
  'token header': join('x-acme-api', '-key: ', 'abcdef-123456'),
  cookie: join('Set-Cookie: a=1; theme=dark; id=', R),
  'bearer in a sentence': join('called with Bearer ', R),
  variable: join('DB_PASS', 'WORD=', 'hunter2'),
  'camel case': join('{"clientSec', 'ret":"', 'correct horse battery', '"}'),
  option: join('started with --api', '-key ', 'abcdef123'),
  'azure account key': join('AccountKey', '=', R, R, '/', R, '+', R, '=='),
  hex: join(X, X),
  'long random word': join(R, R, '+', R),
};
/** What of each may be left. */
const LEFT = /^(page|x|theme|dark|a|https?|api|v1|git|db|example|com|app|postgres|id)$/;

describe('credentials', () => {
  test('are of at least forty kinds here', () => expect(Object.keys(SECRETS).length).toBeGreaterThanOrEqual(40));

  test.each(Object.entries(SECRETS))('%s', (_, secret) => {
    for (const text of [secret, `fatal: could not use ${secret} here`, `\x1b[31m${secret}\x1b[0m\nnext line`]) {
      const clean = scrub(text);
      const words = secret.match(/\w{5,}/g)!.filter((word) => /\d/.test(word) || /hunter|correct|dXNl/.test(word));
      expect(words.length).toBeGreaterThan(0);
      for (const word of words) if (!LEFT.test(word)) expect(clean, clean).not.toContain(word);
      expect(clean).toMatch(/\[(token|secret|password|hex|private key)\]/);
    }
  });
});

const PLAIN: readonly string[] = [
  'Error: ACME_API_KEY environment variable is required',
  'SLACK_BOT_TOKEN: Required',
  'Invalid token: expected a string, received undefined',
  'Please set the GITHUB_PERSONAL_ACCESS_TOKEN=<your token> variable',
  'MISSING: API_KEY=%API_KEY%',
  'password: must be at least 8 characters',
  'Unexpected token \'<\', "<!doctype "... is not valid JSON',
  'SyntaxError: Unexpected token } in JSON at position 1024',
  'max_tokens=4096 and token_count: 812',
  '@modelcontextprotocol/server-sequential-thinking@2026.8.31 started on stdio',
  'sk-learn, npm_config_registry, hf_hub_download, key-value-store-manager and fc-cache are no keys',
  "Cannot find module '/srv/pkg/node_modules/@playwright/mcp/lib/Browser2Context.js' imported from /srv/pkg/cli.js",
  'at ModuleLoader.resolveSync (node:internal/modules/esm/loader:636:34)',
  'Node.js v24.21.0, protocol 2025-11-25, id 550e8400-e29b-41d4-a716-446655440000',
  'Usage: server <database-url> --token <token> --port 3000',
  'listening on http://127.0.0.1:3000/mcp?session=none',
  'Secret: a history of passwords. Token economies are many.',
  'Ärger mit 名前: nichts gefunden',
  'This client only lists tools. Authentication is required: log in first.',
];

describe('what is no credential', () => {
  test.each(PLAIN)('%s', (text) => expect(scrub(text)).toBe(text));
});

test('escapes, controls and marks of direction are taken out, lines stay', () => {
  const text = '\x1b[31mred\x1b[0m\x1b]0;title\x07 \u202Eback\u200b\0 a\tb\r\nc\rd \ud800';
  expect(scrub(text)).toBe('red back a\tb\nc\nd \ufffd');
});

test('paths are told by what stands for them, and only the end is kept', () => {
  expect(scrub('in /home/op/x/y.js', [['/home/op/x', '/srv/pkg']])).toBe('in /srv/pkg/y.js');
  const long = scrub(`first ${'word '.repeat(2000)}last`);
  expect(long).toHaveLength(4000);
  expect(long.endsWith('last')).toBe(true);
});

test('no text takes long', () => {
  const size = 64 * 1024;
  const pieces = ['a+', 'eyJ-', 'sk-', 'token', 'token=', 'Bearer ', '://', '://a:', '-----BEGIN PRIVATE KEY-----'];
  const more = ['password: "', '--api-key ', 'a.', 'A_', '1:', '\x1b[', '\x1b]0;', 'a/', '0a', 'cookie: ', 'x-a-', ' '];
  for (const piece of [...pieces, ...more]) {
    const text = piece.repeat(size / piece.length);
    const began = performance.now();
    scrub(text);
    expect(performance.now() - began, piece).toBeLessThan(500);
  }
});
