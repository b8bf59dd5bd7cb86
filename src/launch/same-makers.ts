/** The protocol's own libraries and frameworks: the tools in them are examples. */
const FRAMEWORKS =
  /^(@modelcontextprotocol\/(sdk|client|server|core|node|inspector|ext-apps)|fastmcp|mcp-framework|xmcp|mcp-use|@mastra\/.*|zod.*)$/;

/**
 * Whether a package that another one uses may hold tools of that one's server: it is of the same scope, named after that
 * scope or package, or named as an MCP package. Libraries for everyone are left aside.
 */
export function isOfSameMakers(name: string, other: string): boolean {
  if (FRAMEWORKS.test(other)) return false;
  if (other === name) return true;
  const [, scope] = /^@([^/]+)\//.exec(name) ?? [];
  const stem = name.replace(/^@[^/]+\//, '').replace(/[-_]?mcp([-_]server)?$/, '');
  if (scope !== undefined && (other.startsWith(`@${scope}/`) || other.split(/[/-]/)[0] === scope)) return true;
  return /(^|[^a-z])mcp([^a-z]|$)/.test(other) || (stem !== '' && other.startsWith(`${stem}-`));
}
