import { fingerprint } from '#core/hash.ts';
import { visibleJson } from '#core/visible.ts';
import type { Profile } from '#domain/policy.ts';
import type { Revised } from '#domain/revision.ts';
import { recommend } from '#recommend/recommend.ts';
import { filesHash } from '../edition.ts';
import type { Exporter } from '../formats/exporter.ts';

/** What decides a policy beside its server: the code that makes and writes it, and its tables. */
const SOURCES = [
  'package.json',
  'data/{kinds,recommend,combinations,argument-kinds}.*',
  'src/{domain,recommend}/**/*.*',
  'src/publish/{exporters,formats,spelling}/*.*',
  'src/publish/templates/feed.*',
];
let sources: string | undefined;

/**
 * The edition of all policies: what makes them, and what is hidden. A mirror that knows another edition knows nothing
 * that it can build on.
 */
export function editionOf(hidden: readonly string[]): string {
  sources ??= filesHash(SOURCES);
  return fingerprint({ sources, hidden: hidden.toSorted() }).slice(0, 12);
}

/**
 * Policies as lines of JSON, in the order of revisions: `server` with its `policy`, or its `files` and `losses` in another
 * format; or `gone`. A server without tools has no policy and no line.
 */
export async function* feedLines(
  servers: AsyncIterable<Revised>,
  { profile, exporter }: { readonly profile: Profile; readonly exporter: Exporter },
): AsyncGenerator<string> {
  for await (const one of servers) {
    if ('gone' in one) yield line({ revision: one.revision, gone: one.gone });
    else if (one.server.tools.length > 0) {
      const { id, slug } = one.server;
      const policy = recommend(one.server, profile);
      const said = exporter.id === 'plimsoll' ? { policy } : exporter.write([policy]);
      yield line({ revision: one.revision, server: { id, slug }, profile, format: exporter.id, ...said });
    }
  }
}

function line(value: object): string {
  return `${visibleJson(value, 0)}\n`;
}
