import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Artefact } from '#domain/launch.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import { extractTools } from '#launch/static/extract.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'launch-static-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** A tree in which `pkg` lies with these files (`../other/…` for another package); `index.js` is its program. */
async function tree(files: { readonly [path: string]: string }): Promise<string> {
  const folder = await mkdtemp(join(root, 'tree-'));
  const manifest = JSON.stringify({ name: 'pkg', version: '1.0.0', bin: 'index.js', type: 'module' });
  for (const [path, text] of Object.entries({ 'package.json': manifest, ...files })) {
    const file = join(folder, 'node_modules/pkg', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return folder;
}

const artefact = (name = 'pkg'): Artefact => ({
  purl: `pkg:npm/${name}`,
  name,
  version: '1.0.0',
  integrity: 'sha512-x',
});

async function toolsOf(files: { readonly [path: string]: string }): Promise<readonly ToolDefinition[]> {
  return (await extractTools(await tree(files), artefact())).tools;
}

const SDK = `import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'; import { z } from 'zod';
const server = new McpServer({ name: 'x', version: '1' });\n`;
const find: ToolDefinition = {
  name: 'find',
  description: 'Finds things',
  inputSchema: {
    type: 'object',
    properties: {
      query: { type: 'string', description: 'What to find' },
      limit: { type: 'integer', minimum: 1, default: 10 },
    },
    required: ['query'],
  },
};
const SHAPE = `{ query: z.string().describe('What to find'), limit: z.number().int().min(1).default(10) }`;

describe('what it reads', () => {
  test.each<[string, { readonly [path: string]: string }]>([
    [
      'server.tool with a shape',
      { 'index.js': `${SDK}server.tool('find', 'Finds things', ${SHAPE}, async () => ({}))` },
    ],
    [
      'registerTool',
      {
        'index.js': `${SDK}server.registerTool('find', { description: 'Finds things', inputSchema: ${SHAPE} }, () => {})`,
      },
    ],
    [
      'addTool with a zod object',
      {
        'index.js': `${SDK}server.addTool({ name: 'find', description: 'Finds things', parameters: z.object(${SHAPE}), execute() {} })`,
      },
    ],
    [
      'a ListTools handler',
      {
        'index.js': `${SDK}server.setRequestHandler(ListToolsRequestSchema, async () => ({ tools: [{ name: 'find', description: 'Finds things',
          inputSchema: ${JSON.stringify(find.inputSchema)} }] }))`,
      },
    ],
    [
      'constants, templates and other files',
      {
        'index.js': `import { FIND, shapes as s } from './parts/index.js'; ${SDK}
          const about = \`\${FIND.verb} things\`; server.tool(FIND.name, about, s.find, () => {})`,
        'parts/index.js': `export * from './find.js'; export const shapes = { find: { ...base } }; import { base } from './find.js'`,
        'parts/find.js': `import { z } from 'zod'; export const FIND = Object.freeze({ name: 'find', verb: 'Finds' });
          export const base = ${SHAPE};`,
      },
    ],
    [
      'TypeScript that was compiled to CommonJS',
      {
        'index.js': `"use strict"; var __importDefault = (m) => m; const zod_1 = require('zod'); const find_js_1 = __importDefault(require('./find.js'));
          server.registerTool(find_js_1.default.name, find_js_1.default.config, () => {});`,
        'find.js': `"use strict"; Object.defineProperty(exports, "__esModule", { value: true }); const zod_1 = require('zod');
          exports.default = { name: 'find', config: { description: ['Finds', 'things'].join(' '), inputSchema: ${SHAPE.replaceAll('z.', 'zod_1.z.')} } };`,
      },
    ],
    [
      'TypeScript source with types and an enum',
      {
        'index.js': `import './main.ts'`,
        'main.ts': `import { z } from 'zod'; enum Names { Find = 'find' } interface Spec { name: string }
          const spec = { name: Names.Find, description: 'Finds things' as string, inputSchema: z.object(${SHAPE}) } satisfies Spec;`,
      },
    ],
    [
      'tools by key',
      {
        'index.js': `import { z } from 'zod'; export const tools = { find: wrap({ description: 'Finds things', parameters: z.object(${SHAPE}), run() {} }) }`,
      },
    ],
    [
      'a class',
      {
        'index.js': `import { z } from 'zod'; class FindTool extends Base { name = 'find'; description = 'Finds ' + 'things'; schema = z.object(${SHAPE}) }`,
      },
    ],
    [
      'a class as compilers write it',
      {
        'index.js': `import { z } from 'zod'; class FindTool extends Base { constructor() { super(); this.description = 'Finds things';
          this.schema = z.object(${SHAPE}); } } FindTool.toolName = 'find';`,
      },
    ],
    [
      'a class that inherits, with its schema from a method',
      {
        'index.js': `import { z } from 'zod'; class BaseTool { description = 'Finds things'; pick(shape) { return shape } argsShape() { return this.pick({}) } }
          class FindTool extends BaseTool { static toolName = 'find'; argsShape() { return this.pick(${SHAPE}) } }`,
      },
    ],
    [
      'a function that makes the description',
      {
        'index.js': `${SDK}const about = (noun) => { return 'Finds ' + noun }; server.tool('find', about('things'), ${SHAPE}, () => {})`,
      },
    ],
    [
      'a package of the same makers that it imports',
      {
        'index.js': `import 'pkg-tools'`,
        '../pkg-tools/package.json': '{"name":"pkg-tools","exports":{".":{"import":"./lib/main.js"}}}',
        '../pkg-tools/lib/main.js': `${SDK}server.tool('find', 'Finds things', ${SHAPE}, () => {})`,
      },
    ],
    [
      'files that are only loaded by name, where nothing is reached',
      {
        'index.js': `for (const file of readdirSync('tools')) await import(file)`,
        'tools/find.js': `${SDK}server.tool('find', 'Finds things', ${SHAPE}, () => {})`,
      },
    ],
  ])('%s', async (_, files) => {
    expect(await toolsOf(files)).toEqual([find]);
  });

  test('title, annotations and output schema', async () => {
    const tools = await toolsOf({
      'index.js': `${SDK}
        server.registerTool('a', { title: 'A', description: 'B', inputSchema: {}, outputSchema: { n: z.number() }, annotations: { readOnlyHint: true } }, f);
        server.tool('c', 'D', { x: z.enum(['u', 'v']).optional() }, { destructiveHint: false }, () => {});`,
    });
    expect(tools).toEqual([
      {
        name: 'a',
        title: 'A',
        description: 'B',
        inputSchema: { type: 'object', properties: {} },
        outputSchema: { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] },
        annotations: { readOnlyHint: true },
      },
      {
        name: 'c',
        description: 'D',
        inputSchema: { type: 'object', properties: { x: { type: 'string', enum: ['u', 'v'] } } },
        annotations: { destructiveHint: false },
      },
    ]);
  });

  test('a part of a description that is not known stands as an ellipsis; a name that is not known is no tool', async () => {
    const tools = await toolsOf({
      'index.js': `${SDK}server.tool('a', \`Reads \${process.env.X} files\`, () => {}); server.tool(\`b_\${x}\`, 'B', () => {}); server.tool(name, 'C', () => {})`,
    });
    expect(tools.map(({ name, description }) => [name, description])).toEqual([['a', 'Reads … files']]);
  });

  test('prompts, resources, commands, OpenAPI parameters and property descriptions are no tools', async () => {
    const tools = await toolsOf({
      'index.js': `${SDK}server.tool('real', 'Real', {}, () => {});
        const prompt = { name: 'p', description: 'A prompt', arguments: [{ name: 'x', description: 'y', schema: { type: 'string' } }] };
        const resource = { uri: 'a://b', name: 'r', description: 'R', schema: {} };
        const parameter = { name: 'q', in: 'query', description: 'Q', schema: { type: 'string' } };
        const command = { name: 'serve', description: 'Serves', parameters: ['--port'] };
        const operation = { get: { description: 'Get', parameters: [{ name: 'id' }] } };
        const docs = { full: { description: 'All of it', parameters: {} } };`,
    });
    expect(tools.map((tool) => tool.name)).toEqual(['real']);
  });

  test('tests, examples and libraries for everyone are left aside', async () => {
    const tools = await toolsOf({
      'index.js': `import 'fastmcp'; import 'lodash'`,
      'index.test.js': `${SDK}server.tool('tested', 'x', {}, f)`,
      'examples/a.js': `${SDK}server.tool('example', 'x', {}, f)`,
      '../fastmcp/package.json': '{"name":"fastmcp","main":"index.js"}',
      '../fastmcp/index.js': `${SDK}server.tool('framework', 'x', {}, f)`,
      '../lodash/package.json': '{"name":"lodash","main":"index.js"}',
      '../lodash/index.js': `${SDK}server.tool('library', 'x', {}, f)`,
    });
    expect(tools).toEqual([]);
  });
});

describe('hostile source', () => {
  const good = `${SDK}server.tool('good', 'Good', {}, () => {});`;
  const names = async (files: { readonly [path: string]: string }, options = {}) => {
    const { tools, truncated } = await extractTools(await tree(files), artefact(), options);
    return [tools.map((tool) => tool.name), truncated];
  };

  test.each([
    ['brackets', '['.repeat(300_000)],
    ['calls', `${'f('.repeat(300_000)}${')'.repeat(300_000)}`],
    ['unary operators', `${'!'.repeat(300_000)}a`],
    ['a sum', `${'a+'.repeat(300_000)}a`],
  ])('nesting that kills the parser costs only its file: %s', async (_, bad) => {
    expect(
      await names({ 'index.js': `import './bad.js'; import './good.js'`, 'bad.js': bad, 'good.js': good }),
    ).toEqual([['good'], true]);
  });

  test('a file that is no JavaScript, or too large, costs only itself', async () => {
    const files = {
      'index.js': `import './no.js'; import './large.js'; ${good}`,
      'no.js': '\0\x01{{{',
      'large.js': ' '.repeat(9e6),
    };
    expect(await names(files)).toEqual([['good'], true]);
  });

  test('values without end are given up', async () => {
    const doubling = Array.from(
      { length: 60 },
      (_, index) => `const t${index + 1} = t${index} + t${index}; const l${index + 1} = [...l${index}, ...l${index}];`,
    );
    const files = {
      'index.js': `import { round } from './round.js'; export const ring = round; const t0 = 'aaaaaaaaaaaaaaaa'; const l0 = [1]; ${doubling.join('\n')}
        const f = (x) => f(x); const o = { ...o, a: o }; ${good}
        server.tool('t', t60, {}, () => {}); server.tool('l', l60.join(), {}, () => {}); server.tool('f', f(1), o, () => {}); server.tool('r', ring, {}, () => {});`,
      'round.js': `export { ring as round } from './index.js'`,
    };
    const began = Date.now();
    expect(await names(files)).toEqual([expect.arrayContaining(['good']), false]);
    expect(Date.now() - began).toBeLessThan(5_000);
  });

  test('keys with a meaning for JavaScript are keys like any other', async () => {
    const [tool] = await toolsOf({
      'index.js': `export const t = { name: 'p', description: 'P', inputSchema: { type: 'object', properties: { ["__proto__"]: { polluted: true }, constructor: { type: 'string' } } } }`,
    });
    const properties = tool!.inputSchema!.properties as object;
    expect(Object.keys(properties)).toEqual(['__proto__', 'constructor']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('links and paths out of the tree are not followed', async () => {
    const outside = join(root, 'outside.js');
    await writeFile(outside, `${SDK}server.tool('outside', 'x', {}, f)`);
    const folder = await tree({
      'index.js': `import './link.js'; import '${'../'.repeat(4)}outside.js'; import 'file://${outside}'; ${good}`,
    });
    await symlink(outside, join(folder, 'node_modules/pkg/link.js'));
    const { tools } = await extractTools(folder, artefact());
    expect(tools.map((tool) => tool.name)).toEqual(['good']);
  });

  test('nothing of the package runs', async () => {
    const mark = join(root, 'ran');
    await toolsOf({
      'index.js': `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(mark)}, ''); ${good}`,
    });
    await expect(rm(mark)).rejects.toThrow('ENOENT');
  });

  test('it ends at its deadline and when it is told to', async () => {
    const files = { 'index.js': good };
    const began = Date.now();
    expect(await names(files, { deadline: 1 })).toEqual([[], true]);
    await expect(extractTools(await tree(files), artefact(), { signal: AbortSignal.timeout(20) })).rejects.toThrow(
      /timeout/i,
    );
    expect(Date.now() - began).toBeLessThan(3_000);
  });
});
