import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { type ParseError, parse } from 'jsonc-parser';
import { SourceUnreachable } from '#core/errors.ts';
import { withoutSecrets } from '#core/secrets.ts';
import type { PackageRef, Sighting } from '#domain/server.ts';
import { give, sightingOf } from '../found.ts';
import { mapRegistryEntry } from '../registry-list.ts';
import type { DiscoverOptions, Dropped, Source } from '../source.ts';
import { startOf } from '../start.ts';

const LARGEST = 64 * 1024 * 1024;
const FILE = /\.(json|jsonc|jsonl|ndjson)$/i;
/** Where clients keep their servers; VS Code and Zed have names of their own. */
const GROUPS = ['mcpServers', 'servers', 'context_servers'];

/**
 * The servers that a document names: a server.json, an entry of a registry's list, or a client's configuration, whose
 * servers are listed as `<where>#<name>`. A configuration is someone's own: values of variables stay out, and so do
 * arguments and addresses that may hold a credential.
 */
export function mapDocument(document: unknown, where: string): readonly (Sighting | Dropped)[] {
  const record = document !== null && typeof document === 'object' ? (document as Record<string, unknown>) : {};
  const group = GROUPS.map((key) => record[key]).find((one) => one !== null && typeof one === 'object');
  if (group && !Array.isArray(group))
    return Object.entries(group).map(([name, entry]) => configured(name, entry, `${where}#${name}`));
  const entries = Array.isArray(document) ? document : Array.isArray(record.servers) ? record.servers : [document];
  return entries.flatMap((entry: unknown): readonly (Sighting | Dropped)[] => {
    const found = mapRegistryEntry(entry, 'from');
    if (!found) return [];
    const reason = 'neither a server.json nor a client configuration with mcpServers, servers or context_servers';
    return ['reason' in found && found.listing === '(no name)' ? { listing: where, reason } : found];
  });
}

function configured(name: string, entry: unknown, listing: string): Sighting | Dropped {
  const { packages, remotes } = startOf(entry);
  const known = remotes.filter(({ url }) => {
    const { search, username } = new URL(url);
    return search === '' && username === '' && withoutSecrets(url) === url;
  });
  if (packages.length + known.length === 0)
    return { listing, reason: 'starts no package and names no address that could be looked up' };
  return sightingOf({ source: 'from', listing, name, packages: packages.map(discreet), remotes: known });
}

function discreet({ purl, version, args = [], env = [] }: PackageRef): PackageRef {
  const told = args.findIndex(
    (word, i) => isTelling(word) || /^--?[\w-]*(key|token|secret|pass|auth)[\w-]*$/i.test(args[i - 1] ?? ''),
  );
  const safe = told < 0 ? args : args.slice(0, told);
  return {
    purl,
    ...(version !== undefined && { version }),
    ...(safe.length > 0 && { args: safe }),
    ...(env.length > 0 && { env: env.map(({ default: _, ...input }) => input) }),
  };
}

function isTelling(word: string): boolean {
  return withoutSecrets(word) !== word || /:\/\/[^/]*@|[?&]\w+=|(key|token|secret|pass\w*)=/i.test(word);
}

async function* discover(options: DiscoverOptions): AsyncGenerator<Sighting | Dropped> {
  const root = options.settings.from;
  if (root === undefined) throw new Error("'from' was asked without a path");
  const seen = new Set<string>();
  for (const path of await filesAt(root)) {
    options.stop.throwIfAborted();
    const inside = relative(root, path);
    const where = [basename(root), ...(inside === '' ? [] : inside.split(sep))].join('/');
    const found = await documents(path, where).catch(
      (error: NodeJS.ErrnoException): readonly (readonly Dropped[])[] => {
        if (error.code === undefined) throw error;
        return [[{ listing: where, reason: `cannot be read (${error.code})` }]];
      },
    );
    for (const one of found) yield* give<Sighting | Dropped>(one, (record) => record, options, seen);
  }
}

async function filesAt(root: string): Promise<readonly string[]> {
  const found = await stat(root).catch(() => undefined);
  if (!found) throw new SourceUnreachable(`There is no file or folder at ${root}, or it may not be read`);
  if (!found.isDirectory()) return [root];
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && FILE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/(^|[\\/])(node_modules|\.git)[\\/]/.test(path))
    .sort();
}

async function documents(path: string, where: string): Promise<readonly (readonly (Sighting | Dropped)[])[]> {
  const { size } = await stat(path);
  if (size > LARGEST) return [[{ listing: where, reason: `larger than ${LARGEST} bytes` }]];
  const text = await readFile(path, 'utf8');
  const read = (part: string, at: string) => {
    const errors: ParseError[] = [];
    const document: unknown = parse(part, errors, { allowTrailingComma: true });
    return errors.length > 0 ? [{ listing: at, reason: 'no JSON' }] : mapDocument(document, at);
  };
  if (!/\.(jsonl|ndjson)$/i.test(path)) return [read(text, where)];
  return text.split('\n').flatMap((line, i) => (line.trim() === '' ? [] : [read(line, `${where}:${i + 1}`)]));
}

export default {
  id: 'from',
  title: 'Files of your own',
  terms: 'Yours: listings read from the path given with --from.',
  can: { sweep: true, recent: false },
  needs: ['from'],
  discover,
} satisfies Source;
