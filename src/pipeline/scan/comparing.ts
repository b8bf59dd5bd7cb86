import type { Surroundings } from '#world.ts';
import { userAgent } from '../user-agent.ts';
import { compare, publicName } from './catalogue.ts';
import type { Plan } from './plan.ts';
import type { ScannedServer } from './scanned.ts';

/**
 * The servers of a scan, each with what the catalogue says of it, where one is configured and its API answers; what keeps
 * it from that is added to `warnings`.
 */
export async function comparing(
  { settings, stop }: Surroundings,
  servers: readonly (readonly [ScannedServer, Plan])[],
  warnings: string[],
): Promise<readonly ScannedServer[]> {
  const all = servers.map(([server]) => server);
  if (settings.catalogueUrl === undefined) return all;
  const named = servers.flatMap(([server, plan]) => {
    const name = server.server.tools.length > 0 ? publicName(plan) : undefined;
    return name === undefined ? [] : [[name, server] as const];
  });
  // Two entries of one package may differ, so each is compared under its own name.
  const found = new Map<ScannedServer, NonNullable<ScannedServer['compared']>>();
  try {
    for (const some of rounds(named)) {
      const came = await compare(settings.catalogueUrl, some, { userAgent: userAgent(settings), stop });
      for (const [name, server] of some) found.set(server, came.get(name)!);
    }
  } catch (error) {
    stop.throwIfAborted();
    warnings.push(`Not compared with the catalogue: ${(error as Error).message}`);
  }
  return all.map((server) => {
    const compared = found.get(server);
    return compared ? { ...server, compared } : server;
  });
}

/** Pairs in as few maps as hold them all. */
function rounds<T>(pairs: readonly (readonly [string, T])[]): readonly ReadonlyMap<string, T>[] {
  const made: Map<string, T>[] = [];
  for (const [name, value] of pairs) {
    const free = made.find((one) => !one.has(name));
    if (free) free.set(name, value);
    else made.push(new Map([[name, value]]));
  }
  return made;
}
