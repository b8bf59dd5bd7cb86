import type { RemoteRef } from '#domain/server.ts';

/** A remote server's address with its braces filled in, and the names of those that only a user can fill. */
export interface Address {
  readonly url: string;
  readonly missing: readonly string[];
}

/** Fills in what a listing itself gives: the default of a part that stands in braces, else its first choice. */
export function addressOf({ url, variables = [] }: Pick<RemoteRef, 'url' | 'variables'>): Address {
  const missing: string[] = [];
  const filled = url.replace(/\{([^{}/]{1,200})\}/g, (whole, name: string) => {
    const known = variables.find((one) => one.name === name);
    const value = known?.secret ? undefined : (known?.default ?? known?.choices?.[0]);
    if (value === undefined) missing.push(name);
    return value === undefined ? whole : encodeURIComponent(value);
  });
  return { url: filled, missing };
}
