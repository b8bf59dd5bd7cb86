import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scrub } from '#core/text.ts';
import type { Launch } from '#domain/launch.ts';
import type { Input } from '#domain/server.ts';
import type { Try } from '#enumerate/attempt.ts';
import { fakeValue, mayFake, namedIn } from '#enumerate/fakes.ts';
import { type Last, ladder } from '#enumerate/ladder.ts';
import { LIMITS } from '#enumerate/limits.ts';
import { readTools } from '#enumerate/tools.ts';
import { usageArguments } from '#enumerate/usage.ts';

const launch = (inputs: readonly Input[] = []): Launch => ({
  resolver: 'test',
  runtime: 'node',
  artefact: { purl: 'pkg:npm/x', name: 'x', version: '1.0.0', integrity: '' },
  tree: '/srv/pkg',
  entry: 'x.js',
  args: [],
  inputs,
});

/** Climbs the ladder against a server that answers each try as `answer` says; returns the tries. */
function climb(answer: (tried: Try) => Partial<Last>, inputs: readonly Input[] = []): readonly Try[] {
  const nothing = { phase: 'start', reason: 'exited', said: '', reports: { egress: [], listens: false } };
  const steps = ladder(launch(inputs), LIMITS.attempts);
  const tries: Try[] = [];
  for (let step = steps.next(); !step.done && tries.length < 50; ) {
    tries.push(step.value);
    step = steps.next({ ...nothing, tried: step.value, ...answer(step.value) });
  }
  return tries;
}

describe('the ladder', () => {
  test('never changes how a server speaks, whatever it asks for', () => {
    for (const name of [
      'OUTPUT_FORMAT',
      'HTTP_PORT',
      'MCP_MODE',
      'LOG_LEVEL',
      'TRANSPORT',
      'PATH',
      'NODE_OPTIONS',
      'ENV_FILE',
    ])
      expect(mayFake(name), name).toBe(false);
    for (const name of ['ACME_API_KEY', 'DATABASE_URL', 'SLACK_TEAM_ID']) expect(mayFake(name), name).toBe(true);
  });

  test('makes up values of the right kind that lead nowhere', () => {
    for (const name of ['ACME_URL', 'DATABASE_URL', 'REDIS_URL', 'API_BASE', 'MONGO_URI'])
      expect(new URL(fakeValue(name)).hostname, name).toMatch(/\.invalid$/);
    for (const name of ['ACME_HOST', 'USER_EMAIL']) expect(fakeValue(name), name).toMatch(/\.invalid$/);
    expect(fakeValue('API_KEY')).toContain('fake');
    expect(fakeValue('ROLE', { choices: ['owner', 'guest'] })).toBe('owner');
    expect(fakeValue('REGION', { default: 'eu-1' })).toBe('eu-1');
  });

  test('reads names and allowed values out of complaints', () => {
    const named = (text: string) => Object.fromEntries(namedIn(text, []));
    expect(named('Please set SLACK_BOT_TOKEN and SLACK_TEAM_ID environment variables')).toEqual({
      SLACK_BOT_TOKEN: 'plimsoll-fake-value',
      SLACK_TEAM_ID: 'plimsoll-fake-value',
    });
    expect(named(`MCP_USER_ROLE: Invalid enum value. Expected 'developer' | 'editor'`)).toEqual({
      MCP_USER_ROLE: 'developer',
    });
    expect(named("MCP_MONGODB_URI must start with 'mongodb://' or 'mongodb+srv://'")).toEqual({
      MCP_MONGODB_URI: expect.stringMatching(/^mongodb:\/\/db\.invalid/),
    });
    expect(usageArguments('Usage: npx -y x serve --vault notes=/absolute/path/to/vault')).toEqual([
      ['serve', '--vault', 'notes=/tmp'],
    ]);
    expect(usageArguments('  x init --client-id <id>\n  x run')).toEqual([]);
    expect(usageArguments('Usage: x --apiKey=<key> --index "Name" --port <port>')).toEqual([
      ['--apiKey=plimsoll-fake-value', '--index', 'plimsoll-fake-value'],
    ]);
    const kinds = `ACME_BOT must start with "acme_bot-". ACME_SITE: Invalid url. ACME_COUNT: expected number, received nan`;
    expect(named(kinds)).toEqual({
      ACME_BOT: 'acme_bot-plimsoll-fake-value',
      ACME_SITE: 'https://plimsoll.invalid',
      ACME_COUNT: '1',
    });
    expect(named('Error [ERR_MODULE_NOT_FOUND]: EAI_AGAIN UNHANDLED_REJECTION')).toEqual({});
  });

  test('asks for what is required first, and for all only then', () => {
    const inputs = [{ name: 'ACME_KEY' }, { name: 'ACME_OTHER' }, { name: 'LOG_LEVEL' }];
    const tries = climb(
      ({ env }) => ({ said: env.ACME_KEY ? 'no' : 'ACME_KEY is required\noptional: ACME_EXTRA' }),
      inputs,
    );
    expect(tries.map(({ rung, env }) => [rung, Object.keys(env)])).toEqual([
      ['S0', []],
      ['S1', ['ACME_KEY']],
      ['S3', ['ACME_KEY', 'ACME_OTHER']],
      ['S8', ['ACME_KEY', 'ACME_OTHER']],
    ]);
  });

  test('changes what is around a server as soon as that is what it lacks', () => {
    const rungs = (answer: (tried: Try) => Partial<Last>) => climb(answer).map(({ rung, aids }) => [rung, aids ?? []]);
    const reports = { egress: [{ host: 'a.invalid', port: 443 }], listens: false };
    expect(rungs(() => ({ reason: 'timeout', phase: 'handshake', reports }))).toEqual([
      ['S0', []],
      ['S7', ['network-stub']],
      ['S8', ['network-stub', 'sdk-hook']],
    ]);
    expect(rungs(() => ({ reason: 'timeout', phase: 'handshake', reports: { egress: [], listens: true } }))).toEqual([
      ['S0', []],
      ['S6', ['http-bridge']],
    ]);
    const missing = "Error [ERR_MODULE_NOT_FOUND]: Cannot find module 'x'";
    expect(rungs(() => ({ said: missing })).slice(0, 2)).toEqual([
      ['S0', []],
      ['S9', ['resolve-fix']],
    ]);
    // A proxy lists what is elsewhere.
    expect(rungs(() => ({ reports: { ...reports, proxy: 'a.invalid' } }))).toEqual([['S0', []]]);
  });

  test('wakes with arguments what ends, those first that it names itself, and not what is awake', () => {
    const usage = 'Usage: acme <command>\nCommands: serve, run';
    const args = climb(() => ({ said: usage })).map((one) => one.args.join(' '));
    expect(args).toEqual(['', 'serve', 'run', '--stdio', 'stdio', '']);
    const awake = climb(() => ({ phase: 'list', said: usage }));
    expect(awake.map(({ rung }) => rung)).toEqual(['S0', 'S8']);
  });

  test('does not go on with a server that floods or eats memory, and little with one that waits', () => {
    const waits = { phase: 'handshake', reason: 'timeout' };
    expect(climb(() => waits).map(({ rung }) => rung)).toEqual(['S0', 'S8']);
    expect(climb(() => waits, [{ name: 'A_KEY' }]).map(({ rung }) => rung)).toEqual(['S0', 'S3', 'S8']);
    for (const reason of ['oom', 'flood', 'disk'])
      expect(
        climb(() => ({ reason, said: 'ACME_KEY is required' })),
        reason,
      ).toHaveLength(1);
  });

  test('ends, whatever a server writes, within its tries', () => {
    const word = fc.constantFrom(
      'ACME_KEY',
      'is required',
      '--token <TOKEN>',
      'Usage: x <path>',
      `Expected 'a'`,
      'ERR_MODULE_NOT_FOUND',
      'ECONNREFUSED',
      '\n',
      'X_Y',
    );
    const phases = fc.constantFrom('start', 'handshake', 'list');
    const said = fc.array(word).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.array(fc.record({ phase: phases, said }), { minLength: 1 }), (ends) => {
        let at = 0;
        const tries = climb(() => ends[at++ % ends.length]!, [{ name: 'A_KEY' }]);
        expect(tries.length).toBeLessThanOrEqual(LIMITS.attempts);
        expect(new Set(tries.map((one) => JSON.stringify(one))).size).toBe(tries.length);
      }),
    );
  });
});

describe('what a server lists', () => {
  test('any JSON at all is a definition or a rejection, and both can be written down', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.jsonValue(), fc.record({ name: fc.string(), inputSchema: fc.jsonValue() }))),
        (list) => {
          const { tools, rejections } = readTools(list, LIMITS);
          expect(tools.length + rejections.length).toBe(list.length);
          expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length);
          // Minus zero is the one number that JSON text does not give back.
          for (const tool of tools) expect(JSON.stringify(JSON.parse(JSON.stringify(tool)))).toBe(JSON.stringify(tool));
        },
      ),
    );
  });
});

describe('scrub', () => {
  test('takes out escapes, controls, paths and what looks like a credential, and leaves prose', () => {
    expect(scrub('\x1b[31mred\x1b[0m \x1b]0;title\x07a\u202Eb\0c\r\nd')).toBe('red abc\nd');
    expect(scrub('in /home/me/x/y.js', [['/home/me/x', '/srv/pkg']])).toBe('in /srv/pkg/y.js');
    const secrets = [
      'Authorization: Bearer abcdef0123456789',
      'Bearer abcdef0123456789abcdef',
      'password=hunter2hunter2',
      'https://me:hunter2@host.invalid/x',
    ];
    for (const secret of secrets) expect(scrub(secret), secret).not.toMatch(/abcdef0|hunter2/);
    const prose = 'Please provide a database URL as a command-line argument, or set ACME_API_KEY.';
    expect(scrub(prose)).toBe(prose);
    expect(scrub('x'.repeat(9000)).length).toBeLessThanOrEqual(4000);
  });
});
