import { posix, win32 } from 'node:path';
import { isOwnName } from '#core/public-address.ts';
import { formatSpec } from '#core/purl.ts';
import { withoutSecrets } from '#core/secrets.ts';
import { withoutOwn, withPathsMoved } from '#setup/arguments.ts';
import type { Entry } from '#setup/entry.ts';
import { expand, type Values } from '#setup/expand.ts';
import { ownNames } from '#setup/own.ts';
import type { Around } from '#setup/places.ts';
import { type Way, wayOf } from '#setup/way.ts';

/** What whoever runs a scan agreed to. */
export interface Consent {
  /** Their own variables, headers and arguments are given to servers. */
  readonly credentials: boolean;
  /** Addresses of private networks are asked that others' files name. */
  readonly private: boolean;
}

/** What will be started or asked for an entry, with everything that is given to it. Never printed as it is. */
export interface Plan {
  readonly way: Way;
  readonly env: Readonly<Record<string, string>>;
  /** Headers to send, where they are. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly ownHosts: readonly string[];
  /** Where relative paths of its command begin. */
  readonly folder: string;
  /** The same in words that hold nothing of the user's: a package, an address without its query, a path. */
  readonly runs: string;
  /** Names of variables, headers and inputs that it has, and those of them that have no value here. */
  readonly names: readonly string[];
  readonly missing: readonly string[];
  /** What whoever reads the result should know. */
  readonly notes: readonly string[];
}

/** A path as people write it, the same on every machine where it lies in the workspace or the home folder. */
export function shownPath(path: string, { home, workspace, platform }: Around): string {
  const { relative, isAbsolute } = platform === 'win32' ? win32 : posix;
  for (const [folder, name] of [
    [workspace, ''],
    [home, '~/'],
  ] as const) {
    const rest = relative(folder, path);
    if (rest !== '' && !rest.startsWith('..') && !isAbsolute(rest)) return `${name}${rest.replaceAll('\\', '/')}`;
  }
  return path.replaceAll('\\', '/');
}

/** The folder that a configuration is about: that of its project, else the one that it lies in or above that. */
function folderOf(entry: Entry, around: Around): string {
  const { dirname, basename } = around.platform === 'win32' ? win32 : posix;
  if (entry.project !== undefined) return entry.project;
  if (entry.scope === 'user') return around.home;
  if (entry.scope === 'workspace') return around.workspace;
  const folder = dirname(entry.file);
  return /^\.(?:cursor|vscode|zed|codex|gemini|continue)$/.test(basename(folder)) ? dirname(folder) : folder;
}

/** What an entry comes to under a consent. Pure. */
export function planOf(entry: Entry, around: Around, consent: Consent): Plan {
  const folder = folderOf(entry, around);
  // A stranger's file could have a variable of the user's sent to a registry as the name of a package.
  const env = consent.credentials ? around.env : {};
  const values: Values = { env, home: around.home, workspace: folder };
  const missing: string[] = [];
  const filled = (text: string) => {
    const { text: value, missing: names } = expand(text, values);
    missing.push(...names);
    return { value, known: names.length === 0 };
  };
  const given = (named: ReadonlyMap<string, string>) =>
    Object.fromEntries(
      [...named].flatMap(([name, text]) => {
        const { value, known } = filled(text);
        return known ? [[name, value]] : [];
      }),
    );
  const base = { env: {}, ownHosts: [], folder, names: ownNames(entry), notes: [] as string[] };
  const { start } = entry;
  if (start.kind === 'neither') return { ...base, way: wayOf(start), runs: '', missing };
  if (start.kind === 'remote') return { ...remotePlan(entry, start, consent, filled, given), folder, missing };

  const bare = withoutOwn(start.args);
  const { args, moved, withheld } = consent.credentials
    ? { ...withPathsMoved(start.args.map((arg) => filled(arg).value)), withheld: 0 }
    : bare;
  const command = filled(start.command).value;
  // What a runner is told, its package and the file of a program, is understood as it stands.
  const meant = wayOf({ ...start, command, args: start.args.map((arg) => expand(arg, values).text) });
  if (meant.kind === 'remote') {
    const behind = { kind: 'remote', ...meant.remote, headers: headersIn(start.args) } as const;
    return { ...remotePlan(entry, behind, consent, filled, given), folder, missing };
  }
  const way = withArguments(meant, start.args, args);
  const notes = [
    ...(withheld > 0 ? [`${count(withheld, 'argument')} withheld, which may be credentials`] : []),
    ...(moved > 0 ? [`${count(moved, 'path')} replaced by a folder of the sandbox`] : []),
  ];
  const cwd = way.kind === 'program' && way.cwd !== undefined ? filled(way.cwd).value : undefined;
  return {
    ...base,
    way,
    folder: cwd === undefined ? folder : joined(around, folder, cwd),
    env: consent.credentials ? given(start.env) : {},
    runs: runsOf(way, around),
    missing: consent.credentials ? [...new Set(missing)] : [],
    notes,
  };
}

function joined({ platform, home }: Around, folder: string, cwd: string): string {
  const { resolve } = platform === 'win32' ? win32 : posix;
  return resolve(folder, cwd.replace(/^~(?=$|[\\/])/, home));
}

/** The server's own arguments, which stand at the end, as they may be given. */
function withArguments(way: Way, all: readonly string[], given: readonly string[]): Way {
  const own = way.kind === 'package' ? (way.ref.args?.length ?? 0) : way.kind === 'program' ? way.args.length : 0;
  const tail = own === 0 ? [] : given.slice(all.length - own);
  if (way.kind === 'program') return { ...way, args: tail };
  if (way.kind !== 'package' || own === 0) return way;
  return { ...way, ref: { ...way.ref, args: tail } };
}

/** Headers that a proxy is told on its command line, as `NAME:VALUE`. */
function headersIn(args: readonly string[]): ReadonlyMap<string, string> {
  const told = args.filter((_, at) => args[at - 1] === '--header');
  return new Map(
    told.flatMap((text): [string, string][] => {
      const [, name, value] = /^([\w-]{1,100})\s*:\s*(.*)$/s.exec(text) ?? [];
      return name === undefined ? [] : [[name, value!]];
    }),
  );
}

function remotePlan(
  entry: Entry,
  start: Extract<Entry['start'], { kind: 'remote' }>,
  consent: Consent,
  filled: (text: string) => { readonly value: string },
  given: (named: ReadonlyMap<string, string>) => Readonly<Record<string, string>>,
): Omit<Plan, 'folder' | 'missing'> {
  const url = consent.credentials ? filled(start.url).value : start.url;
  const meant = wayOf({ ...start, url });
  const host = (URL.parse(url)?.hostname ?? '').replace(/^\[(.*)\]$/, '$1');
  const isOwn = entry.scope === 'user' || consent.private;
  const shown = shownAddress(url);
  const holdsOwn = !consent.credentials && shown.includes('…');
  const way: Way = holdsOwn
    ? { kind: 'unknown', why: 'Its address may hold a credential; --with-credentials asks it.' }
    : meant;
  const private_ = host !== '' && isOwnName(host);
  const notes = private_
    ? [isOwn ? `${host} is no address of the public internet; your own configuration names it` : PRIVATE]
    : [];
  return {
    way,
    env: {},
    ...(consent.credentials && { headers: given(start.headers) }),
    ownHosts: isOwn && host !== '' ? [host] : [],
    runs: shown,
    names: ownNames(entry),
    notes,
  };
}

const PRIVATE =
  'its address is none of the public internet, and not your own configuration names it: --private asks it';

/** An address without user, query and whatever in its path looks like more than a word. */
export function shownAddress(address: string): string {
  const url = URL.parse(address);
  if (!url) return '…';
  const path = url.pathname.split('/').map((part) => (/^(?:[a-z][a-z._-]{0,24}|v\d{1,3}|)$/i.test(part) ? part : '…'));
  const query =
    url.search === '' || [...url.searchParams.values()].every((one) => /^[a-z,_-]{0,16}$/i.test(one)) ? '' : '?…';
  const user = url.username === '' ? '' : '…@';
  return withoutSecrets(`${url.protocol}//${user}${url.host}${path.join('/')}${query}`);
}

function runsOf(way: Way, around: Around): string {
  if (way.kind === 'package') return formatSpec(way.ref.purl, way.ref.version) ?? way.ref.purl;
  if (way.kind === 'program') return shownPath(way.file, around);
  return way.kind === 'remote' ? shownAddress(way.remote.url) : '';
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
