import type { CatalogueServer } from '#domain/catalogue.ts';
import { type AssessedTool, combinations } from './combinations.ts';

/** A tool that fills a leg, and the server that has it. */
export interface FarFiller {
  readonly server: { readonly id: string; readonly slug: string };
  readonly tool: string;
}

/** What the tools of several servers can do together. */
export interface AcrossCombination {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  /** It takes more than one of the servers: none makes it alone. */
  readonly across: boolean;
  readonly legs: readonly { readonly id: string; readonly title: string; readonly tools: readonly FarFiller[] }[];
}

/**
 * The toxic combinations that one agent has at hand when it has all these servers, the gravest first. Pure; a server that
 * is given twice counts once.
 */
export function combinationsAcross(
  servers: readonly Pick<CatalogueServer, 'id' | 'slug' | 'tools'>[],
): readonly AcrossCombination[] {
  const each = [...new Map(servers.map((server) => [server.id, server])).values()];
  const fillers: FarFiller[] = [];
  // Tools of several servers share names, so each is called by its number.
  const tools = each.flatMap(({ id, slug, tools: own }) =>
    own.flatMap(({ definition, assessment }): AssessedTool[] => {
      if (!assessment) return [];
      fillers.push({ server: { id, slug }, tool: definition.name });
      return [{ name: String(fillers.length - 1), verdict: assessment.verdict }];
    }),
  );
  return combinations(tools).map(({ legs, ...rest }) => {
    const filled = legs.map((leg) => ({
      id: leg.id,
      title: leg.title,
      tools: leg.tools.map(({ name }) => fillers[Number(name)]!),
    }));
    const alone = each.some(({ id }) => filled.every((leg) => leg.tools.some(({ server }) => server.id === id)));
    return { ...rest, across: !alone, legs: filled };
  });
}
