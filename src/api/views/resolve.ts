import type { z } from '@hono/zod-openapi';
import { displayName } from '#core/display-name.ts';
import type { CatalogueServer } from '#domain/catalogue.ts';
import { CATEGORIES, type Category, RISKS, type Risk } from '#domain/verdict.ts';
import { segment, slugPath } from '#publish/addresses/address.ts';
import type { ResolvedSetup } from '#publish/facts/resolve.ts';
import type { Resolution } from '../schemas/resolve.ts';

/** Tools named for one leg before the rest is counted. */
const NAMED = 12;

/** A setup as the API answers for it. */
export function resolutionView({ entries, combinations }: ResolvedSetup): z.input<typeof Resolution> {
  return {
    entries: entries.map(({ wanted, server, by }) => ({
      ...(wanted.name !== undefined && { name: wanted.name }),
      asked: [...wanted.addresses],
      ...(wanted.version !== undefined && { version: wanted.version }),
      found: server !== undefined,
      ...(by !== undefined && { by }),
      ...(server && { server: tallied(server) }),
    })),
    combinations: combinations.map(({ id, title, why, across, legs }) => ({
      id,
      title,
      why,
      across,
      legs: legs.map((leg) => ({
        id: leg.id,
        title: leg.title,
        tools: leg.tools.slice(0, NAMED).map(({ server, tool }) => ({ server: { ...server }, tool })),
        more: Math.max(0, leg.tools.length - NAMED),
      })),
    })),
  };
}

/** What is said of a server in short: counts of verdicts, and where more is. */
export function tallied(server: CatalogueServer) {
  const { id, slug, tools, visit } = server;
  const verdicts = tools.flatMap(({ assessment }) => assessment?.verdict ?? []);
  const risk = RISKS.findLast((word) => verdicts.some((one) => one.risk === word));
  return {
    id,
    slug,
    displayName: displayName(server),
    outcome: visit?.outcome ?? ('unvisited' as const),
    toolCount: tools.length,
    ...(risk && { risk }),
    byCategory: tally<Category>(CATEGORIES, (word) => verdicts.filter(({ category }) => category === word).length),
    byRisk: tally<Risk>(RISKS, (word) => verdicts.filter((one) => one.risk === word).length),
    unassessed: tools.length - verdicts.length,
    policy: `/v1/servers/${segment(id)}/policy`,
    page: `/servers/${slugPath(slug)}`,
  };
}

function tally<Word extends string>(words: readonly Word[], count: (word: Word) => number): Record<Word, number> {
  return Object.fromEntries(words.map((word) => [word, count(word)])) as Record<Word, number>;
}
