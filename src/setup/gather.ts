import { constants } from 'node:fs';
import { glob, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Client, type ConfigPlace, clientOf } from './client.ts';
import type { Entry, Scope } from './entry.ts';
import type { Place } from './node.ts';
import { parseConfig } from './parse.ts';
import type { Around } from './places.ts';

/** Bytes of a configuration. Claude Code's holds its whole state: of heavy users some megabytes. */
const BYTES_MAX = 32 * 1024 * 1024;
/** Servers of one file, and files of one folder. */
const SERVERS_MAX = 500;
const FILES_MAX = 200;
const NAME_MAX = 200;

/** A configuration that cannot be read. */
export interface BrokenConfig extends Place {
  readonly client: string;
  readonly file: string;
  readonly why: string;
}

/** A configuration that was read. */
export interface ConfigFile {
  readonly client: string;
  readonly file: string;
  readonly scope: Scope;
  readonly servers: number;
}

/** All that a person has set up, as far as it was looked at. */
export interface Setup {
  readonly entries: readonly Entry[];
  readonly files: readonly ConfigFile[];
  readonly broken: readonly BrokenConfig[];
}

/** Reads the configurations of all clients where they lie on this machine. What is not there is not missed. */
export async function gather(clients: readonly Client[], around: Around, scopes: readonly Scope[]): Promise<Setup> {
  const seen = new Set<string>();
  const found: Setup[] = [];
  for (const client of clients)
    for (const place of client.places(around))
      if (scopes.includes(place.scope))
        for (const file of await filesOf(place))
          if (!seen.has(file)) {
            seen.add(file);
            found.push(await readSetup(client, file, place.scope, false));
          }
  return together(found);
}

/** Reads one file that was named by hand; one that is not there is broken. */
export function readGiven(file: string, clients: readonly Client[]): Promise<Setup> {
  return readSetup(clientOf(file, clients), file, 'given', true);
}

/** Several setups as one. */
export function together(setups: readonly Setup[]): Setup {
  return {
    entries: setups.flatMap(({ entries }) => entries),
    files: setups.flatMap(({ files }) => files),
    broken: setups.flatMap(({ broken }) => broken),
  };
}

async function filesOf({ path, glob: pattern }: ConfigPlace): Promise<readonly string[]> {
  if (pattern === undefined) return [path];
  const found: string[] = [];
  for await (const file of glob(pattern, { cwd: path })) {
    found.push(join(path, file));
    if (found.length === FILES_MAX) break;
  }
  return found.sort();
}

async function readSetup(client: Client, file: string, scope: Scope, isWanted: boolean): Promise<Setup> {
  const nothing = { entries: [], files: [], broken: [] };
  const broken = (why: string, at: Place = { line: 1, column: 1 }): Setup => {
    const { line, column } = at;
    return { ...nothing, broken: [{ client: client.id, file, line, column, why }] };
  };
  const read = await readText(file);
  if ('absent' in read) return isWanted ? broken('there is no such file') : nothing;
  if ('why' in read) return broken(read.why);
  const parsed = parseConfig(file, read.text);
  if ('problem' in parsed) return broken(parsed.problem.why, parsed.problem);
  const servers = client.servers(parsed.root);
  if (servers.length > SERVERS_MAX) return broken(`it holds more than ${SERVERS_MAX} servers`);
  const long = servers.find(({ name }) => name.length > NAME_MAX);
  if (long) return broken(`the name of a server has more than ${NAME_MAX} characters`, long);
  const entries = servers.map((one): Entry => ({ ...one, client: client.id, file, scope }));
  const files = [{ client: client.id, file, scope, servers: entries.length }];
  return { ...nothing, entries, files: entries.length > 0 || isWanted ? files : [] };
}

/** The text of a regular file of bounded size: a pipe or a device that bears the name of a configuration is none. */
async function readText(
  file: string,
): Promise<{ readonly text: string } | { readonly why: string } | { readonly absent: true }> {
  try {
    await using handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const { size, isFile } = await handle.stat().then((stat) => ({ size: stat.size, isFile: stat.isFile() }));
    if (!isFile) return { why: 'it is no regular file' };
    if (size > BYTES_MAX) return { why: `it is larger than ${BYTES_MAX / 1024 / 1024} MB` };
    const bytes = await handle.readFile();
    if (bytes.length > BYTES_MAX) return { why: 'it grew while it was read' };
    // Windows' own editors write UTF-16.
    const text = bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString('utf16le') : bytes.toString('utf8');
    return { text };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { absent: true };
    return { why: `it cannot be read (${code ?? 'unknown error'})` };
  }
}
