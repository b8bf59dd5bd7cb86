/** Words that say nothing of which server is meant. */
const GENERIC = new Set(
  'mcp server servers dev local api app tool tools client main index src package test demo the a'.split(' '),
);
const LONGEST = 80;

/**
 * A server's name for people, never empty: its title where that says something, else what its name says,
 * with the owner where that alone says nothing. “X MCP Server MCP Server” becomes “X MCP Server”.
 */
export function displayName(server: Named): string {
  const name = known.get(server) ?? nameOf(server);
  known.set(server, name);
  return name;
}

interface Named {
  readonly title?: string;
  readonly name: string;
  readonly slug: string;
}

// Every page of a server's tools says it several times.
const known = new WeakMap<Named, string>();

function nameOf(server: Named): string {
  for (const text of [server.title, wordsOf(lastPart(server.name)), server.name, server.slug]) {
    const cleaned = clean(text ?? '');
    if (cleaned && !isGeneric(cleaned)) return cut(cleaned);
  }
  return cut(clean(server.name) || clean(server.slug) || 'Unnamed server');
}

/** Without characters that have no ink, single spaces, and nothing said twice in a row. */
function clean(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/\b(mcp[ -]server|mcp|server)(?:[ -]+\1\b)+/gi, '$1');
}

function isGeneric(text: string): boolean {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.every((word) => GENERIC.has(word));
}

/** `@scope/mcp-server-files` and `io.example/files` are known by what follows the slash. */
function lastPart(name: string): string {
  return name.split('/').filter(Boolean).at(-1) ?? '';
}

function wordsOf(name: string): string {
  const words = name.split(/[-_.\s]+/).filter((word) => word && !/^(?:mcp|servers?)$/i.test(word));
  return words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join(' ');
}

function cut(text: string): string {
  const chars = [...text];
  return chars.length <= LONGEST ? text : `${chars.slice(0, LONGEST - 1).join('')}…`;
}
