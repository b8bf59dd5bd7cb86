import type { CatalogueServer, Statistics } from '#domain/catalogue.ts';
import type { Change } from '#domain/change.ts';
import { RISKS } from '#domain/verdict.ts';
import type { Catalogue } from '#publish/catalogue.ts';
import type { Lists } from '#publish/lists.ts';
import { literalLists, marksOf } from './lists.ts';

/** A catalogue of these servers, in memory. `aliases`: ids by the addresses that they were known under. */
export function literalCatalogue(
  all: readonly CatalogueServer[],
  statistics: Statistics,
  aliases: Readonly<Record<string, string>> = {},
): Catalogue {
  const base: Omit<Catalogue, keyof Lists> = {
    async find(key) {
      const server = all.find(({ id, slug }) => id === key || slug === key);
      if (server) return { server, canonical: true };
      const id = Object.hasOwn(aliases, key) ? aliases[key] : undefined;
      const other = all.find((one) => one.id === id);
      return other && { server: other, canonical: false };
    },
    async list({ limit, cursor, text }) {
      const slugs = all.map(({ slug }) => slug).sort();
      const after = slugs.filter((slug) => (cursor === undefined || slug > cursor) && (!text || slug.includes(text)));
      const page = after.slice(0, limit).map((slug) => {
        const server = all.find((one) => one.slug === slug)!;
        const { id, name, title, description, lastSeen, visit, tools } = server;
        const risk = RISKS.findLast((level) => tools.some(({ assessment }) => assessment?.verdict.risk === level));
        return {
          ...{ id, slug, name, lastSeen, toolCount: tools.length },
          ...(title && { title }),
          ...(description && { description }),
          ...(visit && { outcome: visit.outcome }),
          ...(risk && { risk }),
        };
      });
      return { servers: page, ...(after.length > limit && { next: page.at(-1)!.slug }) };
    },
    async entries(query) {
      const { servers, ...rest } =
        'ids' in query ? { servers: query.ids.map((id) => ({ id })) } : await base.list(query);
      const entries = servers.flatMap(({ id }) => {
        const server = all.find((one) => one.id === id);
        return server ? [{ server }] : [];
      });
      return { entries, ...rest };
    },
    async tools({ limit, cursor, text, marks = [] }) {
      const found = all.flatMap((server) =>
        server.tools
          .filter((tool) => marks.every((mark) => marksOf(tool).includes(mark)))
          .map(({ definition, assessment, fingerprint, provenance, firstSeen }) => {
            const { id, slug, name, title: called } = server;
            const { title, description } = definition;
            const verdict = assessment?.verdict;
            return {
              ...{ name: definition.name, fingerprint, provenance, firstSeen },
              ...(title !== undefined && { title }),
              ...(description !== undefined && { description }),
              server: { id, slug, name, ...(called !== undefined && { title: called }) },
              ...(verdict && {
                verdict: {
                  category: verdict.category,
                  access: verdict.access,
                  risk: verdict.risk,
                  confidence: verdict.confidence,
                },
              }),
            };
          }),
      );
      const fitting = found.filter(({ name }) => !text || name.includes(text));
      const from = Number(cursor ?? 0) || 0;
      const more = fitting.length > from + limit;
      return { tools: fitting.slice(from, from + limit), ...(more && { next: String(from + limit) }) };
    },
    async annotated({ after = 0, limit }) {
      const tools = all.flatMap((server) =>
        server.tools.flatMap(({ definition, assessment }) =>
          definition.annotations && assessment ? [{ server, definition, verdict: assessment.verdict }] : [],
        ),
      );
      return { tools: tools.slice(after, after + limit), ...(after + limit < tools.length && { next: after + limit }) };
    },
    async statistics() {
      return statistics;
    },
    async placeParts(each) {
      const tools = all.flatMap((server) => server.tools);
      return { servers: Math.ceil(all.length / each), tools: Math.ceil(tools.length / each) };
    },
    async serverPlaces(part, each) {
      return all.slice(part * each, (part + 1) * each).map(({ slug }) => slug);
    },
    async toolPlaces(part, each) {
      const tools = all.flatMap(({ slug, tools }) => tools.map(({ definition: { name } }) => ({ slug, name })));
      return tools.slice(part * each, (part + 1) * each);
    },
    hidden: [],
    async newestRevision() {
      return all.length;
    },
    async stamp() {
      return 'as it is';
    },
    async *revised({ after, until }) {
      for (const [at, server] of all.entries())
        if (at + 1 > after && at + 1 <= until) yield { revision: at + 1, server };
      if (after === 0) yield { revision: until, gone: 'srv_merged' };
    },
    async changes({ since, visits, serverId }) {
      const changes = all
        .filter(({ id }) => serverId === undefined || id === serverId)
        .map(({ id, slug, tools }, at): Change => {
          const definition = tools[0]?.definition ?? { name: 'gone' };
          const kind = tools.length > 0 ? 'appeared' : 'went';
          const text = kind === 'went' ? { before: definition } : { after: definition };
          const server = { id, slug };
          const common = { visit: at + 1, at: all[0]!.lastSeen, server, tool: definition.name, versions: {} };
          return { ...common, ...text, kind, provenance: 'listed', initial: false };
        })
        .filter(({ visit }) => visit > since);
      const page = changes.slice(0, visits);
      return { changes: page, ...(changes.length > visits && { next: page.at(-1)!.visit }) };
    },
  };
  return { ...base, ...literalLists(all, base) };
}
