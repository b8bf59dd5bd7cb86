import { createHash } from 'node:crypto';
import { type FileHost, fileHost } from './file-host.ts';
import { type ZipEntry, zip } from './zip.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export interface Wheel {
  readonly name: string;
  readonly version?: string;
  /** Python files by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** `name = module:object` lines. */
  readonly scripts?: readonly string[];
  readonly requires?: readonly string[];
  readonly readme?: string;
  readonly entries?: readonly ZipEntry[];
}

/** A wheel without compiled code (PEP 427). */
export function wheel({ name, version = '1.0.0', files = {}, scripts = [], ...rest }: Wheel): Buffer {
  const info = `${name.replaceAll('-', '_')}-${version}.dist-info`;
  const metadata = [
    'Metadata-Version: 2.1',
    `Name: ${name}`,
    `Version: ${version}`,
    ...(rest.requires ?? []).map((one) => `Requires-Dist: ${one}`),
    '',
    rest.readme ?? '',
  ];
  const all: Record<string, string> = {
    ...files,
    [`${info}/METADATA`]: metadata.join('\n'),
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    ...(scripts.length > 0 && { [`${info}/entry_points.txt`]: `[console_scripts]\n${scripts.join('\n')}\n` }),
  };
  const record = Object.entries(all).map(([path, text]) => {
    const hash = createHash('sha256').update(text).digest('base64url');
    return `${path},sha256=${hash},${Buffer.byteLength(text)}`;
  });
  all[`${info}/RECORD`] = [...record, `${info}/RECORD,,`, ''].join('\n');
  return zip([...Object.entries(all).map(([path, content]) => ({ path, content })), ...(rest.entries ?? [])]);
}

export interface PythonIndex extends AsyncDisposable {
  /** Address of its simple API. */
  readonly url: string;
  readonly host: FileHost;
  /** Lists a file of a project; `sha256: undefined` lists it without a hash, another than its own makes a liar. */
  publish(
    project: string,
    filename: string,
    bytes: Buffer,
    more?: { readonly sha256?: string | undefined; readonly yanked?: boolean; readonly python?: string },
  ): void;
  /** A wheel made and listed under its own name. */
  wheel(made: Wheel): void;
}

/** An index of Python packages on loopback: the simple API (PEP 503 as HTML, PEP 691 as JSON) and the files. */
export async function pythonIndex(form: 'json' | 'html' = 'json'): Promise<PythonIndex> {
  const listing = form === 'json' ? 'application/vnd.pypi.simple.v1+json' : 'text/html; charset=UTF-8';
  const host = await fileHost({}, (path) => (path.startsWith('/simple/') ? listing : 'application/octet-stream'));
  const projects = new Map<string, Map<string, { sha256?: string | undefined; yanked: boolean; python?: string }>>();

  function page(project: string): string {
    const files = [...(projects.get(project) ?? new Map()).entries()];
    if (form === 'json')
      return JSON.stringify({
        meta: { 'api-version': '1.1' },
        name: project,
        files: files.map(([filename, { sha256, yanked, python }]) => ({
          filename,
          url: `../../files/${filename}`,
          hashes: sha256 === undefined ? {} : { sha256 },
          'upload-time': '2026-02-03T04:05:06Z',
          ...(python !== undefined && { 'requires-python': python }),
          yanked,
        })),
      });
    const links = files.map(([filename, { sha256, yanked, python }]) => {
      const hash = sha256 === undefined ? '' : `#sha256=${sha256}`;
      const marks = `${yanked ? ' data-yanked=""' : ''}${python === undefined ? '' : ` data-requires-python="${python}"`}`;
      return `<a href="../../files/${filename}${hash}"${marks}>${filename}</a><br>`;
    });
    return `<!DOCTYPE html><html><head><meta name="pypi:repository-version" content="1.0"></head><body>${links.join('\n')}</body></html>`;
  }

  const index: PythonIndex = {
    url: `${host.url}/simple/`,
    host,
    publish(project, filename, bytes, more = {}) {
      const files = projects.get(project) ?? new Map();
      files.set(filename, { yanked: false, ...more, sha256: 'sha256' in more ? more.sha256 : sha256(bytes) });
      projects.set(project, files);
      host.held.set(`/files/${filename}`, bytes);
      host.held.set(`/simple/${project}/`, page(project));
    },
    wheel(made) {
      const project = made.name.toLowerCase().replace(/[-_.]+/g, '-');
      const filename = `${made.name.replaceAll('-', '_')}-${made.version ?? '1.0.0'}-py3-none-any.whl`;
      index.publish(project, filename, wheel(made));
    },
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
  return index;
}

/** A small MCP server in Python without dependencies: it answers initialize and tools/list over stdio. */
export function mcpWheel(name: string, tools: readonly object[], more: Partial<Wheel> = {}): Wheel {
  const module = name.replaceAll('-', '_');
  return {
    name,
    scripts: [`${name} = ${module}.server:main`],
    files: {
      [`${module}/__init__.py`]: '',
      [`${module}/server.py`]: `import json
import os
import sys

TOOLS = json.loads(${JSON.stringify(JSON.stringify(tools.map((tool) => ({ inputSchema: { type: 'object' }, ...tool }))))})


def main():
    for line in sys.stdin:
        message = json.loads(line)
        if "id" not in message:
            continue
        reply = {"jsonrpc": "2.0", "id": message["id"]}
        if message["method"] == "initialize":
            version = message["params"]["protocolVersion"]
            info = {"name": "${name}", "version": "1"}
            reply["result"] = {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": info}
        elif message["method"] == "tools/list":
            reply["result"] = {"tools": TOOLS}
        else:
            reply["error"] = {"code": -32601, "message": "unknown method"}
        print(json.dumps(reply), flush=True)
`,
    },
    ...more,
  };
}
