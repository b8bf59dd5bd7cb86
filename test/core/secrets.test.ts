import { describe, expect, test } from 'vitest';
import { addressWithoutSecrets, withoutMarkedSecrets, withoutSecrets, withoutSecretsIn } from '#core/secrets.ts';
import { PLANTED } from '../support/planted.ts';

const kinds = Object.entries(PLANTED);
const token = PLANTED['github classic']!;
const key = PLANTED['query string']!;

describe('what programs do to a text does not hide a secret in it', () => {
  const disguises: Readonly<Record<string, (text: string) => string>> = {
    'a line break written out': (text) => `failed\\n${text.replaceAll('\n', '\\n')}\\nat x`,
    'a tab written out': (text) => `a\\t${text}`,
    'JSON in JSON': (text) => JSON.stringify(JSON.stringify({ text })),
    'a list': (text) => `[${text}, ${text}]`,
    'a sentence': (text) => `It said (${text}), and went.`,
  };
  test.each(kinds)('%s', (_, { text, core }) => {
    for (const [name, disguise] of Object.entries(disguises))
      expect(withoutSecrets(disguise(text)), name).not.toContain(core);
  });
});

test.each([
  'TFT14_Item_MobEmblemItem, example_smiles2inchiKeyArguments, k8s_set_resources_for_containerArguments',
  'The asset 0x036CbD53842c5426634e7929541eC2318f3dCF7e is a contract.',
  'password: WordPress admin password (should be strong)',
  'sid: PubChem Substance ID',
  'filter_type - Basic type/status filtering',
  'can also be provided via --token argument)',
  'api_key: 카카오맵 JavaScript API 키',
])('%s is no secret', (text) => expect(withoutSecrets(text)).toBe(text));

test('every string of a value is looked at, and nothing else of it is changed', () => {
  const date = new Date(0);
  expect(withoutSecretsIn({ a: [token.text, 7, null], [token.text]: { b: `x ${token.text}` }, date, c: true })).toEqual(
    {
      a: ['[token]', 7, null],
      '[token]': { b: 'x [token]' },
      date,
      c: true,
    },
  );
});

test('an address keeps what names it, and loses what only its owner should know', () => {
  const same = ['https://mcp.example.com/mcp', 'https://mcp.example.com/mcp?version=2&team=blue', 'not an address'];
  for (const address of same) expect(addressWithoutSecrets(address)).toBe(address);
  expect(addressWithoutSecrets(`https://mcp.example.com/mcp?team=blue&api_key=${key.core}`)).toBe(
    'https://mcp.example.com/mcp?team=blue',
  );
  expect(addressWithoutSecrets(`https://me:${key.core}@mcp.example.com/mcp`)).toBe('https://mcp.example.com/mcp');
  expect(addressWithoutSecrets(`https://mcp.example.com/s/${token.text}/mcp`)).toBeUndefined();
});

test('a text that is read again loses only what nothing else can be mistaken for', () => {
  const list = `- [x](https://github.com/a/b/tree/${'0f1e2d3c4b5a6978'.repeat(2)}) — uses ${token.text}`;
  expect(withoutMarkedSecrets(list)).toBe(list.replace(token.text, '[token]'));
});
