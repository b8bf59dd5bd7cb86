import type { Entry, Start } from './entry.ts';
import { field, type Node, recordAt, textAt, textsAt } from './node.ts';

/** An entry before it is known in which file of whom it stands. */
export type Found = Omit<Entry, 'client' | 'file' | 'scope'>;

/** Keys under which clients write a remote server's address, and what each says of its transport. */
const ADDRESSES = ['url', 'serverUrl', 'httpUrl', 'uri', 'endpoint'] as const;

/** An entry in the shape that nearly all clients share; `more` adds what one of them writes elsewhere. */
export function startOf(node: Node, more: { readonly headers?: ReadonlyMap<string, string> } = {}): Start {
  // Zed had the command as an object with path and arguments.
  const inner = field(node, 'command')?.fields ? field(node, 'command') : node;
  const command = textAt(node, 'command') ?? textAt(inner, 'path');
  const listed = command === undefined ? textsAt(node, 'command') : [];
  const [program = command, ...rest] = listed;
  const env = new Map([...recordAt(inner, 'env'), ...recordAt(inner, 'environment')]);
  const cwd = textAt(node, 'cwd') ?? textAt(node, 'workingDirectory');
  if (program !== undefined && program.trim() !== '')
    return {
      kind: 'command',
      command: program,
      args: [...rest, ...textsAt(inner, 'args')],
      env,
      ...(cwd !== undefined && { cwd }),
    };
  const key = ADDRESSES.find((one) => textAt(node, one) !== undefined);
  if (key === undefined) return { kind: 'neither', why: 'It names neither a command nor an address.' };
  const headers = new Map([
    ...recordAt(node, 'headers'),
    ...recordAt(node, 'http_headers'),
    ...recordAt(node, 'requestOptions', 'headers'),
    ...(more.headers ?? []),
  ]);
  return { kind: 'remote', type: transportOf(node, key), url: textAt(node, key)!, headers };
}

function transportOf(node: Node, key: string): 'streamable-http' | 'sse' {
  const said = (textAt(node, 'type') ?? textAt(node, 'transport') ?? textAt(node, 'transportType') ?? '').toLowerCase();
  return said === 'sse' && key !== 'httpUrl' ? 'sse' : 'streamable-http';
}

/** Whether an entry is switched off, in the words of any client. */
export function isDisabled(node: Node): boolean {
  return field(node, 'disabled')?.value === true || field(node, 'enabled')?.value === false;
}

/** The servers of an object by name that lies at a path, or none where nothing lies there. */
export function serversAt(
  root: Node,
  path: readonly string[],
  read: (node: Node) => Start = startOf,
  project?: string,
): readonly Found[] {
  return [...(field(root, ...path)?.fields ?? [])].map(([name, node]) => ({
    ...node.at,
    name,
    path: [...path, name],
    disabled: isDisabled(node),
    start: node.fields ? read(node) : { kind: 'neither', why: 'It is no object.' },
    ...(project !== undefined && { project }),
  }));
}

/** The same of a list, whose elements bear their names themselves. */
export function serversListed(
  root: Node,
  path: readonly string[],
  read: (node: Node) => Start = startOf,
): readonly Found[] {
  return (field(root, ...path)?.items ?? []).map((node, index) => ({
    ...node.at,
    name: textAt(node, 'name') ?? `${index + 1}`,
    path: [...path, index],
    disabled: isDisabled(node),
    start: node.fields ? read(node) : { kind: 'neither', why: 'It is no object.' },
  }));
}
