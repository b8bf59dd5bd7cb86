import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadClassifier } from '#classify/assess.ts';
import { combinations } from '#classify/combinations.ts';
import { verifyQuote } from '#classify/quote.ts';
import type { ToolDefinition } from '#domain/tool.ts';

const classifier = await loadClassifier();
const data = join(import.meta.dirname, '..', '..', 'data');

function assess(...tools: readonly ToolDefinition[]) {
  const names = tools.map(({ name }) => name);
  return tools.map((tool) => ({ name: tool.name, tool, verdict: classifier.assess(tool, names) }));
}

const mail = { name: 'read_inbox', description: 'Reads received emails.' };
const send = {
  name: 'send_email',
  description: 'Sends an e-mail.',
  inputSchema: { properties: { to: {}, body: {} } },
};
const shell = {
  name: 'run_command',
  description: 'Runs a shell command.',
  inputSchema: { properties: { command: { type: 'string' } } },
};

test('data/combinations.yaml is as its schema says, and each id stands once', () => {
  const said = parse(readFileSync(join(data, 'combinations.yaml'), 'utf8'));
  const valid = new Ajv().compile(JSON.parse(readFileSync(join(data, 'schemas', 'combinations.json'), 'utf8')));
  valid(said);
  expect(valid.errors ?? []).toEqual([]);
  const ids = said.combinations.map(({ id }: { id: string }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('mail that is read and mail that is sent make the lethal trifecta, named with tools and quotes', () => {
  const tools = assess(mail, send);
  const found = combinations(tools).find(({ id }) => id === 'lethal-trifecta');
  expect(found?.legs.map(({ id, tools }) => [id, tools.map(({ name }) => name)])).toEqual([
    ['private', ['read_inbox']],
    ['untrusted', ['read_inbox']],
    ['outward', ['send_email']],
  ]);
  for (const { tools: fillers } of found!.legs)
    for (const { name, evidence } of fillers) {
      expect(evidence.length).toBeGreaterThan(0);
      const { tool } = tools.find((one) => one.name === name)!;
      for (const { quote } of evidence)
        expect(
          verifyQuote(
            tool,
            quote,
            tools.map((one) => one.name),
          ),
        ).toBe(true);
    }
});

test.each([
  ['words-to-code', [mail, shell]],
  ['words-to-loss', [mail, { name: 'delete_repo', description: 'Deletes a repository.' }]],
  [
    'words-to-money',
    [
      mail,
      { name: 'send_payment', description: 'Sends USDC.', inputSchema: { properties: { amount: {}, recipient: {} } } },
    ],
  ],
  ['words-to-rights', [mail, { name: 'add_collaborator', description: 'Grants a user access.' }]],
  ['secrets-out', [{ name: 'get_secret', description: 'Returns the API key.' }, send]],
  ['secrets-to-code', [{ name: 'get_secret', description: 'Returns the API key.' }, shell]],
] as const)('%s', (id, tools) => {
  expect(combinations(assess(...tools)).map((one) => one.id)).toContain(id);
  // Each leg is needed.
  for (const tool of tools) expect(combinations(assess(tool)).map((one) => one.id)).not.toContain(id);
});

test('harmless tools make none', () => {
  expect(combinations(assess({ name: 'get_weather' }, { name: 'create_issue' }, { name: 'add_numbers' }))).toEqual([]);
  expect(combinations([])).toEqual([]);
});
