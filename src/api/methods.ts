const READS = ['GET', 'HEAD'];

/** Addresses that take something else than reading. */
const OTHERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['/v1/resolve', ['POST']],
  ['/v1/scans', ['POST']],
  ['/v1/disputes', ['POST']],
  ['/mcp', ['POST']],
]);

/** Methods that an address answers; preflights are not among them. */
export function methodsOf(path: string): readonly string[] {
  return OTHERS.get(path) ?? READS;
}

/** Whether an address is for programs: its failures are problems, not pages. */
export function isApi(path: string): boolean {
  return /^\/(?:v1(?:\/|$)|v0(?:\.1)?(?:\/|$)|healthz$|mcp$|openapi\.json$)/.test(path);
}

/** Whether the script of any site may read an address: not where a token is taken, nor where MCP looks who asks. */
export function isOpen(path: string): boolean {
  return isApi(path) && !isPrivate(path) && path !== '/mcp';
}

/** Whether an address takes a token. */
function isPrivate(path: string): boolean {
  return /^\/v1\/(?:scans|disputes)(?:\/|$)/.test(path);
}
