import type { IncomingMessage } from 'node:http';
import type { Held } from './file-host.ts';

/** A repository as the forge holds it. */
export interface Repo {
  readonly id: number;
  name: string;
  readonly topics?: readonly string[];
  readonly description?: string;
  readonly created?: string;
  readonly pushed?: string;
  readonly stars?: number;
  readonly size?: number;
  archived?: boolean;
  disabled?: boolean;
  readonly parent?: string;
  readonly license?: string;
  /** Names under which it still answers. */
  readonly former?: readonly string[];
  /** Files by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Its id as REST spells it, where that is another spelling. */
  readonly restId?: string;
  /** There, and not for us. */
  readonly isHidden?: boolean;
}

export const nodeOf = (id: number): string => `R_${id}`;
const MOST = 1_000;

/** The paths of a small GitHub for `fileHost`: searches with their cap, and GraphQL where a token is shown. */
export function gitHub(repos: Repo[]): Readonly<Record<string, Held>> {
  const json = JSON.stringify;
  const isAuthorised = (request: IncomingMessage) => request.headers.authorization === 'token t0ken';
  const listed = (repo: Repo) => ({
    node_id: repo.restId ?? nodeOf(repo.id),
    id: repo.id,
    full_name: repo.name,
    private: false,
    fork: repo.parent !== undefined,
    description: repo.description ?? null,
    homepage: '',
    archived: repo.archived ?? false,
    disabled: repo.disabled ?? false,
    mirror_url: null,
    stargazers_count: repo.stars ?? 0,
    license: repo.license ? { spdx_id: repo.license } : null,
    topics: repo.topics ?? [],
    // Most of what it says nobody reads.
    owner: { login: repo.name.split('/')[0], url: 'https://api.github.com/users/owner' },
  });
  const single = (repo: Repo) => json({ ...listed(repo), ...(repo.parent && { parent: { full_name: repo.parent } }) });
  const node = (repo: Repo) => ({
    id: nodeOf(repo.id),
    databaseId: repo.id,
    nameWithOwner: repo.name,
    description: repo.description ?? null,
    homepageUrl: null,
    isArchived: repo.archived ?? false,
    isDisabled: repo.disabled ?? false,
    isFork: repo.parent !== undefined,
    mirrorUrl: null,
    stargazerCount: repo.stars ?? 0,
    parent: repo.parent ? { nameWithOwner: repo.parent } : null,
    licenseInfo: repo.license ? { spdxId: repo.license } : null,
    repositoryTopics: { nodes: (repo.topics ?? []).map((name) => ({ topic: { name } })) },
  });
  const page = (url: URL, found: readonly unknown[]) => {
    const size = Number(url.searchParams.get('per_page') ?? 30);
    const from = (Number(url.searchParams.get('page') ?? 1) - 1) * size;
    const items = found.slice(from, Math.min(from + size, MOST));
    return json({ total_count: found.length, incomplete_results: false, items });
  };
  const singles = repos.flatMap(({ id, name, former = [] }) => {
    const look = (is: (repo: Repo) => boolean) => () => {
      const found = repos.find(is);
      return found && single(found);
    };
    const paths = [name, ...former].map((path): [string, Held] => [
      `/repos/${path}`,
      () => look((repo) => repo.name === path)() ?? look((repo) => repo.former?.includes(path) ?? false)(),
    ]);
    return [[`/repositories/${id}`, look((repo) => repo.id === id)] as [string, Held], ...paths];
  });
  return {
    ...Object.fromEntries(singles),
    '/search/repositories': (url) =>
      page(url, repos.filter((repo) => matches(repo, url.searchParams.get('q')!)).map(listed)),
    '/search/code': (url, request) => {
      if (!isAuthorised(request)) return undefined;
      const [, text = '', name = ''] = /"(.+?)" filename:(\S+)/.exec(url.searchParams.get('q')!) ?? [];
      const found = repos.flatMap((repo) =>
        Object.entries(repo.files ?? {})
          .filter(([path, content]) => path.endsWith(name) && content.includes(text))
          .filter(([, content]) => within(content.length, url.searchParams.get('q')!, 'size'))
          .map(([path]) => ({ name, path, repository: { ...listed(repo), stargazers_count: undefined } })),
      );
      return page(url, found);
    },
    '/graphql': (_, request, body) => {
      if (!isAuthorised(request)) return undefined;
      const { query, variables } = JSON.parse(body) as { query: string; variables: Record<string, unknown> };
      const errors: object[] = [];
      const look = (path: readonly (string | number)[], repo: Repo | undefined) => {
        if (repo && !repo.isHidden) return node(repo);
        const type = repo ? 'FORBIDDEN' : 'NOT_FOUND';
        errors.push({ type, path, message: `Could not resolve (${type})` });
        return null;
      };
      if (Array.isArray(variables.ids)) {
        const nodes = variables.ids.map((id, i) =>
          look(
            ['nodes', i],
            repos.find((repo) => nodeOf(repo.id) === id || repo.restId === id),
          ),
        );
        return json({ data: { nodes }, ...(errors.length > 0 && { errors }) });
      }
      const aliases = [...query.matchAll(/r(\d+): repository/g)].map(([, number]) => number!);
      const data = Object.fromEntries(
        aliases.map((number) => {
          const name = `${variables[`o${number}`]}/${variables[`n${number}`]}`;
          return [
            `r${number}`,
            look(
              [`r${number}`],
              repos.find((repo) => repo.name === name || repo.former?.includes(name)),
            ),
          ];
        }),
      );
      return json({ data, ...(errors.length > 0 && { errors }) });
    },
  };
}

/** Whether a repository is found: by topic, by words in name or description, and within every range. */
function matches(repo: Repo, query: string): boolean {
  const [, topic] = /topic:(\S+)/.exec(query) ?? [];
  if (topic !== undefined && !repo.topics?.includes(topic)) return false;
  const [, words] = /"(.+?)" in:name,description/.exec(query) ?? [];
  if (words !== undefined && !`${repo.name} ${repo.description ?? ''}`.toLowerCase().includes(words)) return false;
  const [, since] = /pushed:>=(\S+)/.exec(query) ?? [];
  if (since !== undefined && (repo.pushed ?? '2025-01-01T00:00:00Z') < since) return false;
  const [, created] = /created:(\S+)/.exec(query) ?? [];
  const day = repo.created ?? '2025-01-01';
  const [first = '', last = '9'] = created?.startsWith('>=') ? [created.slice(2)] : (created?.split('..') ?? ['']);
  return (
    day >= first && day <= last && within(repo.stars ?? 0, query, 'stars') && within(repo.size ?? 0, query, 'size')
  );
}

function within(value: number, query: string, qualifier: string): boolean {
  const [, range] = new RegExp(`${qualifier}:(\\S+)`).exec(query) ?? [];
  if (range === undefined) return true;
  const [first = 0, last = Number.POSITIVE_INFINITY] = range.replace('>=', '').split('..').map(Number);
  return value >= first && value <= last;
}
