import { join } from 'node:path';
import { plugins } from '#core/plugins.ts';
import type { Scope } from './entry.ts';
import type { Node } from './node.ts';
import type { Around } from './places.ts';
import type { Found } from './shapes.ts';

/** A file in which a client keeps servers, or all files of a folder that a glob names. */
export interface ConfigPlace {
  readonly path: string;
  readonly scope: Scope;
  /** Below `path`, which is a folder then. */
  readonly glob?: string;
}

/** Where a client takes the policy for the servers of one of its files from, and in which format. */
export interface PolicyPlace {
  /** Id of an exporter. */
  readonly format: string;
  readonly path: string;
}

/** A program that starts MCP servers from a configuration. One file each in `clients/`; the id is the file's name. */
export interface Client {
  readonly id: string;
  readonly title: string;
  /** Where its configurations lie, whether or not they are there. Pure. */
  places(around: Around): readonly ConfigPlace[];
  /** Endings of paths, with forward slashes, by which a file that was named by hand is known to be its. */
  readonly endings: readonly string[];
  /** The servers in one of its files. */
  servers(root: Node): readonly Found[];
  /** Where a policy for the servers of that file goes; absent where no file of it can hold one. */
  policy?(file: { readonly path: string; readonly scope: Scope }, around: Around): PolicyPlace | undefined;
}

/** All clients, in order of id. */
export function loadClients(): Promise<readonly Client[]> {
  return plugins<Client>(join(import.meta.dirname, 'clients'));
}

/** Whose file a path is, by the longest ending that fits it; every file is at least plain. */
export function clientOf(path: string, clients: readonly Client[]): Client {
  const plain = path.replaceAll('\\', '/');
  const fits = (ending: string) =>
    ending === '' || plain === ending || plain.endsWith(ending.startsWith('.') ? ending : `/${ending}`);
  const length = ({ endings }: Client) => Math.max(-1, ...endings.filter(fits).map((one) => one.length));
  return clients.toSorted((a, b) => length(b) - length(a))[0]!;
}
