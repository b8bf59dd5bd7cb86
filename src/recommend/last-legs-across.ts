import type { AcrossCombination, FarFiller } from './across.ts';

const NAMED = 3;

/**
 * The last legs that tools of one server are for combinations with tools of others, by server and name of tool: a
 * sentence each on what the tool completes, and with which others. What its server makes alone is the affair of its own
 * policy.
 */
export function lastLegsAcross(
  combinations: readonly AcrossCombination[],
): ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, Map<string, readonly string[]>>();
  for (const { title, legs } of combinations) {
    const last = legs.at(-1)!;
    const others = legs.slice(0, -1).map((leg) => `${named(leg.tools)} ${leg.title}`);
    for (const { server, tool } of last.tools) {
      if (legs.every(({ tools }) => tools.some((one) => one.server.id === server.id))) continue;
      const of = found.get(server.id) ?? new Map<string, readonly string[]>();
      const sentence = `${title}: beside this server ${others.join(', ')}, and this tool ${last.title}.`;
      found.set(server.id, of.set(tool, [...(of.get(tool) ?? []), sentence]));
    }
  }
  return found;
}

function named(tools: readonly FarFiller[]): string {
  const shown = tools.slice(0, NAMED).map(({ server, tool }) => `'${tool}' of ${server.slug}`);
  return tools.length > NAMED ? `${shown.join(', ')} (and ${tools.length - NAMED} more)` : shown.join(', ');
}
