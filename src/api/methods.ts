const READS = ['GET', 'HEAD'];

/** Addresses that take something else than reading. */
const OTHERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['/v1/resolve', ['POST']],
  ['/v1/scans', ['POST']],
  ['/v1/disputes', ['POST']],
]);

/** Methods that an address answers; preflights are not among them. */
export function methodsOf(path: string): readonly string[] {
  return OTHERS.get(path) ?? READS;
}

/** Whether an address is for programs: its failures are problems, not pages, and any site's script may read it. */
export function isApi(path: string): boolean {
  return /^\/(?:v1(?:\/|$)|v0(?:\.1)?(?:\/|$)|healthz$|openapi\.json$)/.test(path);
}

/** Whether an address takes a token. */
export function isPrivate(path: string): boolean {
  return /^\/v1\/(?:scans|disputes)(?:\/|$)/.test(path);
}
