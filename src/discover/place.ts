import gitHosts from 'hosted-git-info';
import type { Repository } from '#domain/server.ts';

/** Where a server's source lives, in one spelling: `github.com/owner/name`, and a folder in it. */
export interface Place {
  readonly repository: string;
  readonly subfolder?: string;
}

/** Hosts whose owners and names do not differ by case. */
const CASELESS = new Set(['github.com', 'gitlab.com', 'bitbucket.org']);
/** Hosts known to hold repositories at `/owner/name`. */
const FORGES = new Set([...CASELESS, 'codeberg.org', 'gitee.com', 'git.sr.ht', 'gitea.com']);
/** First segments of GitHub addresses that are no owners. */
const NO_OWNER = new Set(['about', 'apps', 'collections', 'features', 'marketplace', 'orgs', 'search', 'settings']);
for (const word of ['sponsors', 'topics', 'users', 'login', 'enterprise', 'security']) NO_OWNER.add(word);

/**
 * The place that a repository names, in whatever spelling (git+https, ssh, scp, shorthand, a folder's page); undefined
 * where it names none, such as a product's home page.
 */
export function placeOf(repository: Repository): Place | undefined {
  const url = webForm(repository.url);
  if (!url) return undefined;
  const host = url.hostname.toLowerCase().replace(/^www\./, '');
  const segments = pathSegments(url);
  if (!segments) return undefined;
  const isGitLab = host === 'gitlab.com' || host.startsWith('gitlab.');
  if (!FORGES.has(host) && !isGitLab && !url.pathname.endsWith('.git')) return undefined;
  const found = isGitLab ? splitGitLab(segments) : split(segments);
  if (!found || (host === 'github.com' && NO_OWNER.has(found.owner.toLowerCase()))) return undefined;
  const path = `${found.owner}/${found.name.replace(/\.git$/i, '')}`;
  const subfolder = folder(repository.subfolder) ?? folder(found.rest);
  return {
    repository: `${host}/${CASELESS.has(host) ? path.toLowerCase() : path}`,
    ...(subfolder && { subfolder }),
  };
}

/** Whose repository it is: everything before its name, `github.com/owner`. */
export function ownerOf({ repository }: Place): string {
  return repository.slice(0, repository.lastIndexOf('/'));
}

export function placeKey(place: Place): string {
  return place.subfolder === undefined ? place.repository : `${place.repository}#${place.subfolder}`;
}

function webForm(address: string): URL | undefined {
  const text = address.trim().replace(/^(?:scm:)?git\+/i, '');
  if (/^https?:\/\//i.test(text)) return URL.parse(text) ?? undefined;
  if (/^(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+\//i.test(text)) return URL.parse(`https://${text}`) ?? undefined;
  try {
    const hosted = gitHosts.fromUrl(text);
    if (hosted) return URL.parse(hosted.https({ noGitPlus: true, noCommittish: true })) ?? undefined;
  } catch {
    return undefined;
  }
  const [, host, path] = /^(?:ssh:\/\/)?(?:git:\/\/)?(?:[\w.-]+@)?([\w.-]+\.\w+)(?::\d+)?[:/](.+)$/.exec(text) ?? [];
  return host && path ? (URL.parse(`https://${host}/${path}`) ?? undefined) : undefined;
}

function pathSegments(url: URL): readonly string[] | undefined {
  try {
    const segments = url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
    return segments.every((segment) => /^[\w.~@+ ()[\]-]+$/u.test(segment)) ? segments : undefined;
  } catch {
    return undefined;
  }
}

interface Split {
  readonly owner: string;
  readonly name: string;
  readonly rest: string | undefined;
}

/** `/owner/name/tree/<ref>/<folder>` (GitHub), `/src/<ref>/` (Bitbucket), `/src/branch/<ref>/` (Gitea). */
function split([owner, name, word, ...rest]: readonly string[]): Split | undefined {
  if (!owner || !name) return undefined;
  if (word === 'src' && /^(branch|tag|commit)$/.test(rest[0] ?? '')) return { owner, name, rest: join(rest.slice(2)) };
  const isFolder = word === 'tree' || word === 'blob' || word === 'src';
  return { owner, name, rest: isFolder ? join(rest.slice(1)) : undefined };
}

/** `/group/subgroup/name/-/tree/<ref>/<folder>`. */
function splitGitLab(segments: readonly string[]): Split | undefined {
  const dash = segments.indexOf('-');
  const path = dash < 0 ? segments : segments.slice(0, dash);
  const name = path.at(-1);
  if (path.length < 2 || !name) return undefined;
  const isFolder = dash >= 0 && /^(tree|blob)$/.test(segments[dash + 1] ?? '');
  return { owner: path.slice(0, -1).join('/'), name, rest: isFolder ? join(segments.slice(dash + 3)) : undefined };
}

/** A path without its last segment where that is a file by its looks, such as a README. */
function join(path: readonly string[]): string | undefined {
  const isFile = /\.(md|json|[jt]sx?|m[jt]s|py|toml|ya?ml|txt|rst|go|rs)$/i.test(path.at(-1) ?? '');
  return (isFile ? path.slice(0, -1) : path).join('/') || undefined;
}

/**
 * A folder in one spelling; undefined for the root, for `src`, which is where a repository's one program lies, and for
 * paths that lead out of the repository.
 */
function folder(path: string | undefined): string | undefined {
  const segments = path?.split('/').filter((segment) => segment !== '' && segment !== '.') ?? [];
  if (
    segments.length === 0 ||
    (segments.length === 1 && segments[0] === 'src') ||
    segments.includes('..') ||
    /[\p{Cc}\p{Cf}#]/u.test(path!)
  )
    return undefined;
  return segments.join('/');
}
