import {
  discoverAuthorizationServerMetadata,
  discoverOAuthProtectedResourceMetadata,
  extractWWWAuthenticateParams,
} from '@modelcontextprotocol/client';
import type { Authorization } from '#domain/launch.ts';

/** Of a list that a stranger wrote: entries, and characters of each. */
const [MOST, LONGEST] = [50, 300];
/** Authorization servers that are asked for scopes. */
const ASKED = 3;

/**
 * What a server that wants credentials advertises of how to get them: its authorization servers, as its protected
 * resource metadata (RFC 9728) names them, and the scopes of its challenge, else of that metadata, else of the servers'
 * own (RFC 8414, OpenID Connect Discovery). Undefined where it advertises nothing. `fetch` guards every address;
 * `isAllowed` says which servers may be told of at all.
 */
export async function authorizationOf(
  url: URL,
  denial: Response,
  fetch: typeof globalThis.fetch,
  isAllowed: (address: string) => boolean,
): Promise<Authorization | undefined> {
  const { resourceMetadataUrl, scope } = extractWWWAuthenticateParams(denial);
  const resource = await discoverOAuthProtectedResourceMetadata(
    url,
    resourceMetadataUrl && { resourceMetadataUrl },
    fetch,
  ).catch(() => undefined);
  const named = entries(resource?.authorization_servers).filter(isAllowed);
  const challenged = entries(scope?.split(' '));
  const offered = challenged.length > 0 ? challenged : entries(resource?.scopes_supported);
  // Before there was such metadata, a server's own origin was its authorization server.
  const candidates = resource ? named.slice(0, ASKED) : [url.origin];
  const own = offered.length > 0 && resource ? [] : await Promise.all(candidates.map((one) => ask(one, fetch)));
  const scopes = offered.length > 0 ? offered : entries(own.flatMap((one) => one?.scopes_supported ?? []));
  const servers = resource ? named : entries(own.flatMap((one) => one?.issuer ?? [])).filter(isAllowed);
  return servers.length > 0 || scopes.length > 0 ? { servers, scopes } : undefined;
}

async function ask(server: string, fetchFn: typeof globalThis.fetch) {
  return discoverAuthorizationServerMetadata(server, { fetchFn, skipIssuerValidation: true }).catch(() => undefined);
}

/** What of a list of a stranger's is fit to be kept. */
function entries(list: readonly unknown[] = []): readonly string[] {
  const fit = list.filter(
    (one): one is string => typeof one === 'string' && one.length <= LONGEST && /^[\x21-\x7e]+$/.test(one),
  );
  return [...new Set(fit)].slice(0, MOST);
}
