import type { CatalogueServer } from '#domain/catalogue.ts';
import type { Change } from '#domain/change.ts';
import { recommend } from '#recommend/recommend.ts';
import type { ServerFacts } from '../page.ts';

/** What the pages of one server are made of. */
export function factsOf(server: CatalogueServer, changes: readonly Change[]): ServerFacts {
  return { server, policy: recommend(server, 'recommended'), changes };
}
