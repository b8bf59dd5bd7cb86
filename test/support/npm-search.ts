import type { Packument } from './npm-registry.ts';

/** npm's search gives at most this many results a page and none beyond the first 10,000. */
const PAGE_MAX = 250;
const DEEPEST = 10_000;

function matches(term: string, fields: { readonly [field: string]: unknown }): boolean {
  const [, qualifier, value = ''] = /^(keywords|scope|author|maintainer):(.*)$/.exec(term) ?? [];
  const name = String(fields.name);
  if (qualifier === 'keywords') {
    const keywords = Array.isArray(fields.keywords) ? fields.keywords.map(String) : [];
    return value.split(',').some((either) => either.split('+').every((keyword) => keywords.includes(keyword)));
  }
  if (qualifier === 'scope') return name.startsWith(`@${value.replace(/^@/, '')}/`);
  if (qualifier) return false;
  return `${name} ${fields.description ?? ''}`.toLowerCase().includes(term.toLowerCase());
}

/**
 * The answer of npm's search endpoint: `text` holds words and qualifiers (`keywords:a,b` either, `a+b` both, `scope:x`),
 * all of which must match the latest version; order is that of publishing.
 */
export function search(packuments: Iterable<Packument>, query: URLSearchParams): object {
  const terms = (query.get('text') ?? '').split(/\s+/).filter(Boolean);
  const size = Math.min(Number(query.get('size') ?? 20), PAGE_MAX);
  const from = Number(query.get('from') ?? 0);
  const found = [...packuments].flatMap((packument) => {
    const version = packument['dist-tags'].latest ?? '';
    const fields = packument.versions[version];
    return fields && terms.every((term) => matches(term, fields)) ? [{ fields, date: packument.time[version] }] : [];
  });
  const objects = found.slice(from, Math.min(from + size, DEEPEST)).map(({ fields, date }) => {
    const { name, version, description, keywords, homepage, repository, maintainers } = fields;
    const links = {
      npm: `https://npm.invalid/package/${name}`,
      ...(homepage !== undefined && { homepage }),
      ...(repository !== undefined && { repository: (repository as { url?: string }).url ?? repository }),
    };
    return {
      package: { name, version, description, keywords: keywords ?? [], date, links, maintainers: maintainers ?? [] },
      score: { final: 0.5, detail: { quality: 0.5, popularity: 0.5, maintenance: 0.5 } },
      searchScore: 1,
    };
  });
  return { objects, total: found.length, time: 'Sat Nov 21 2026 00:00:00 GMT+0000 (UTC)' };
}
