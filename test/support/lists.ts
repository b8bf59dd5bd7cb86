import type { CatalogueServer, CatalogueTool } from '#domain/catalogue.ts';
import { OUTCOMES } from '#domain/launch.ts';
import { facetMark, foldedName, type LegQuery, type ListedTool, type Mark, shelfOf } from '#domain/lists.ts';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';
import type { Catalogue } from '#publish/catalogue.ts';
import type { Lists } from '#publish/lists.ts';

/** The part of a catalogue that lists are made of, from servers in memory. */
export function literalLists(
  all: readonly CatalogueServer[],
  { list, changes }: Pick<Catalogue, 'list' | 'changes'>,
): Lists {
  const tools = all
    .flatMap((server) => server.tools.map((tool) => ({ server, tool, name: tool.definition.name })))
    .map((one, at) => ({ ...one, id: at + 1 }));
  const byName = tools.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id - b.id));
  const listed = ({ server: { id, slug, name, title }, tool }: (typeof tools)[number]): ListedTool => ({
    name: tool.definition.name,
    server: { id, slug, name, ...(title !== undefined && { title }) },
    provenance: tool.provenance,
    ...(tool.assessment && { verdict: tool.assessment.verdict }),
  });
  const alike = (folded: string) => byName.filter(({ name }) => foldedName(name) === folded);
  const serversOf = (folded: string) => new Set(alike(folded).map(({ server }) => server.id)).size;
  const folds = [...new Set(byName.map(({ name }) => foldedName(name)))].sort();
  const toName = (folded: string) => ({ folded, name: alike(folded)[0]!.name, servers: serversOf(folded) });
  async function some(
    which: (server: CatalogueServer) => boolean,
    { cursor, limit }: { cursor?: string | undefined; limit: number },
  ) {
    const { servers } = await list({ limit: 1_000_000 });
    const slugs = new Set(all.filter(which).map(({ slug }) => slug));
    const after = servers.filter(({ slug }) => slugs.has(slug) && (cursor === undefined || slug > cursor));
    return { servers: after.slice(0, limit), ...(after.length > limit && { next: after[limit - 1]!.slug }) };
  }
  return {
    async markedNames({ mark, limit }) {
      const fitting = byName.filter(({ tool }) => marksOf(tool).includes(mark));
      const names = [...Map.groupBy(fitting, ({ name }) => name)].map(([name, group]) => {
        const slugs = [...new Set(group.map(({ server }) => server.slug))];
        const verdicts = group.flatMap(({ tool }) => tool.assessment?.verdict ?? []);
        return {
          name,
          servers: slugs.length,
          ...(slugs.length === 1 && { slug: slugs[0]! }),
          categories: CATEGORIES.filter((word) => verdicts.some(({ category }) => category === word)),
          risks: RISKS.filter((word) => verdicts.some(({ risk }) => risk === word)),
        };
      });
      return { names: names.toSorted((a, b) => b.servers - a.servers).slice(0, limit), tools: fitting.length };
    },
    async alike({ folded, after, limit }) {
      const fitting = alike(folded).filter(
        ({ name, id }) => !after || name > after.name || (name === after.name && id > after.id),
      );
      const last = fitting[limit - 1];
      return {
        tools: fitting.slice(0, limit).map(listed),
        ...(fitting.length > limit && last && { next: { name: last.name, id: last.id } }),
      };
    },
    async alikeEach(names) {
      const groups = names.map((folded) => [folded, alike(folded)] as const);
      const placed = groups.map(
        ([folded, group]) =>
          [folded, group.map((one) => ({ ...listed(one), place: { name: one.name, id: one.id } }))] as const,
      );
      return new Map(placed.filter(([, group]) => group.length > 0));
    },
    async names() {
      return folds.map(toName);
    },
    async shelves() {
      const shelves = Map.groupBy(folds, shelfOf);
      return [...shelves].sort().map(([id, names]) => ({ id, names: names.length }));
    },
    async shelf({ id, cursor, limit }) {
      const fitting = folds.filter((folded) => shelfOf(folded) === id && (cursor === undefined || folded > cursor));
      return {
        names: fitting.slice(0, limit).map(toName),
        ...(fitting.length > limit && { next: fitting[limit - 1]! }),
      };
    },
    async namesTouched() {
      return folds;
    },
    filling: ({ legs, ...query }) =>
      some((server) => legs.every((leg) => server.tools.some((tool) => fills(tool, leg))), query),
    async latest({ before = Number.POSITIVE_INFINITY, visits, serverId }) {
      const every = await changes({ since: 0, visits: 1_000_000, serverId });
      const older = every.changes.filter(({ visit }) => visit < before).toSorted((a, b) => b.visit - a.visit);
      const numbers = [...new Set(older.map(({ visit }) => visit))];
      const page = older.filter(({ visit }) => numbers.indexOf(visit) < visits);
      return { changes: page, ...(numbers.length > visits && { next: numbers[visits - 1]! }) };
    },
    async history(serverId, most) {
      const every = await changes({ since: 0, visits: 1_000_000, serverId });
      return every.changes
        .filter(({ initial }) => !initial)
        .toReversed()
        .slice(0, most);
    },
    async addressed(facets) {
      return all.map(({ slug, name, title, packages, remotes, tools: own }) => ({
        slug,
        name,
        ...(title !== undefined && { title }),
        addresses: [...packages.map(({ purl }) => `purl:${purl}`), ...remotes.map(({ url }) => `remote:${url}`)],
        verdicts: own.flatMap(({ assessment }) => (assessment ? [{ ...assessment.verdict, tools: 1 }] : [])),
        facets: own.flatMap((tool) =>
          marksOf(tool)
            .filter((facet) => facets.includes(facet))
            .map((facet) => ({ facet, category: tool.assessment!.verdict.category })),
        ),
      }));
    },
    async figures() {
      const found = tools.flatMap(({ tool: { assessment } }) => assessment?.verdict ?? []);
      const marks = tools.flatMap(({ tool }) => marksOf(tool)).filter((mark) => mark.startsWith('facet:'));
      return {
        verdicts: CATEGORIES.flatMap((category) =>
          RISKS.map((risk) => ({
            category,
            risk,
            tools: found.filter((one) => one.category === category && one.risk === risk).length,
          })),
        ).filter(({ tools }) => tools > 0),
        facets: [...new Set(marks)].sort().map((mark) => ({ mark, tools: marks.filter((one) => one === mark).length })),
        outcomes: [...OUTCOMES, 'unvisited' as const].map((outcome) => ({
          outcome,
          servers: all.filter(({ visit }) => (visit?.outcome ?? 'unvisited') === outcome).length,
        })),
        growth: [
          { day: '2026-11-01', servers: 1, tools: 12 },
          { day: '2026-11-20', servers: all.length, tools: tools.length },
        ],
        annotated: 7,
        hints: [{ hint: 'readOnlyHint', yes: 5, no: 2 }],
      };
    },
    async sources() {
      const at = new Date('2026-11-20T02:00:00Z');
      return [
        { id: 'npm', lastTried: at, lastGood: at, listings: 12_345, sweptAt: at },
        { id: 'docker', lastTried: at, error: 'answered 503 <b>later</b>' },
      ];
    },
    stalled: async () => [],
    async runs(limit) {
      const startedAt = new Date('2026-11-20T02:00:00Z');
      const summary = {
        servers: { seen: 5, listed: 3, wantsCredentials: 1, failed: 1, unchanged: 0 },
        assessed: 40,
        sandbox: 'bubblewrap',
        seconds: 61.5,
        sources: [],
      };
      return [
        { job: 'nightly', startedAt },
        { job: 'nightly', startedAt, finishedAt: new Date('2026-11-20T02:01:01Z'), summary },
      ].slice(0, limit);
    },
  };
}

/** What a tool is listed under. */
export function marksOf({ assessment }: CatalogueTool): readonly Mark[] {
  if (!assessment) return [];
  const { category, risk, facets } = assessment.verdict;
  return [
    `category:${category}`,
    `risk:${risk}`,
    ...Object.entries(facets).flatMap(([name, { value }]) => facetMark(name, value) ?? []),
  ];
}

function fills(tool: CatalogueTool, { marks, categories }: LegQuery): boolean {
  const verdict = tool.assessment?.verdict;
  if (!verdict || (categories && !categories.includes(verdict.category))) return false;
  return !marks || marks.some((mark) => marksOf(tool).includes(mark));
}
