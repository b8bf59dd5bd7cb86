// Publishes servers of a literal catalogue in a process of its own, to be killed: `publishing.ts FOLDER EDITION`. Prints a
// line for each server that is written.
import { fingerprint } from '#core/hash.ts';
import type { CatalogueServer, Statistics } from '#domain/catalogue.ts';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';
import { factsOf } from '#publish/facts/facts.ts';
import { publishSite, type SiteSource, serverWriter } from '#publish/site/publish.ts';
import { catalogueServer } from '../recommend/sample.ts';
import { literalCatalogue } from './catalogue.ts';

const SERVERS = 40;

/** Servers whose descriptions tell the edition, so that every page of theirs differs. */
function serversOf(edition: string): readonly CatalogueServer[] {
  return Array.from({ length: SERVERS }, (_, at) =>
    catalogueServer(
      ['get_it', `put_it_${at}`].map((name) => ({
        name,
        description: `${name} of ${edition}.`,
        category: 'Read' as const,
      })),
      { id: `s${at}`, slug: `many/s${at}`, description: `Known from ${edition}.` },
    ),
  );
}

/** A catalogue as of an edition; `written` hears of every server once its pages are there. */
export function sourceOf(edition: string, written: (id: string) => Promise<void> = async () => {}): SiteSource {
  const servers = serversOf(edition);
  const none = (words: readonly string[]) => Object.fromEntries(words.map((word) => [word, 0]));
  const statistics = {
    ...{ servers: SERVERS, tools: SERVERS * 2, byOutcome: {}, unassessed: 0, static: 0 },
    ...{ byCategory: none(CATEGORIES), byRisk: none(RISKS) },
  } as Statistics;
  const catalogue = literalCatalogue(servers, statistics);
  return {
    catalogue: { ...catalogue, namesTouched: async () => (await catalogue.names()).map(({ folded }) => folded) },
    stamps: async () => servers.map((server) => ({ id: server.id, slug: server.slug, stamp: fingerprint(server) })),
    async *write(tasks, into, options) {
      using writer = serverWriter(into, options);
      for (const task of tasks) {
        const server = servers.find(({ id }) => id === task.id)!;
        yield writer.write(task, factsOf(server, []));
        await written(server.id);
      }
    },
  };
}

if (import.meta.main) {
  const [folder, edition] = process.argv.slice(2);
  const told = (id: string) => new Promise<void>((resolve) => process.stdout.write(`${id}\n`, () => resolve()));
  await publishSite(sourceOf(edition!, told), folder!);
}
