import type { Gate, LaunchContext } from '#domain/launch.ts';
import type { ToolDefinition } from '#domain/tool.ts';

/** Tools that were listed in one context. */
export interface Listing {
  readonly tools: readonly ToolDefinition[];
  readonly context: LaunchContext;
}

export interface Union extends Listing {
  readonly gates: readonly Gate[];
}

/**
 * What a server lists with little given and with all given, together: the first listing, then what only the fuller one
 * shows, at most `most`. The context is that of both, so that a later listing with less given is seen to be another.
 */
export function unite(little: Listing, full: Listing, most: number): Union {
  const env = full.context.envNames.filter((name) => !little.context.envNames.includes(name));
  const names = (listing: Listing) => new Set(listing.tools.map(({ name }) => name));
  const [before, after] = [names(little), names(full)];
  const shown = full.tools.filter(({ name }) => !before.has(name)).slice(0, Math.max(0, most - little.tools.length));
  const hidden = little.tools.filter(({ name }) => !after.has(name));
  if (shown.length + hidden.length === 0) return { ...little, gates: [] };
  return {
    tools: [...little.tools, ...shown],
    context: { ...little.context, envNames: full.context.envNames },
    gates: [
      ...shown.map(({ name }) => ({ tool: name, env, args: [] })),
      ...hidden.map(({ name }) => ({ tool: name, env, args: [], hides: true as const })),
    ],
  };
}
