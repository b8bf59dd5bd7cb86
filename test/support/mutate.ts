import type { Json, JsonObject, ToolDefinition } from '#domain/tool.ts';

/** A source of numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Pieces that have broken readers of definitions: repetitions for expressions, keys of prototypes, odd characters. */
const PIECES = [
  'delete and ',
  'create, read, update, ',
  '- get: x\n',
  'creating a b c, ',
  '((((((((((',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  '~1~0/',
  '\u0000',
  '\ud800',
  '\u202e',
  'İ',
  '删除、创建',
  '. . . . ',
  '<important>',
  ' or and or and ',
  'save to save in save as ',
  'pass, include, provide ',
  'a_a_a_a_a_',
  '```',
  '\n\n\n\n',
  '9'.repeat(40),
];

function bend(text: string, random: () => number): string {
  const at = Math.floor(random() * (text.length + 1));
  const piece = PIECES[Math.floor(random() * PIECES.length)]!;
  const kind = random();
  if (kind < 0.3) return text.slice(0, at) + piece + text.slice(at);
  if (kind < 0.5) return text.slice(0, at) + piece.repeat(1 + Math.floor(random() * 400)) + text.slice(at);
  if (kind < 0.65) return text.repeat(1 + Math.floor(random() * 20)).slice(0, 60_000);
  if (kind < 0.8) return text.slice(at) + text.slice(0, at);
  if (kind < 0.9) return [...text].reverse().join('');
  return text.toUpperCase();
}

function odd(random: () => number): Json {
  const all: readonly Json[] = [
    null,
    true,
    -1,
    '',
    'x',
    [],
    {},
    [1, 'delete'],
    { enum: ['delete', 1] },
    { $ref: '#/$defs/a' },
  ];
  return all[Math.floor(random() * all.length)]!;
}

function bendSchema(schema: JsonObject, random: () => number): JsonObject {
  const own = (schema.properties ?? {}) as JsonObject;
  const key = PIECES[Math.floor(random() * PIECES.length)]!;
  const kind = random();
  if (kind < 0.2) return { ...schema, properties: { ...own, [key]: odd(random) } };
  if (kind < 0.35)
    return { ...schema, properties: Object.fromEntries(Object.entries(own).map(([name]) => [name, odd(random)])) };
  if (kind < 0.5) return { ...schema, required: odd(random), anyOf: odd(random), $defs: { a: { $ref: '#/$defs/a' } } };
  if (kind < 0.65) {
    let deep: JsonObject = schema;
    for (let level = 0; level < 200; level++)
      deep = { type: 'object', properties: { child: deep }, items: deep.items ?? {} };
    return deep;
  }
  if (kind < 0.8)
    return {
      properties: Object.fromEntries(
        Array.from({ length: 2_000 }, (_, at) => [`${key}${at}`, { description: key.repeat(9) }]),
      ),
    };
  return JSON.parse(
    `{"__proto__":{"properties":{"sql":{}}},"properties":{"__proto__":{"enum":["delete","x"]},"action":{"enum":["list","drop"]}}}`,
  ) as JsonObject;
}

/** A definition bent in one to three ways that a careless or hostile server might bend it. */
export function mutated(tool: ToolDefinition, random: () => number): ToolDefinition {
  let bent = tool;
  for (let times = 1 + Math.floor(random() * 3); times > 0; times--) {
    const kind = random();
    if (kind < 0.25) bent = { ...bent, name: bend(bent.name, random) || 'x' };
    else if (kind < 0.65) bent = { ...bent, description: bend(bent.description ?? '', random) };
    else if (kind < 0.9) bent = { ...bent, inputSchema: bendSchema(bent.inputSchema ?? {}, random) };
    else bent = { ...bent, annotations: { title: bend(bent.name, random), readOnlyHint: odd(random) } };
  }
  return bent;
}
