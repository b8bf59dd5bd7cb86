import { type ParseError, parse as parseWithComments } from 'jsonc-parser';
import { parsePurl, parseSpec, purlOf } from '#core/purl.ts';
import type { AliasKind, PackageRef } from '#domain/server.ts';
import { isLauncher, remoteKey } from './identity.ts';
import { placeKey, placeOf } from './place.ts';
import { Package, packageRefOf } from './server-json-package.ts';
import { packageStarted, startOf } from './start.ts';

/** One server that a setup names: what its owner calls it, and the addresses under which the catalogue may have it. */
export interface Wanted {
  readonly name?: string;
  /** `<kind>:<key>`, the surest first; empty where the entry starts something that only its own machine has. */
  readonly addresses: readonly string[];
  /** The version of its package, where the entry pins one. */
  readonly version?: string;
}

/** Entries read of one setup; those beyond are left out. */
export const MOST_WANTED = 200;
const LONGEST_NAME = 200;
const LONGEST_TEXT = 2_000;
/** How deep the lists of servers may lie: `projects` of Claude Code, `mcp` of VS Code's settings. */
const DEEPEST = 4;
/** Under which keys clients keep their servers. */
const LISTS =
  /^(?:(?:.*\.)?mcp_?servers|servers|context_servers|modelContextProtocolServers|packages|purls|repositories|remotes)$/i;
/** Keys under which such lists lie one floor down. */
const HOLDERS = new Set(['mcp', 'projects', 'experimental', 'amp', 'settings']);

/** A setup's text as a value: JSON, with comments and commas at the end as editors allow them. Undefined where it is none. */
export function parseSetup(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const errors: ParseError[] = [];
    try {
      const value: unknown = parseWithComments(text, errors, { allowTrailingComma: true });
      return errors.length > 0 ? undefined : value;
    } catch {
      // Deeper than the parser's stack.
      return undefined;
    }
  }
}

/**
 * The servers that a setup names: the whole configuration of any common client, or lists of packages (`npm:name`,
 * purls, plain npm names), command lines, repositories, remote addresses and registry names. Lenient: what it does not
 * understand names nothing. Variables, headers and whatever an address carries behind its path are not looked at.
 */
export function readSetup(value: unknown): readonly Wanted[] {
  const found: Wanted[] = [];
  collect(value, 0, found);
  return found.slice(0, MOST_WANTED);
}

function collect(value: unknown, depth: number, found: Wanted[]): void {
  if (found.length >= MOST_WANTED || depth > DEEPEST || value === null) return;
  if (typeof value === 'string') found.push(named(value));
  else if (Array.isArray(value)) for (const item of value) take(undefined, item, depth, found);
  else if (typeof value === 'object') {
    const lists = Object.entries(value).filter(([key]) => LISTS.test(key));
    for (const [, list] of lists) {
      if (Array.isArray(list)) collect(list, depth + 1, found);
      else if (list !== null && typeof list === 'object')
        for (const [name, entry] of Object.entries(list)) take(name, entry, depth, found);
    }
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'projects' && inner !== null && typeof inner === 'object')
        for (const project of Object.values(inner)) collect(project, depth + 2, found);
      else if (HOLDERS.has(key) && typeof inner === 'object') collect(inner, depth + 1, found);
    }
    if (lists.length === 0 && isEntry(value)) take(undefined, value, depth, found);
  }
}

function isEntry(value: object): boolean {
  return ['command', 'url', 'serverUrl', 'httpUrl'].some((key) => Object.hasOwn(value, key));
}

function take(key: string | undefined, entry: unknown, depth: number, found: Wanted[]): void {
  if (found.length >= MOST_WANTED) return;
  if (typeof entry === 'string') {
    found.push({ ...named(entry), ...(key !== undefined && { name: nameOf(key) }) });
    return;
  }
  if (entry === null || typeof entry !== 'object' || Array.isArray(entry)) return;
  if (Object.keys(entry).some((one) => LISTS.test(one))) {
    collect(entry, depth + 1, found);
    return;
  }
  const { name, transport } = entry as { name?: unknown; transport?: unknown };
  const said = key ?? (typeof name === 'string' ? name : undefined);
  // Continue keeps command and address under `transport`; Zed keeps both under `command`.
  const inner = [transport, (entry as { command?: unknown }).command].find(
    (one): one is object => one !== null && typeof one === 'object' && !Array.isArray(one),
  );
  found.push({ ...(said !== undefined && { name: nameOf(said) }), ...started(inner ? pathAsCommand(inner) : entry) });
}

function pathAsCommand(entry: object): object {
  const { path } = entry as { path?: unknown };
  return typeof path === 'string' && !('command' in entry) ? { ...entry, command: path } : entry;
}

function nameOf(text: string): string {
  return text.slice(0, LONGEST_NAME).toWellFormed();
}

/** What an entry with a command or an address starts, or a package as the registry's listings write it. */
function started(entry: object): Omit<Wanted, 'name'> {
  const listed = Object.hasOwn(entry, 'identifier') ? Package.safeParse(entry).data : undefined;
  const ref = listed && packageRefOf(listed);
  if (ref) return fromStart([ref], []);
  const { packages, remotes } = startOf(withoutQuery(entry));
  return fromStart(
    packages,
    remotes.map(({ url }) => url),
  );
}

function fromStart(packages: readonly PackageRef[], urls: readonly string[]): Omit<Wanted, 'name'> {
  const [first] = packages;
  // A bridge is not the server: what it leads to is.
  const bridged =
    first && isLauncher(first.purl) ? (first.args ?? []).filter((word) => /^https?:\/\//i.test(word)) : [];
  const remotes = [...urls, ...bridged].flatMap((url) => remoteAddress(url) ?? []);
  const own = bridged.length > 0 ? [] : packages.map(({ purl }) => `purl:${purl}`);
  const version = own.length > 0 ? first?.version : undefined;
  return { addresses: [...new Set([...own, ...remotes])], ...(version !== undefined && { version }) };
}

function withoutQuery(entry: object): object {
  const bare = { ...entry } as Record<string, unknown>;
  for (const key of ['url', 'serverUrl', 'httpUrl'])
    if (typeof bare[key] === 'string') bare[key] = bare[key].slice(0, LONGEST_TEXT).replace(/[?#].*$/s, '');
  return bare;
}

function remoteAddress(text: string): string | undefined {
  const key = remoteKey(text.replace(/[?#].*$/s, ''));
  return key === undefined ? undefined : `remote:${key}`;
}

/** What one text names. */
function named(given: string): Wanted {
  const text = given.slice(0, LONGEST_TEXT).trim();
  const kinds: readonly AliasKind[] = ['purl', 'repository', 'registry', 'remote', 'slug'];
  if (kinds.some((kind) => text.startsWith(`${kind}:`))) return { addresses: [text.toWellFormed()] };
  const purl = text.startsWith('pkg:') ? parsePurl(text) : undefined;
  const whole = purl && purlOf(purl.type, purl.name);
  if (purl && whole)
    return { addresses: [`purl:${whole}`], ...(purl.version !== undefined && { version: purl.version }) };
  const spec = parseSpec(text);
  if (spec) return { addresses: [`purl:${spec.purl}`], ...(spec.version !== undefined && { version: spec.version }) };
  const words = text.split(/\s+/);
  if (words.length > 1) {
    const found = packageStarted(words);
    return fromStart(found ? [found] : [], []);
  }
  const place = placeOf({ url: text.replace(/[?#].*$/s, '') });
  const remote = /^https?:\/\//i.test(text) ? remoteAddress(text) : undefined;
  const addresses = [...(place ? [`repository:${placeKey(place)}`] : []), ...(remote === undefined ? [] : [remote])];
  if (addresses.length > 0) return { addresses };
  const registry = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+\/[\w.-]+$/i.test(text) ? [`registry:${text.toLowerCase()}`] : [];
  const npm = registry.length > 0 ? undefined : plainNpm(text);
  return {
    addresses: [...registry, ...(npm ? [`purl:${npm.purl}`] : [])],
    ...(npm?.version && { version: npm.version }),
  };
}

function plainNpm(text: string) {
  return parseSpec(`npm:${text}`);
}
