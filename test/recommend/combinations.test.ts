import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadClassifier } from '#classify/assess.ts';
import { verifyQuote } from '#classify/quote.ts';
import { taxonomy } from '#classify/taxonomy.ts';
import { definitionFingerprint } from '#core/definition.ts';
import type { CatalogueServer } from '#domain/catalogue.ts';
import { PROFILES, type Profile } from '#domain/policy.ts';
import type { JsonObject, ToolDefinition } from '#domain/tool.ts';
import { combinations } from '#recommend/combinations.ts';
import { recommend } from '#recommend/recommend.ts';
import { Wishes } from '#recommend/wishes.ts';
import { catalogueServer, catalogueTool, evidence } from './sample.ts';

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
  const facets = said.combinations.flatMap((one: { legs: { facets?: string[] }[] }) =>
    one.legs.flatMap((leg) => leg.facets ?? []),
  );
  for (const facet of facets) expect(Object.keys(taxonomy.facets)).toContain(facet);
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

test('a comment and a pull request are ways out; a reaction, a deletion and lists are none', () => {
  const page = { type: 'object', properties: { channel_id: { type: 'string' }, text: { type: 'string' } } };
  const others = [
    { name: 'send_reaction', description: 'Adds a reaction to a message.', inputSchema: page },
    { name: 'delete_message', description: 'Deletes a message from a channel.', inputSchema: page },
    { name: 'list_comments', description: 'Lists the comments.' },
    { name: 'add_comment', description: 'Adds a comment to an issue.', inputSchema: page },
    { name: 'createPullRequest', description: 'Creates a pull request.', inputSchema: page },
    { name: 'list_pull_requests', description: 'Lists pull requests.' },
  ] as unknown as readonly ToolDefinition[];
  const found = combinations(assess(mail, ...others)).find(({ id }) => id === 'lethal-trifecta')!;
  expect(found.legs.at(-1)!.tools.map(({ name }) => name)).toEqual(['add_comment', 'createPullRequest']);
  for (const { evidence } of found.legs.at(-1)!.tools) expect(evidence.length).toBeGreaterThan(0);
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

describe('the last leg of a combination is held tighter', () => {
  function server(...tools: readonly ToolDefinition[]): CatalogueServer {
    const judged = assess(...tools).map(({ tool, verdict }) => {
      const { assessment, ...rest } = catalogueTool({ ...tool, category: 'Read' });
      // So that nothing but the combination speaks for asking.
      const mild = { ...verdict, risk: 'medium' as const };
      return { ...rest, assessment: { ...assessment!, fingerprint: definitionFingerprint(tool), verdict: mild } };
    });
    return catalogueServer([], { tools: judged });
  }
  const both = server(mail, send);
  const rule = (profile: Profile, wishes: Wishes = {}) => recommend(both, profile, wishes).tools.send_email!;

  test('a person is asked, and the rule names the combination and the other tools', () => {
    expect(recommend(server(send), 'recommended').tools.send_email).not.toHaveProperty('approve');
    expect(rule('recommended')).toMatchObject({ approve: { by: 'user' } });
    const said = rule('recommended').why.join('\n');
    expect(said).toContain("Private data, strangers' words and a way out");
    expect(said).toContain("'read_inbox' reads what strangers wrote");
    expect(said).toContain('this tool sends out');
  });
  test('permissive asks nobody and caps harder', () => {
    const alone = recommend(server(send), 'permissive').tools.send_email!;
    expect(alone.limits).toMatchObject([{ max: 10, window: 'hour' }]);
    expect(rule('permissive').limits).toMatchObject([{ max: 5, window: 'hour' }]);
    expect(rule('permissive')).not.toHaveProperty('approve');
  });
  test('the operator may allow it all the same, or cut off another leg', () => {
    expect(rule('recommended', { allow: ['send_email'] })).not.toHaveProperty('approve');
    const alone = recommend(server(send), 'recommended').tools.send_email;
    for (const wishes of [{ deny: ['read_inbox'] }, { hide: ['Read' as const] }])
      expect(rule('recommended', wishes)).toEqual(alone);
    expect(rule('permissive', Wishes.parse({ limits: { send_email: '2/day' } })).limits).toMatchObject([
      { max: 2, window: 'day' },
    ]);
  });
  test('what only reads carries nothing out but by an address that its caller names', () => {
    const asked = (properties: JsonObject) => {
      const search = { name: 'look_up', inputSchema: { type: 'object', properties } };
      const facets = { 'sends-out': { value: true, evidence: [evidence(search, 'facet:sends-out', 'look', 'x')] } };
      const [made] = catalogueServer([{ ...search, category: 'Read' }]).tools;
      const reader = {
        ...made!,
        assessment: { ...made!.assessment!, verdict: { ...made!.assessment!.verdict, facets } },
      };
      const { tools } = recommend({ ...both, tools: [...both.tools, reader] }, 'recommended');
      return tools.look_up!.approve !== undefined;
    };
    expect([asked({ words: { type: 'string' } }), asked({ url: { type: 'string' } })]).toEqual([false, true]);
  });
  test('what read-only denies stays denied and completes nothing', () => {
    expect(rule('read-only')).toHaveProperty('deny');
    expect(rule('read-only').why.join('\n')).not.toContain('way out');
  });
  test('no other tool is touched, and the order of tools changes nothing', () => {
    const alone = recommend(server(mail), 'recommended').tools.read_inbox;
    expect(recommend(both, 'recommended').tools.read_inbox).toEqual(alone);
    for (const profile of PROFILES)
      expect(recommend({ ...both, tools: both.tools.toReversed() }, profile)).toEqual(recommend(both, profile));
  });
});
