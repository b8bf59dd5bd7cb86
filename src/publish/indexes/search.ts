import { displayName } from '#core/display-name.ts';
import type { ToolName } from '#domain/lists.ts';
import { fileName, filePath } from '../addresses/address.ts';
import type { IndexFiles } from '../addresses/index-files.ts';

/** Places that one word leads to, those of most servers first; a word of more is common and holds these only. */
const MOST = 400;

interface Shard {
  readonly names: (readonly [string, number, string?])[];
  readonly servers: (readonly [string, string, string?])[];
  /** Word by word: places among the names, or below zero among the servers. */
  readonly words: Record<string, number[]>;
  readonly common: string[];
}

/**
 * Names of tools and servers by the words in them, cut by the first two letters of the word: a search fetches as many
 * files as it has words. What `search.js` reads. MiniSearch and its like were passed over: one index of a hundred
 * thousand names is more than a page should load, and Pagefind wants WebAssembly, which the pages do not allow.
 */
export default {
  id: 'search',
  *files({ names: all, servers }) {
    const shards = new Map<string, Shard>();
    const places = new Map<string, Map<unknown, number>>();
    const put = (word: string, what: 'names' | 'servers', entry: Shard['names'][number] | Shard['servers'][number]) => {
      const id = /^[a-z0-9]{2}/.exec(word)?.[0] ?? 'other';
      const shard = shards.get(id) ?? {
        names: [],
        servers: [],
        words: Object.create(null) as Shard['words'],
        common: [],
      };
      shards.set(id, shard);
      const list = shard.words[word] ?? [];
      shard.words[word] = list;
      if (list.length >= MOST) {
        if (!shard.common.includes(word)) shard.common.push(word);
        return;
      }
      const known = places.get(id) ?? new Map<unknown, number>();
      places.set(id, known);
      const place = known.get(entry) ?? (shard[what] as unknown[]).push(entry) - 1;
      known.set(entry, place);
      list.push(what === 'names' ? place : -1 - place);
    };
    const names = all.toSorted((a, b) => b.servers - a.servers || (a.folded < b.folded ? -1 : 1));
    for (const name of names) {
      const entry = nameEntry(name);
      for (const word of wordsOf(name.name)) put(word, 'names', entry);
    }
    for (const server of servers) {
      const path = filePath(server.slug);
      const title = displayName(server);
      const entry = [
        title,
        server.slug,
        ...(path === server.slug ? [] : [path]),
      ] as unknown as Shard['servers'][number];
      for (const word of wordsOf(`${title} ${server.slug}`)) put(word, 'servers', entry);
    }
    for (const [id, shard] of shards) yield { path: `search/${id}.json`, make: () => JSON.stringify(shard) };
  },
} satisfies IndexFiles;

function nameEntry({ folded, name, servers }: ToolName): Shard['names'][number] {
  const file = fileName(folded);
  return file === folded ? [name, servers] : [name, servers, file];
}

/** The words of a name, each once, as `search.js` cuts what is looked for. */
function wordsOf(text: string): readonly string[] {
  const words = text
    .slice(0, 300)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 1);
  return [...new Set(words)].slice(0, 16);
}
