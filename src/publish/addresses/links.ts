import { type AssetName, assetFile } from '../assets.ts';
import { placed } from '../registry.ts';
import { FACES, type Face, segment } from './address.ts';

/** Where things are: pages ask, so that the same templates serve the live catalogue and the static site. */
export interface Links {
  /** Scheme and host under which the pages are known, where that is said; without a slash at its end. */
  readonly origin?: string;
  /** A page by the id of its kind and the values of its path's placeholders. Throws for a kind that there is not. */
  to(kind: string, ...key: readonly string[]): string;
  /** The faces that pages have on this site, where their kind has them. */
  readonly faces: ReadonlySet<Face>;
  /** Another face of a page: its Markdown twin, badge, picture or feed. */
  face(face: Face, kind: string, ...key: readonly string[]): string;
  /** The same as `to('server', slug)` and `to('tool', slug, name)`. */
  server(slug: string): string;
  tool(slug: string, name: string): string;
  /** The whole policy of a server, in the plimsoll format. */
  policy(slug: string): string;
  /** The same in another format, by the exporter's id; absent where nobody is there to write it. */
  policyIn?(slug: string, format: string): string;
  /** The JSON Schema of the plimsoll format. */
  readonly schema: string;
  asset(name: AssetName): string;
  /** Where the search form leads. */
  readonly search: string;
  /** A search narrowed by filters (`category`, `risk`, `facet`); absent where nobody is there to answer. */
  find?(filters: Readonly<Record<string, string>>): string;
  readonly openapi?: string;
  /** Where agents are answered over MCP; absent where nobody is there to answer. */
  readonly mcp?: string;
  /** Where the verdict of a tool can be disputed; absent where the operator names no such place. */
  dispute?(slug: string, tool: string): string;
}

/** Puts a tool into the operator's address for disputes, which has `{server}` and `{tool}` for it. */
function disputing(template: string | undefined): Pick<Links, 'dispute'> {
  if (template === undefined) return {};
  const part = (text: string) => encodeURIComponent(text.toWellFormed());
  return {
    dispute: (slug, tool) =>
      template.replace(/\{(server|tool)\}/g, (_, which) => part(which === 'server' ? slug : tool)),
  };
}

/** Addresses of the live catalogue; `publicUrl` is where it is reached from outside, `disputes` the address for those. */
export function liveLinks(publicUrl?: string, disputes?: string): Links {
  const to = (kind: string, ...key: readonly string[]) => placed(kind).path.live(key);
  return {
    ...(publicUrl !== undefined && { origin: new URL(publicUrl).origin }),
    to,
    faces: new Set(FACES),
    face(face, kind, ...key) {
      const page = to(kind, ...key);
      return `${page === '/' ? '/index' : page}.${face}`;
    },
    server: (slug) => to('server', slug),
    tool: (slug, name) => to('tool', slug, name),
    policy: (slug) => `/v1/servers/${segment(slug)}/policy`,
    policyIn: (slug, format) => `/v1/servers/${segment(slug)}/policy?format=${format}`,
    schema: '/schemas/policy.json',
    asset: (name) => `/assets/${assetFile(name)}`,
    search: to('search'),
    find: (filters) => `${to('search')}?${new URLSearchParams(filters)}`,
    openapi: '/openapi.json',
    mcp: '/mcp',
    ...disputing(disputes),
  };
}

/** Addresses of a static site, which are made of its files. */
export interface StaticLinks extends Links {
  /** The address of a file without its extension, as a page or another face. */
  at(stem: string, face: Face | 'html'): string;
  /** The address of a file. */
  path(file: string): string;
  /** The file that an address of this site stands for. */
  file(address: string): string;
}

/** Addresses of the static site under a path that begins and ends with a slash. */
export function staticLinks(base: string, origin?: string, disputes?: string, pictures = false): StaticLinks {
  const at = (stem: string, face: Face | 'html') => {
    // A folder's page is its index, which every web server answers with for the folder.
    const folder = face === 'html' && (stem === 'index' || stem.endsWith('/index'));
    return base + (folder ? stem.slice(0, -'index'.length) : `${stem}.${face}`);
  };
  const to = (kind: string, ...key: readonly string[]) => at(placed(kind).path.stem(key), 'html');
  return {
    ...(origin !== undefined && { origin }),
    to,
    faces: new Set<Face>(['md', 'svg', 'atom', ...(pictures ? ['png' as const] : [])]),
    face: (face, kind, ...key) => at(placed(kind).path.stem(key), face),
    search: to('search'),
    at,
    path: (file) => base + file,
    file: (address) => address.slice(base.length),
    server: (slug) => to('server', slug),
    tool: (slug, name) => to('tool', slug, name),
    policy: (slug) => `${base}${placed('server').path.stem([slug]).slice(0, -'index'.length)}policy.json`,
    schema: `${base}schemas/policy.json`,
    asset: (name) => `${base}assets/${assetFile(name)}`,
    ...disputing(disputes),
  };
}
