const NAME = /^[a-z0-9][a-z0-9.-]*\/[a-z0-9._-]+$/i;
const LONGEST = 200;
/** Packages of a monorepo share one README; real ones name a handful. */
const MOST = 20;

/** A name of the official registry, in lower case; undefined for what is none. */
export function registryName(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= LONGEST && NAME.test(value) ? value.toLowerCase() : undefined;
}

/** The names that a README claims for its package, each once: `mcp-name: io.github.owner/server`, as the registry has it checked. */
export function registryNamesIn(text: string): readonly string[] {
  const found = text.matchAll(/\bmcp-name:[ \t]{0,10}([a-z0-9][a-z0-9.-]{0,199}\/[a-z0-9._-]{1,200})/gi);
  // A sentence may end behind it.
  const names = [...found].flatMap(([, name]) => registryName(name?.replace(/\.+$/, '')) ?? []);
  return [...new Set(names)].slice(0, MOST);
}
