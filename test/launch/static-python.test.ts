import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ToolDefinition } from '#domain/tool.ts';
import { extractTools } from '#launch/static/extract.ts';
import { readPython } from '#launch/static/python/read-python.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'launch-python-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function tree(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(root, 'tree-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

/** The tools of one file, or of several. */
async function read(source: string | Readonly<Record<string, string>>): Promise<readonly ToolDefinition[]> {
  const folder = await tree(typeof source === 'string' ? { 'srv/server.py': source } : source);
  return readPython(folder, undefined, { skip: new Set(), note: () => {} }).tools;
}

const HEAD = 'from mcp.server.fastmcp import FastMCP, Context\nmcp = FastMCP("notes")\n';

describe('decorated functions', () => {
  test('name, docstring and parameters with their types and defaults', async () => {
    const [tool] = await read(`${HEAD}
@mcp.tool()
async def add_note(
    title: str,
    body: str = "",
    tags: list[str] | None = None,
    priority: Literal["low", "high"] = "low",
    limit: Optional[int] = 10,
    weights: dict[str, float] = {},
    extra: Any = None,
    ctx: Context = None,
    *args,
    **kwargs,
) -> dict:
    """Adds a note.

        Indented.
    Args:
        title: What it is called
    """
    return {}
`);
    expect(tool).toEqual({
      name: 'add_note',
      description: 'Adds a note.\n\n    Indented.\nArgs:\n    title: What it is called',
      inputSchema: {
        type: 'object',
        properties: {
          title: { type: 'string' },
          body: { type: 'string', default: '' },
          tags: { anyOf: [{ type: 'array', items: { type: 'string' } }, { type: 'null' }], default: null },
          priority: { type: 'string', enum: ['low', 'high'], default: 'low' },
          limit: { anyOf: [{ type: 'integer' }, { type: 'null' }], default: 10 },
          weights: { type: 'object', additionalProperties: { type: 'number' }, default: {} },
          extra: { default: null },
        },
        required: ['title'],
      },
    });
  });

  test('what the decorator says goes before what the function says', async () => {
    const [tool] = await read(`${HEAD}
WHAT = ("Removes a note. "
        "For good.")
@mcp.tool(name="notes.remove", title="Remove", description=WHAT, annotations=ToolAnnotations(destructiveHint=True, readOnlyHint=False))
def remove(
    id: Annotated[int, Field(description="Its number", ge=1)],
    why: str = Field(default="none", description="The reason", max_length=80),
    where: Annotated[str, "A place"] = "here",
    flag: bool = Field(..., description="Needed"),
):
    """Not this."""
`);
    expect(tool).toEqual({
      name: 'notes.remove',
      title: 'Remove',
      description: 'Removes a note. For good.',
      annotations: { destructiveHint: true, readOnlyHint: false },
      inputSchema: {
        type: 'object',
        properties: {
          id: { type: 'integer', description: 'Its number', minimum: 1 },
          why: { type: 'string', description: 'The reason', maxLength: 80, default: 'none' },
          where: { type: 'string', description: 'A place', default: 'here' },
          flag: { type: 'boolean', description: 'Needed' },
        },
        required: ['id', 'flag'],
      },
    });
  });

  test.each([
    [
      'inside a function that registers',
      `def register(mcp: FastMCP) -> None:\n    LABEL = "Inner"\n    @mcp.tool(description=LABEL)\n    def inner(): ...\n`,
      'inner',
      'Inner',
    ],
    [
      'of a server that is a member',
      `class S:\n    def setup(self):\n        @self.mcp.tool("by_position")\n        def x(self):\n            """Said"""\n`,
      'by_position',
      'Said',
    ],
    ['without brackets', `@server.tool\ndef plain():\n    'One line'\n`, 'plain', 'One line'],
    ['added later', `def later(a: int):\n    """Later"""\nmcp.add_tool(later, name="added")\n`, 'added', 'Later'],
    ['applied as a call', `def fn():\n    """Fn"""\nmcp.tool(name="applied")(fn)\n`, 'applied', 'Fn'],
    ['from a function', `def fn():\n    """Fn"""\ntools = [Tool.from_function(fn, name="from_fn")]\n`, 'from_fn', 'Fn'],
    [
      'bare, where it is imported',
      `from fastmcp.tools import tool\n@tool(description="Bare")\ndef bare(): ...\n`,
      'bare',
      'Bare',
    ],
    [
      'with a formatted text',
      `N = 3\n@mcp.tool(description=f"At most {N} of {count()} \\"x\\" {{y}}")\ndef f(): ...\n`,
      'f',
      'At most 3 of … "x" {y}',
    ],
    [
      'with a text that is shaped',
      `@mcp.tool(description=textwrap.dedent("""\n    A\n      B\n    """).strip())\ndef f(): ...\n`,
      'f',
      'A\n  B',
    ],
    [
      'under other decorators',
      `@requires_auth\n@mcp.tool()\n@cached(60)\ndef many():\n    """Many"""\n`,
      'many',
      'Many',
    ],
    [
      'under a condition',
      `if os.getenv("WRITE"):\n    @mcp.tool()\n    def gated():\n        """Gated"""\n`,
      'gated',
      'Gated',
    ],
  ])('%s', async (_, source, name, description) => {
    const found = await read(HEAD + source);
    expect(found.map((tool) => [tool.name, tool.description])).toEqual([[name, description]]);
  });

  test.each([
    ["another framework's agent", '@agent.tool\ndef a(ctx: RunContext):\n    """A"""\n'],
    ["another framework's decorator", 'from langchain.tools import tool\n@tool\ndef a():\n    """A"""\n'],
    ['a prompt and a resource', '@mcp.prompt()\ndef a(): ...\n@mcp.resource("x://y")\ndef b(): ...\n'],
    ['a name that is not known', '@mcp.tool(name=make_name())\ndef a(): ...\n'],
    ['a name of which a part is not known', '@mcp.tool(name=f"{PREFIX}_a")\ndef a(): ...\n'],
    ['a comment and a text', '# @mcp.tool()\ntext = """\n@mcp.tool()\ndef a(): ...\n"""\n'],
  ])('none from %s', async (_, source) => {
    expect(await read(HEAD + source)).toEqual([]);
  });
});

describe('definitions written out', () => {
  test('Tool with a schema as a dictionary, names from an enumeration, texts from another module', async () => {
    const found = await read({
      'srv/__init__.py': '',
      'srv/texts.py': 'FIND = "Finds " + "things."\nSHARED = {"q": {"type": "string"}}\n',
      'srv/server.py': `
from enum import Enum
from mcp import types
from . import texts
from .texts import SHARED as S

class Names(str, Enum):
    FIND = "find"
    DROP = "drop"

@server.list_tools()
async def list_tools() -> list[types.Tool]:
    return [
        types.Tool(
            name=Names.FIND.value,
            description=texts.FIND,
            inputSchema={"type": "object", "properties": {**S, "n": {"type": "integer", "default": -1}}, "required": ["q"]},
        ),
        types.Tool(name=Names.DROP, description="Drops", inputSchema=Drop.model_json_schema(), annotations={"destructiveHint": True}),
    ]

class Base(BaseModel):
    where: str = Field(alias="path", description="Where")

class Mode(str, Enum):
    SOFT = "soft"
    HARD = "hard"

class Drop(Base):
    """How to drop."""
    model_config = ConfigDict(extra="forbid")
    ids: List[int] = Field(default_factory=list, min_length=1)
    mode: Mode = Mode.SOFT
    nested: Optional["Inner"] = None
    _private: int = 0
`,
    });
    expect(found).toEqual([
      {
        name: 'drop',
        description: 'Drops',
        annotations: { destructiveHint: true },
        inputSchema: {
          type: 'object',
          description: 'How to drop.',
          properties: {
            path: { type: 'string', description: 'Where' },
            ids: { type: 'array', items: { type: 'integer' }, minItems: 1 },
            mode: { type: 'string', enum: ['soft', 'hard'], default: 'soft' },
            nested: { anyOf: [{}, { type: 'null' }], default: null },
          },
          required: ['path'],
        },
      },
      {
        name: 'find',
        description: 'Finds things.',
        inputSchema: {
          type: 'object',
          properties: { q: { type: 'string' }, n: { type: 'integer', default: -1 } },
          required: ['q'],
        },
      },
    ]);
  });

  test('a list of dictionaries from which tools are made', async () => {
    const found = await read(`
from mcp import types
TOOLS = [
    {"name": "ping", "description": "Pings", "inputSchema": {"type": "object", "properties": {}}},
    dict(name="no", description="no"),
    {"name": "other", "description": "No schema"},
]
tools = [types.Tool(name=t["name"], description=t["description"], inputSchema=t["inputSchema"]) for t in TOOLS]
`);
    expect(found.map((tool) => tool.name)).toEqual(['ping']);
  });

  test.each([
    ['a search tool of another library', 'types.Tool(google_search=types.GoogleSearch())'],
    ["another library's tool", 'Tool(name="x", func=run, description="y")'],
    ['a tool without any text', 'Tool(name="x")'],
  ])('none from %s', async (_, source) => {
    expect(await read(`import mcp\nx = ${source}\n`)).toEqual([]);
  });
});

describe('hostile source', () => {
  test.each([
    ['nesting', `${HEAD}x = ${'['.repeat(50_000)}${']'.repeat(50_000)}\n@mcp.tool()\ndef a(): ...\n`],
    ['names that stand for one another', `${HEAD}A = B\nB = A\n@mcp.tool(description=A)\ndef a(x: A): ...\n`],
    ['a class that builds on itself', `${HEAD}class C(C, BaseModel):\n    x: "C"\n@mcp.tool()\ndef a(x: C): ...\n`],
    ['what is no Python', `${HEAD}}}}} = = def class @@@ ]]\n@mcp.tool()\ndef a(): ...\n`],
    ['an import of itself', `from .server import A\n${HEAD}@mcp.tool(description=A)\ndef a(): ...\n`],
  ])('%s ends, and the tool beside it is read', async (_, source) => {
    const folder = await tree({ 'site/srv/server.py': source, 'site/srv-1.0.0.dist-info/METADATA': 'Name: srv\n\n' });
    const artefact = { purl: 'pkg:pypi/srv', name: 'srv', version: '1.0.0', integrity: 'sha256-' };
    await writeFile(join(folder, 'site/srv-1.0.0.dist-info/RECORD'), 'srv/server.py,,\n');
    expect((await extractTools(folder, artefact)).tools.map((tool) => tool.name)).toEqual(['a']);
  });

  test('keys that mean something to JavaScript are keys like any other', async () => {
    const [tool] = await read(
      `import mcp\nTool(name="a", description="", inputSchema={"type": "object", "properties": {"__proto__": {"type": "string"}}})\n`,
    );
    expect(JSON.stringify(tool?.inputSchema)).toContain('"__proto__":{"type":"string"}');
  });
});
