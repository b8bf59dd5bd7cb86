import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PROFILES, type Profile } from '#domain/policy.ts';
import type { JsonObject } from '#domain/tool.ts';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';
import { policyText, readPolicy } from '#publish/formats/policy-text.ts';
import { type Call, checker } from '#recommend/check.ts';
import { wordsOf } from '#recommend/kinds.ts';
import { recommend } from '#recommend/recommend.ts';
import { Wishes, withWishes } from '#recommend/wishes.ts';
import { catalogueServer, type SampleTool } from './sample.ts';

const json = (file: string) => JSON.parse(readFileSync(join(import.meta.dirname, '../../data', file), 'utf8'));
const policyOf = (tool: SampleTool, profile: Profile = 'recommended', wishes: Wishes = {}) =>
  recommend(catalogueServer([tool]), profile, wishes);
const rule = (...given: Parameters<typeof policyOf>) => policyOf(...given).tools[given[0].name]!;
const takes = (properties: JsonObject): JsonObject => ({ type: 'object', properties });
const ask = (given: Parameters<typeof policyOf>, args: JsonObject) => {
  const call: Call = { tool: given[0].name, args, at: 0, grant: 'g', session: 's' };
  return checker(policyOf(...given))(call).outcome;
};

test('the table of kinds keeps its schema, and no word leads to two kinds of one category', () => {
  const valid = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(json('schemas/kinds.json'));
  expect(valid(json('kinds.json')), JSON.stringify(valid.errors)).toBe(true);
  const seen = new Set<string>();
  // What stands on more than a word comes before what stands on that word alone.
  for (const { id, categories, words = [], ends } of json('kinds.json').kinds)
    for (const category of categories)
      for (const word of ends ? [] : words) {
        expect(seen.has(`${category} ${word}`), `${id}: ${word}`).toBe(false);
        seen.add(`${category} ${word}`);
      }
});

test('words of a name, however it is written', () => {
  for (const name of ['sendEmail', 'send_email', 'SEND-EMAIL', 'send email', 'SendEmail'])
    expect(wordsOf(name)).toEqual(['send', 'email']);
  expect(wordsOf('getURLFor2')).toEqual(['get', 'url', 'for2']);
});

describe('a cap fits what the tool does', () => {
  test('a message, a refund and a label are not the same', () => {
    const caps = [
      rule({ name: 'send_email', category: 'Write' }),
      rule({ name: 'refund_payment', category: 'Financial' }),
      rule({ name: 'add_label', category: 'Write' }),
    ].map(({ limits }) => `${limits![0]!.max}/${limits![0]!.window}`);
    expect(caps).toEqual(['10/hour', '3/hour', '60/minute']);
  });
  test('a store is more than a thing in it', () => {
    const cap = (name: string, category: 'Destructive' | 'Write') => {
      const [limit] = rule({ name, category }).limits!;
      return `${limit!.max}/${limit!.window}`;
    };
    for (const name of ['delete_database', 'd1_database_delete', 'removeBucket'])
      expect(cap(name, 'Destructive'), name).toBe('2/hour');
    for (const name of ['delete_table', 'discord_delete_channel', 'empty_trash'])
      expect(cap(name, 'Destructive'), name).toBe('2/hour');
    for (const name of ['delete_database_user', 'delete_issue', 'hdel'])
      expect(cap(name, 'Destructive'), name).toBe('10/hour');
    expect(cap('fork_repository', 'Write')).toBe('10/hour');
    expect(cap('create_repository_label', 'Write')).toBe('60/minute');
    expect(cap('merge_pull_request', 'Write')).toBe('5/hour');
  });
  test('what strangers must answer is told apart from what tidies up, and a request to merge from merging', () => {
    const cap = (name: string) => {
      const [limit] = rule({ name, category: 'Write' }).limits!;
      return `${limit!.max}/${limit!.window}`;
    };
    for (const name of ['create_issue', 'createPullRequest', 'create_merge_request', 'update-many', 'bulk_update'])
      expect(cap(name), name).toBe('30/hour');
    for (const name of ['create_merge_request_note', 'create_issue_note', 'slack_reply_to_thread'])
      expect(cap(name), name).toBe('20/hour');
    for (const name of ['set_merge_request_title', 'create_issue_link', 'update_issue'])
      expect(cap(name), name).toBe('30/minute');
    expect(cap('merge_merge_request')).toBe('5/hour');
    expect(cap('reply_to_email')).toBe('10/hour');
    expect(cap('create_note')).toBe('60/minute');
  });
  test('a secret that is returned is seen by a person', () => {
    expect(rule({ name: 'get_secret', category: 'Read', risk: 'medium' })).toMatchObject({
      limits: [{ max: 5, window: 'hour' }],
      approve: { by: 'user' },
    });
    expect(rule({ name: 'get_token_price', category: 'Read', risk: 'low' })).not.toHaveProperty('approve');
  });
  test('a word counts only in the categories of its kind', () => {
    expect(rule({ name: 'get_refund', category: 'Read' })).not.toHaveProperty('limits');
  });
  test('for critical risk the tighter of both holds', () => {
    expect(rule({ name: 'add_label', category: 'Write', risk: 'critical' }).limits![0]).toMatchObject({
      max: 5,
      window: 'minute',
    });
  });
});

describe('profiles', () => {
  const all = CATEGORIES.flatMap((category) => RISKS.map((risk) => ({ name: 'do_it', category, risk })));
  test.each(all)('$category, $risk', (tool) => {
    const [recommended, readOnly, strict, permissive] = PROFILES.map((profile) => rule(tool, profile));
    if (tool.category === 'Read') {
      expect(readOnly).toEqual(recommended);
      expect(strict).toEqual(recommended);
    } else {
      expect(readOnly).toHaveProperty('deny');
      expect(strict).toHaveProperty('approve');
    }
    expect(permissive).not.toHaveProperty('approve');
    if (recommended!.approve) expect(permissive!.limits).toHaveLength(1);
  });
  test('none allows what nobody has judged', () => {
    for (const profile of PROFILES) expect(rule({ name: 'mystery' }, profile)).toHaveProperty('deny');
  });
  test('read-only lets through what its arguments keep from changing anything, and a person sees it', () => {
    const sql: SampleTool = {
      name: 'run_query',
      description: 'Runs SQL.',
      category: 'Execute',
      inputSchema: takes({ query: { type: 'string' } }),
    };
    expect(ask([sql, 'read-only'], { query: 'select 1' })).toBe('needs approval');
    for (const query of [
      'delete from t',
      'select 1; drop table t',
      'WITH x AS (delete from t) select 1',
      'select 1 into t',
    ])
      expect(ask([sql, 'read-only'], { query }), query).toBe('denied');
    expect(ask([sql, 'read-only'], {})).toBe('denied');
    const search = { ...sql, name: 'search', description: 'Searches words.' };
    expect(rule(search, 'read-only')).toHaveProperty('deny');
    const names = { ...sql, name: 'mysql_query', description: 'Queries the warehouse.' };
    const verbs = { ...sql, name: 'read_query', description: 'Execute SELECT queries to read data.' };
    for (const one of [names, verbs])
      expect(
        ['select 1', 'drop table t'].map((query) => ask([one, 'read-only'], { query })),
        one.name,
      ).toEqual(['needs approval', 'denied']);
    const trial: SampleTool = { name: 'apply', category: 'Write', inputSchema: takes({ dryRun: { type: 'boolean' } }) };
    expect(ask([trial, 'read-only'], { dryRun: true })).toBe('needs approval');
    expect(ask([trial, 'read-only'], { dryRun: false })).toBe('denied');
    expect(ask([trial], { dryRun: false })).toBe('allowed');
  });
});

describe('rules on arguments', () => {
  const tool = (name: string, category: SampleTool['category'], properties: JsonObject): SampleTool => ({
    name,
    ...(category && { category }),
    inputSchema: takes(properties),
  });
  test('never name an argument that the schema does not have', () => {
    const wishes: Wishes = {
      arguments: { hosts: ['a.example'], paths: ['/srv'], domains: ['a.example'], amount: 5, batch: 5 },
    };
    for (const profile of PROFILES)
      for (const category of CATEGORIES)
        expect(JSON.stringify(rule(tool('x', category, { name: { type: 'string' } }), profile, wishes))).not.toContain(
          'args.',
        );
  });
  test('addresses inside are denied, or all but the chosen hosts', () => {
    const post = tool('post_to', 'Write', { url: { type: 'string' } });
    for (const url of [
      ...['http://169.254.169.254/latest', 'http://localhost:80', 'http://10.0.0.1/', 'https://user@127.0.0.1/'],
      ...['http://[::1]/', 'file:///etc/passwd', 'http://metadata.google.internal/', 'HTTP://172.20.1.1/'],
      ...[
        'localhost:3000',
        '127.0.0.1/x',
        '//LocalHost',
        'http://LOCALHOST./',
        'http:\\\\localhost\\',
        ' http://localhost',
      ],
      ...[
        'http://2130706433/',
        'http://0x7f000001',
        'http://0177.0.0.1/',
        'FILE:/etc/passwd',
        'http://a.internal:8080',
      ],
    ])
      expect(ask([post], { url }), url).toBe('denied');
    for (const url of [
      ...['https://example.com/', 'https://example.com/10.0.0.1', 'example.com', 'https://localhost.example.com/'],
      ...['https://localcoffee.example/', 'https://123.example/', 'https://internal.example.com', 'https://8.8.8.8/'],
    ])
      expect(ask([post], { url }), url).toBe('allowed');
    const only: Parameters<typeof policyOf> = [
      post,
      'recommended',
      { arguments: { hosts: ['a.example', '*.b.example'] } },
    ];
    for (const url of ['https://a.example/x', 'https://a.example', 'https://x.b.example:8443/', 'https://b.example?q'])
      expect(ask(only, { url }), url).toBe('allowed');
    for (const url of [
      'https://a.example.evil.example/',
      'https://a.example@evil.example/',
      'https://xa.example/',
      'ftp://a.example/',
    ])
      expect(ask(only, { url }), url).toBe('denied');
  });
  test('paths to secrets and upwards are denied, or all but the chosen folders', () => {
    const write = tool('write_file', 'Write', { path: { type: 'string' } });
    for (const path of [
      '/home/u/.ssh/id_rsa',
      '~/.aws/credentials',
      '/etc/passwd',
      'a/../../b',
      '.env',
      'C:\\u\\.ssh\\x',
    ])
      expect(ask([write], { path }), path).toBe('denied');
    for (const path of ['/home/u/a.txt', 'src/environment.ts', '/srv/etc/x', 'a..b'])
      expect(ask([write], { path }), path).toBe('allowed');
    const only: Parameters<typeof policyOf> = [write, 'recommended', { arguments: { paths: ['/srv/data/'] } }];
    expect(ask(only, { path: '/srv/data/x' })).toBe('allowed');
    for (const path of ['/srv/database', '/srv/data/../x', 'x', '/']) expect(ask(only, { path }), path).toBe('denied');
  });
  test('of a list every value is held to the rule, and what may be null or one of two shapes is read', () => {
    const strings = { type: 'array', items: { type: 'string' } };
    const either = { anyOf: [{ type: 'string' }, strings, { type: 'null' }] };
    for (const paths of [strings, either, { type: ['array', 'null'], items: { type: ['string', 'null'] } }]) {
      const move = tool('change_files', 'Write', { paths });
      expect(ask([move], { paths: ['/srv/a', '/srv/b'] })).toBe('allowed');
      expect(ask([move], { paths: ['/srv/a', '/home/u/.ssh/id_rsa'] })).toBe('denied');
      expect(ask([move], { paths: '../x' })).toBe('denied');
      expect(ask([move], { paths: null })).toBe('allowed');
      const only: Parameters<typeof policyOf> = [move, 'recommended', { arguments: { paths: ['/srv'], batch: 2 } }];
      expect(ask(only, { paths: ['/srv/a'] })).toBe('allowed');
      expect(ask(only, { paths: ['/srv/a', '/opt/b'] })).toBe('denied');
      expect(ask(only, { paths: ['/srv/a', '/srv/../b'] })).toBe('denied');
      expect(ask(only, { paths: ['/srv/a', '/srv/b', '/srv/c'] })).toBe('denied');
    }
    const mail = tool('send_email', 'Write', { to: strings });
    const domains: Parameters<typeof policyOf> = [mail, 'recommended', { arguments: { domains: ['a.example'] } }];
    expect(ask(domains, { to: ['x@a.example', 'y@a.example'] })).toBe('allowed');
    expect(ask(domains, { to: ['x@a.example', 'y@b.example'] })).toBe('denied');
    const visit = tool('open_pages', 'Write', { urls: strings });
    expect(ask([visit], { urls: ['https://a.example', 'http://localhost:1'] })).toBe('denied');
    const remove = tool('delete_rows', 'Destructive', { ids: { type: 'array', items: { type: 'object' } } });
    expect(ask([remove, 'permissive', { arguments: { batch: 1 } }], { ids: [{}, {}] })).toBe('denied');
    expect(
      rule(tool('change', 'Write', { paths: { anyOf: [strings, { type: 'object' }] } }), 'recommended'),
    ).not.toHaveProperty('deny_if');
  });
  test('main branches, foreign recipients, large amounts and large batches', () => {
    const push = tool('push_files', 'Write', { branch: { type: 'string' } });
    expect(['main', 'refs/heads/main', 'feature/x'].map((branch) => ask([push], { branch }))).toEqual([
      'denied',
      'denied',
      'allowed',
    ]);
    // Where no branch is named, the default branch is meant.
    for (const args of [{}, { branch: null }]) expect(ask([push], args)).toBe('denied');
    for (const name of ['create_merge_request', 'git_checkout', 'protect_branch'])
      expect(ask([tool(name, 'Write', { target_branch: { type: 'string' } })], { target_branch: 'main' })).toBe(
        'allowed',
      );
    const mail = tool('send_email', 'Write', { to: { type: 'string' } });
    const domains: Parameters<typeof policyOf> = [mail, 'recommended', { arguments: { domains: ['a.example'] } }];
    expect(
      ['x@a.example', 'x@a.example, y@a.example', 'x@a.example,y@b.example', 'x@a.example.b'].map((to) =>
        ask(domains, { to }),
      ),
    ).toEqual(['allowed', 'allowed', 'denied', 'denied']);
    expect(ask([mail], { to: 'x@b.example' })).toBe('allowed');
    const pay = tool('pay', 'Financial', { amount: { type: 'number' } });
    expect(ask([pay, 'recommended', { arguments: { amount: 50 } }], { amount: 51 })).toBe('denied');
    expect([50, 101].map((amount) => ask([pay, 'permissive'], { amount }))).toEqual(['allowed', 'denied']);
    const many = tool('archive', 'Write', { limit: { type: 'integer' } });
    expect([5, 6].map((limit) => ask([many, 'recommended', { arguments: { batch: 5 } }], { limit }))).toEqual([
      'allowed',
      'denied',
    ]);
  });
  test('a query that may run freely since it only reads is held to reading', () => {
    const query = tool('query', 'Read', { sql: { type: 'string' } });
    expect(['select 1', 'with a as (select 1) select * from a'].map((sql) => ask([query], { sql }))).toEqual([
      'allowed',
      'allowed',
    ]);
    for (const sql of ['drop table a', 'with a as (delete from t) select 1', 'select 1; delete from t'])
      expect(ask([query], { sql }), sql).toBe('denied');
  });
  test('the path of an address is none of a file', () => {
    const put = tool('put', 'Write', { path: { type: 'string', description: 'The API endpoint path.' } });
    expect(ask([put], { path: '/dev/x' })).toBe('allowed');
  });
  test('what may run freely stays free of them, unless the operator bounds them', () => {
    const read = tool('read_file', 'Read', { path: { type: 'string' } });
    expect(ask([read], { path: '/etc/passwd' })).toBe('allowed');
    expect(ask([read, 'recommended', { arguments: { paths: ['/srv'] } }], { path: '/etc/passwd' })).toBe('denied');
  });
});

describe('what the operator wishes for', () => {
  const pay: SampleTool = { name: 'pay', category: 'Financial' };
  test('allow takes the question away and leaves the cap; deny wins', () => {
    expect(rule(pay, 'recommended', { allow: ['pay'] })).toMatchObject({ limits: [{ max: 3, window: 'hour' }] });
    expect(rule(pay, 'recommended', { allow: ['pay'] })).not.toHaveProperty('approve');
    expect(ask([pay, 'read-only', { allow: ['pay'] }], {})).toBe('allowed');
    expect(ask([pay, 'recommended', { allow: ['pay'], deny: ['pay'] }], {})).toBe('denied');
    expect(ask([{ name: 'mystery' }, 'recommended', { allow: ['mystery'] }], {})).toBe('denied');
  });
  test('caps and approvals of their own', () => {
    const wishes = Wishes.parse({ limits: { pay: '1/day' }, approval: { by: 'operator', timeout: 'PT1H' } });
    expect(rule(pay, 'recommended', wishes)).toMatchObject({
      limits: [{ max: 1, window: 'day' }],
      approve: { by: 'operator', timeout: 'PT1H', show: ['tool', 'arguments', 'server', 'reason'] },
    });
  });
  test.each([
    [{ limit: {} }],
    [{ limits: { a: '0/hour' } }],
    [{ arguments: { hosts: ['a/b'] } }],
    [{ arguments: { paths: ['relative'] } }],
    [{ approval: { timeout: '5 minutes' } }],
    [{ deny: 'a' }],
  ])('%j is refused', (text) => {
    expect(Wishes.safeParse(text).success).toBe(false);
  });
  test('two sets add up', () => {
    expect(withWishes({ deny: ['a'], limits: { a: { max: 1, window: 'day' } } }, { deny: ['a', 'b'] })).toMatchObject({
      deny: ['a', 'b'],
      limits: { a: { max: 1 } },
    });
  });
});

test('whatever is asked for, the policy is valid, its patterns can be read, and it comes back from its text', () => {
  const words = fc.constantFrom(
    'url',
    'path',
    'to',
    'branch',
    'amount',
    'sql',
    'query',
    'dry_run',
    'limit',
    'file',
    '__proto__',
  );
  const types = fc.constantFrom('string', 'number', 'integer', 'boolean', 'array', ['string', 'null']);
  const hosts = fc.array(fc.domain(), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(
      fc.constantFrom(...CATEGORIES),
      fc.constantFrom(...PROFILES),
      fc.dictionary(words, types),
      fc.record(
        {
          hosts,
          domains: hosts,
          paths: fc.array(
            fc.string().map((text) => `/${text}`),
            { minLength: 1 },
          ),
        },
        { requiredKeys: [] },
      ),
      (category, profile, properties, bounds) => {
        const schema = Object.fromEntries(Object.entries(properties).map(([name, type]) => [name, { type }]));
        const tool: SampleTool = {
          name: 'move_file',
          description: 'SQL',
          category,
          inputSchema: takes(schema as JsonObject),
        };
        const policy = policyOf(tool, profile, { arguments: bounds });
        expect(readPolicy(policyText(policy))).toEqual(policy);
        const all = Object.values(policy.tools).flatMap(({ require = [], deny_if = [] }) => [
          ...require,
          ...deny_if.flatMap(({ conditions }) => conditions),
        ]);
        for (const { path, op, value } of all) {
          expect(Object.hasOwn(properties, path.slice('args.'.length))).toBe(true);
          if (op === 'regex') expect(() => new RegExp(String(value))).not.toThrow();
        }
      },
    ),
    { numRuns: 300 },
  );
});
