import { fileName, filePath, segment, slugPath } from './address.ts';
import { type AssetName, assetFile } from './assets.ts';

/** Where things are: pages ask, so that the same templates serve the live catalogue and the static site. */
export interface Links {
  /** Scheme and host under which the pages are known, where that is said; without a slash at its end. */
  readonly origin?: string;
  readonly home: string;
  readonly servers: string;
  /** How verdicts are made. */
  readonly method: string;
  /** Where definitions and verdicts contradict what authors declare. */
  readonly contradictions: string;
  server(slug: string): string;
  tool(slug: string, name: string): string;
  /** The whole policy of a server, in the plimsoll format. */
  policy(slug: string): string;
  /** The same in another format, by the exporter's id; absent where nobody is there to write it. */
  policyIn?(slug: string, format: string): string;
  /** The JSON Schema of the plimsoll format. */
  readonly schema: string;
  asset(name: AssetName): string;
  /** Where the search form leads; absent where nobody is there to answer. */
  readonly search?: string;
  readonly openapi?: string;
}

/** Addresses of the live catalogue; `publicUrl` is where it is reached from outside. */
export function liveLinks(publicUrl?: string): Links {
  return {
    ...(publicUrl !== undefined && { origin: new URL(publicUrl).origin }),
    home: '/',
    servers: '/servers',
    method: '/method',
    contradictions: '/contradictions',
    server: (slug) => `/servers/${slugPath(slug)}`,
    tool: (slug, name) => `/servers/${slugPath(slug)}/-/tools/${segment(name)}`,
    policy: (slug) => `/v1/servers/${segment(slug)}/policy`,
    policyIn: (slug, format) => `/v1/servers/${segment(slug)}/policy?format=${format}`,
    schema: '/schemas/policy.json',
    asset: (name) => `/assets/${assetFile(name)}`,
    search: '/servers',
    openapi: '/openapi.json',
  };
}

/** Addresses of the static site under a path that begins and ends with a slash. */
export function staticLinks(base: string, origin?: string): Links {
  return {
    ...(origin !== undefined && { origin }),
    home: base,
    servers: `${base}servers/`,
    method: `${base}method/`,
    contradictions: `${base}contradictions/`,
    server: (slug) => `${base}servers/${filePath(slug)}/`,
    tool: (slug, name) => `${base}servers/${filePath(slug)}/-/tools/${fileName(name)}/`,
    policy: (slug) => `${base}servers/${filePath(slug)}/policy.json`,
    schema: `${base}schemas/policy.json`,
    asset: (name) => `${base}assets/${assetFile(name)}`,
  };
}
