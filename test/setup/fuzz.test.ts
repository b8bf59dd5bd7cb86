import fc from 'fast-check';
import { stringify } from 'smol-toml';
import { expect, test } from 'vitest';
import { loadClients } from '#setup/client.ts';
import { mergeJson, NotEditable } from '#setup/edit/json.ts';
import { mergeToml } from '#setup/edit/toml.ts';
import { ownValues, redactor } from '#setup/own.ts';
import { parseConfig } from '#setup/parse.ts';
import { wayOf } from '#setup/way.ts';

const clients = await loadClients();
const runs = { numRuns: Number(process.env.PLIMSOLL_CASES ?? 300) };
const shapes = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.dictionary(
    fc.oneof(
      fc.string(),
      fc.constantFrom('mcpServers', 'servers', 'command', 'args', 'env', 'url', 'headers', '__proto__', 'projects'),
    ),
    tie('value'),
    { maxKeys: 5 },
  ),
}));

test('whatever a file holds, reading it comes to servers or to a place where it is broken', () => {
  const texts = fc.oneof(
    fc.string(),
    shapes.value.map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(fc.constantFrom('a.json', 'a.toml', 'a.yaml'), texts, (file, text) => {
      const parsed = parseConfig(file, text);
      if ('problem' in parsed) {
        expect(parsed.problem.line).toBeGreaterThan(0);
        expect(parsed.problem.column).toBeGreaterThan(0);
        return;
      }
      for (const client of clients)
        for (const found of client.servers(parsed.root)) {
          expect(wayOf(found.start).kind).toMatch(/package|program|remote|unknown/);
          expect(found.line).toBeGreaterThan(0);
        }
    }),
    runs,
  );
});

test('a policy put into any settings loses none of them, and is there', () => {
  const policy = { permissions: { allow: ['mcp__a__b'], deny: ['mcp__a__c'] } };
  fc.assert(
    fc.property(shapes.object, fc.constantFrom(0, 2, '\t'), (settings, indent) => {
      const text = `// head\n${JSON.stringify(settings, null, indent)}\n// tail\n`;
      let merged: string;
      try {
        merged = mergeJson(text, policy);
      } catch (error) {
        // A key that is there twice, or that no object of JavaScript's can have.
        expect(error).toBeInstanceOf(NotEditable);
        return;
      }
      expect(merged.startsWith('// head\n') && merged.endsWith('// tail\n')).toBe(true);
      const now = JSON.parse(merged.replace('// head\n', '').replace('// tail\n', ''));
      const { permissions: _, ...before } = JSON.parse(JSON.stringify(settings)) as Record<string, unknown>;
      expect(now).toMatchObject({ ...before, permissions: policy.permissions });
      expect(mergeJson(merged, policy)).toBe(merged);
    }),
    runs,
  );
});

test('keys put into any TOML lose nothing of it', () => {
  const values = fc.oneof(
    fc.string().filter((one) => one.isWellFormed()),
    fc.integer(),
    fc.boolean(),
    fc.array(fc.integer()),
  );
  const keys = fc.dictionary(fc.stringMatching(/^[a-z .]{1,6}$/), values, { maxKeys: 4 });
  const file = fc.record({ a: keys, mcp_servers: fc.record({ s: keys, t: keys }) });
  fc.assert(
    fc.property(file, (before) => {
      const text = `# head\n${stringify(before)}# tail`;
      const merged = mergeToml(text, [{ path: ['mcp_servers', 's'], keys: { enabled_tools: ['x'] } }]);
      expect(merged).toContain('# head\n');
      expect(merged).toContain('# tail');
    }),
    runs,
  );
});

test('no value of the user’s stays in a text that repeats it', () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9+/=._-]{6,40}$/).filter((one) => !'[secret] [API_KEY]'.includes(one));
  fc.assert(
    fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
      const start = {
        kind: 'command',
        command: 'npx',
        args: ['--token', value],
        env: new Map([['API_KEY', value]]),
      } as const;
      const entry = {
        client: 'c',
        file: 'f',
        scope: 'user',
        name: 'n',
        path: [],
        disabled: false,
        line: 1,
        column: 1,
        start,
      } as const;
      const redact = redactor(ownValues(entry, { env: {}, home: '/h', workspace: '/w' }));
      for (const text of [value, encodeURIComponent(value)])
        expect(redact(`${before}${text}${after}`)).not.toContain(text);
    }),
    runs,
  );
});
