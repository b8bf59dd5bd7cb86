import type { z } from '@hono/zod-openapi';
import { displayName } from '#core/display-name.ts';
import type { CatalogueServer, ServerSummary as Summary } from '#domain/catalogue.ts';
import { RISKS } from '#domain/verdict.ts';
import { combinationsOf } from '#recommend/combinations.ts';
import type { Server, ServerSummary } from '../schemas/server.ts';
import { visitView } from './visit.ts';

/** A server as the API lists it. */
export function summaryView(summary: Summary): z.input<typeof ServerSummary> {
  return {
    ...summary,
    displayName: displayName(summary),
    outcome: summary.outcome ?? 'unvisited',
    lastSeen: summary.lastSeen.toISOString(),
  };
}

/** A server with everything but its tools. */
export function serverView(server: CatalogueServer): z.input<typeof Server> {
  const { tools, visit, listedAt, firstSeen, lastSeen, packages, remotes, sources, related, standing, ...rest } =
    server;
  const highest = Math.max(-1, ...tools.map(({ assessment }) => RISKS.indexOf(assessment?.verdict.risk as never)));
  const risk = RISKS[highest];
  return {
    ...rest,
    displayName: displayName(server),
    outcome: visit?.outcome ?? 'unvisited',
    toolCount: tools.length,
    ...(risk && { risk }),
    combinations: combinationsOf(server).map(({ id, title, why, legs }) => ({
      id,
      title,
      why,
      legs: legs.map((leg) => ({ id: leg.id, title: leg.title, tools: leg.tools.map(({ name }) => name) })),
    })),
    packages: packages.map(({ purl, version }) => ({ purl, ...(version !== undefined && { version }) })),
    remotes: [...remotes],
    sources: [...sources],
    ...(related && related.length > 0 && { related: [...related] }),
    ...(standing && {
      standing: { ...standing, verified: [...standing.verified], withdrawn: [...standing.withdrawn] },
    }),
    firstSeen: firstSeen.toISOString(),
    lastSeen: lastSeen.toISOString(),
    ...(listedAt && { listedAt: listedAt.toISOString() }),
    ...(visit && { visit: visitView(visit) }),
  };
}
