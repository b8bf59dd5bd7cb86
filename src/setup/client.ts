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

/** How a client takes a policy for its servers. */
export interface PolicyWriting {
  /** Id of the exporter that writes it. */
  readonly format: string;
  /** Where the policy for the servers of one of its files goes; absent where there is no such place. Pure. */
  place(file: { readonly path: string; readonly scope: Scope }, around: Around): string | undefined;
  /** A server's name as its rules spell it; undefined where they would be read as rules for something else. */
  label(name: string): string | undefined;
  /**
   * The text of the file there with the exported policy in it, and everything that this does not speak of as it was.
   * `labels`: of the servers that it is for. Throws `NotEditable`.
   */
  merge(text: string, exported: string, labels: readonly string[]): string;
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
  /** Absent where no file of it holds a policy; `unruled` says where it keeps what tools may do instead. */
  readonly policy?: PolicyWriting;
  readonly unruled?: string;
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
